/* What every map stands on: MapLibre, the region's own backdrop in both themes, and how far one may look.
   Nothing here asks another machine for anything. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  /* Sequential, one hue direction, light rising (dark theme) or falling (light theme) all the way: readable with
     any colour vision, and more is always further from the ground. */
  const PALETTE = {
    dark: {
      sea: "#0a1220", land: "#18212f", lake: "#0a1220", coast: "#2c3a50", border: "#3b4a63", label: "#aab7c9",
      halo: "#111926", ramp: ["#3f66ad", "#3b8fc4", "#36b8a8", "#a3d95b", "#ffe14a"], point: "#4cc9f0", ring: "#08111e",
      drawn: "#ffb454",
    },
    light: {
      sea: "#cfdfec", land: "#f7f6f2", lake: "#cfdfec", coast: "#a9bccb", border: "#9aa7b4", label: "#3d4b5a",
      halo: "#f7f6f2", ramp: ["#93c4e6", "#5fa3d6", "#2f7fc0", "#15579c", "#0a2f66"], point: "#0b5cad", ring: "#ffffff",
      drawn: "#a14a00",
    },
  };
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const scale = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

  /* The backdrop's layers by name, for a map to put its own between them. */
  function layers(theme) {
    const p = PALETTE[theme];
    const s = scale();
    const at = (layer) => ["==", ["get", "layer"], layer];
    return {
      sea: { id: "sea", type: "background", paint: { "background-color": p.sea } },
      land: { id: "land", type: "fill", source: "backdrop", filter: at("land"), paint: { "fill-color": p.land, "fill-outline-color": p.coast } },
      lake: { id: "lake", type: "fill", source: "backdrop", filter: at("water"), paint: { "fill-color": p.lake, "fill-outline-color": p.coast } },
      border: { id: "border", type: "line", source: "backdrop", filter: at("kommun"), paint: { "line-color": p.border, "line-width": ["interpolate", ["linear"], ["zoom"], 6, 0.4 * s, 11, 1.2 * s], "line-opacity": 0.8 } },
      labels: { id: "labels", type: "symbol", source: "backdrop", filter: at("label"), layout: { "text-field": ["get", "name"], "text-font": ["Inter"], "text-size": ["interpolate", ["linear"], ["zoom"], 7, 11 * s, 12, 15 * s], "symbol-sort-key": ["coalesce", ["get", "rank"], 9], "text-max-width": 8, "text-padding": 6 }, paint: { "text-color": p.label, "text-halo-color": p.halo, "text-halo-width": 1.6 * s } },
    };
  }

  function style(sources, drawn) {
    return {
      version: 8,
      "font-faces": { Inter: [{ url: `${location.origin}/assets/vendor/inter/inter-latin-wght-normal.woff2` }] },
      transition: { duration: 0 },
      sources: {
        backdrop: { type: "geojson", data: `${location.origin}/backdrop.geojson`, buffer: 16, tolerance: 0.3 },
        ...sources,
      },
      layers: drawn,
    };
  }

  /* The same part of the region on every screen: a wall shows it larger, a phone somewhat less of it. */
  function home(box) {
    const room = Math.max(-0.6, Math.log2(box.clientWidth / 850 || 1));
    return { center: [L.facts.map.lon, L.facts.map.lat], zoom: L.facts.map.zoom + room };
  }

  const homeControl = (map, box) => ({
    onAdd: function () {
      const frame = document.createElement("div");
      frame.className = "maplibregl-ctrl maplibregl-ctrl-group";
      const button = document.createElement("button");
      const icon = document.createElement("span");
      button.type = "button";
      button.className = "map-home";
      icon.setAttribute("aria-hidden", "true");
      icon.textContent = "⌂";
      button.append(icon);
      button.addEventListener("click", () => map.easeTo({ ...home(box), animate: !still.matches }));
      frame.append(button);
      return frame;
    },
    onRemove: function () {},
  });

  /* A map in `box`, or what says that this browser cannot draw one (then null); `draw` gives its style. */
  async function begin(box, draw, camera) {
    const lib = await import("/assets/vendor/maplibre-gl/maplibre-gl.mjs");
    const { west, south, east, north } = L.facts.map;
    try {
      const map = new lib.Map({
        container: box, style: draw(), ...home(box), ...camera,
        maxBounds: [[west - 3, south - 2], [east + 3, north + 2]], minZoom: 4, maxZoom: 17,
        attributionControl: false, dragRotate: false, pitchWithRotate: false, fadeDuration: 0, refreshExpiredTiles: false,
      });
      map.touchZoomRotate.disableRotation();
      map.keyboard.disableRotation();
      map.addControl(new lib.NavigationControl({ showCompass: false }), "top-right");
      map.addControl(homeControl(map, box), "top-right");
      map.addControl(new lib.ScaleControl({ unit: "metric" }), "bottom-right");
      return { lib, map };
    } catch {
      const said = document.createElement("p");
      said.className = "nothing";
      said.textContent = L.say("map.failed");
      box.replaceChildren(said);
      return { lib, map: null };
    }
  }

  function repaint(map, draw) {
    if (!map) return;
    if (!map.isStyleLoaded()) { // tiles are still coming
      map.once("idle", () => repaint(map, draw));
      return;
    }
    for (const { id, paint } of draw().layers)
      for (const [name, value] of Object.entries(paint)) map.setPaintProperty(id, name, value);
  }

  /* What a reader of the screen hears of the canvas and its buttons, in the language of the page. */
  function label(box, map, text) {
    const name = (selector, key) => box.querySelectorAll(selector).forEach(function (button) {
      button.title = L.say(key);
      button.setAttribute("aria-label", L.say(key));
    });
    name(".maplibregl-ctrl-zoom-in", "map.zoom_in");
    name(".maplibregl-ctrl-zoom-out", "map.zoom_out");
    name(".map-home", "map.home");
    if (map) map.getCanvas().setAttribute("aria-label", text);
  }

  L.ground = { palette: (theme) => PALETTE[theme], scale, still, layers, style, begin, repaint, label };
})(window.lagesbild);

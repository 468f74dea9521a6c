/* The map of what happened: our own tiles on the ground of every map. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  const set = (id, props) => window.dash_clientside.set_props(id, props);
  const { palette, scale, still } = L.ground;
  const LAYERS = { density: "density-cells", areas: "areas-fill", points: "points-dots" };
  const POINT_ZOOM = 11.75; // from here density turns into the incidents themselves
  let map = null;
  let asked = { query: null, layer: "density", theme: "dark" };
  let breaks = [1, 2, 5, 10, 20];
  let lib = null;
  const hidden = new Set(); // uids that have become protected while the page was open
  let popup = null;
  const unhidden = () => ["!", ["in", ["get", "uid"], ["literal", [...hidden]]]];
  const fresh = new Map(); // uid -> marker of an incident that came in while the page was open

  const tiles = (layer) =>
    `${location.origin}/api/v1/tiles/${layer}/{z}/{x}/{y}.mvt?${L.parameters(asked.query)}`;

  function stepped(property, ramp) {
    const expression = ["step", ["to-number", ["get", property]], ramp[0]];
    breaks.slice(1).forEach((value, n) => expression.push(value, ramp[n + 1]));
    return expression;
  }

  const VISIBLE = {
    "density-cells": (layer) => layer === "density",
    "areas-fill": (layer) => layer === "areas",
    "areas-line": (layer) => layer === "areas",
    "points-dots": (layer) => layer !== "areas" && L.hasPoints(),
  };
  const seen = (id) => (!VISIBLE[id] || VISIBLE[id](asked.layer) ? "visible" : "none");
  const pointZoom = () => (asked.layer === "points" ? 0 : POINT_ZOOM);

  function style() { // a layer that is not looked at fetches no tiles
    const built = rawStyle();
    for (const layer of built.layers) {
      layer.layout = { ...layer.layout, visibility: seen(layer.id) };
      if (layer.id === "points-dots") layer.minzoom = pointZoom();
      if (layer.id === "density-cells" && !L.hasPoints()) delete layer.maxzoom; // nothing else comes nearer
    }
    return built;
  }
  function rawStyle() {
    const p = palette(asked.theme);
    const s = scale();
    const dot = (size) => ["*", size * s, ["sqrt", ["min", ["to-number", ["get", "n"], 1], 12]]]; // area by number
    const vector = (layer, minzoom, maxzoom) =>
      ({ type: "vector", tiles: [tiles(layer)], minzoom, maxzoom });
    const ground = L.ground.layers(asked.theme);
    return L.ground.style(
      { density: vector("density", 0, 14), areas: vector("areas", 0, 12), points: vector("points", 0, 14) },
      [
        ground.sea, ground.land,
        { id: "areas-fill", type: "fill", source: "areas", "source-layer": "areas", paint: { "fill-color": stepped("n", p.ramp), "fill-opacity": ["case", [">", ["to-number", ["get", "n"]], 0], 0.72, 0.05] } },
        ground.lake,
        { id: "areas-line", type: "line", source: "areas", "source-layer": "areas", paint: { "line-color": p.border, "line-width": 1.2 * s } },
        { id: "density-cells", type: "fill", source: "density", "source-layer": "density", maxzoom: POINT_ZOOM, paint: { "fill-color": stepped("n", p.ramp), "fill-opacity": 0.86, "fill-outline-color": p.halo } },
        ground.border,
        { id: "points-dots", type: "circle", source: "points", "source-layer": "points", paint: { "circle-color": p.point, "circle-radius": ["interpolate", ["linear"], ["zoom"], 7, dot(2.2), 11, dot(4), 14, dot(7)], "circle-stroke-color": p.ring, "circle-stroke-width": 1 * s, "circle-opacity": 0.9 } },
        ground.labels,
      ],
    );
  }

  function show() {
    if (!map || !map.getLayer("points-dots")) return;
    for (const id of Object.keys(VISIBLE)) map.setLayoutProperty(id, "visibility", seen(id));
    map.setLayerZoomRange("points-dots", pointZoom(), 24);
    legend();
  }

  /* Class breaks from what is in view: even steps while counts are small, 1-2-5 steps when they are large. */
  function classify() {
    if (!map || L.playing || asked.layer === "points") return;
    const found = map.querySourceFeatures(asked.layer, { sourceLayer: asked.layer });
    const top = found.reduce((most, feature) => Math.max(most, Number(feature.properties.n) || 0), 1);
    const step = Math.max(1, Math.ceil(top / 5));
    let next = [0, 1, 2, 3, 4].map((n) => 1 + n * step);
    if (top > 25) {
      const steps = [];
      for (let size = 1; size <= top; size *= 10) steps.push(size, 2 * size, 5 * size);
      next = [1, ...steps.filter((value) => value <= top * 0.8).slice(-4)];
    }
    if (next.join() === breaks.join()) return;
    breaks = next;
    const { ramp } = palette(asked.theme);
    map.setPaintProperty("density-cells", "fill-color", stepped("n", ramp));
    map.setPaintProperty("areas-fill", "fill-color", stepped("n", ramp));
    legend();
  }

  function legend() {
    const box = document.getElementById("legend");
    if (!box || !map) return;
    const { ramp, point } = palette(asked.theme);
    const dots = asked.layer === "points" || (asked.layer === "density" && L.hasPoints() && map.getZoom() >= POINT_ZOOM);
    const row = function (kind, colour, text) {
      const item = document.createElement("li");
      const mark = document.createElement("span");
      mark.className = kind;
      if (colour) mark.style.background = colour;
      item.append(mark, text);
      return item;
    };
    const range = (n) =>
      n === ramp.length - 1 ? `${L.number(breaks[n])}+`
        : breaks[n + 1] - 1 === breaks[n] ? L.number(breaks[n])
          : `${L.number(breaks[n])}–${L.number(breaks[n + 1] - 1)}`;
    const list = document.createElement("ul");
    if (dots) list.append(row("dot", point, L.say("map.legend_points")));
    else list.append(...ramp.map((colour, n) => row("swatch", colour, range(n))));
    if (fresh.size) list.append(row("dot fresh", null, L.say("map.legend_fresh")));
    const title = document.createElement("h3");
    title.textContent = dots ? "" : L.say("map.legend_" + asked.layer);
    box.replaceChildren(...(dots ? [] : [title]), list);
  }

  function tip() {
    popup = new lib.Popup({ closeButton: false, closeOnClick: false, className: "tip", offset: 10 });
    const hide = function () { map.getCanvas().style.cursor = ""; popup.remove(); };
    for (const id of Object.values(LAYERS)) {
      map.on("mousemove", id, function (event) {
        const { n, name, uid, title_sv: sv, title_en: en } = event.features[0].properties;
        map.getCanvas().style.cursor = id === "points-dots" ? "pointer" : "default";
        const one = Number(n) === 1 ? "_one" : "";
        const crowd = id === "points-dots" && !uid; // so many that they share a dot
        const key = crowd ? "map.crowd" : { "density-cells": "map.cell" + one, "areas-fill": "map.area" + one }[id];
        const text = key ? L.say(key, { n: L.number(n), name }) : (L.lang === "sv" ? sv : en) || L.say("incident.title");
        popup.setLngLat(event.lngLat).setText(text).addTo(map);
      });
      map.on("mouseleave", id, hide);
    }
    const nearer = (event) => map.easeTo({ center: event.lngLat, zoom: Math.min(map.getZoom() + 2, 15), animate: !still.matches });
    map.on("click", "points-dots", function (event) {
      const { uid } = event.features[0].properties;
      if (uid) set("chosen", { data: uid });
      else nearer(event);
    });
    map.on("click", "density-cells", nearer);
  }

  function labelControls() {
    const box = document.getElementById("map");
    if (box) L.ground.label(box, map, L.say("map.label"));
  }

  function where() {
    const { lng, lat } = map.getCenter();
    return [lng.toFixed(4), lat.toFixed(4), map.getZoom().toFixed(2)].map(Number);
  }
  async function begin(camera) {
    const box = document.getElementById("map");
    if (!box) return; // a page without a map
    ({ lib, map } = await L.ground.begin(box, style, camera ? { center: [camera[0], camera[1]], zoom: camera[2] } : {}));
    if (!map) return;
    map.on("load", function () { show(); tip(); labelControls(); });
    map.on("idle", function () { classify(); L.mapIdle = performance.now(); box.dataset.state = "drawn"; });
    map.on("zoomend", legend);
    map.on("moveend", function () {
      set("camera", { data: where() });
    });
    map.on("error", function (event) { // a tile that failed is fetched again with the next news
      if (event.error && event.error.status >= 500) L.failed(event.error.status);
    });
  }

  function refetch() {
    if (!map) return;
    for (const layer of ["density", "areas", "points"]) {
      const source = map.getSource(layer);
      if (source) source.setTiles([tiles(layer)]);
    }
  }

  /* An incident that has just become known: a ring that spreads once, then a dot that stays. */
  L.pulse = function (incident) {
    if (!map || incident.lon === null || incident.lon === undefined || fresh.has(incident.uid)) return;
    const dot = document.createElement("button");
    dot.type = "button";
    dot.className = "pulse";
    dot.dataset.uid = incident.uid;
    dot.title = incident.title;
    dot.addEventListener("click", function (event) {
      event.stopPropagation();
      set("chosen", { data: incident.uid });
    });
    fresh.set(incident.uid, new lib.Marker({ element: dot }).setLngLat([incident.lon, incident.lat]).addTo(map));
    if (fresh.size > 60) L.unpulse(fresh.keys().next().value); // a burst may not fill the page with elements
    legend();
  };
  L.unpulse = function (uid) {
    if (!fresh.has(uid)) return;
    fresh.get(uid).remove();
    fresh.delete(uid);
  };
  /* These are on the map no longer, whatever the tiles say that were fetched before; the tiles follow. */
  L.hidePoints = function (uids) {
    for (const uid of uids) hidden.add(uid);
    if (popup) popup.remove();
    if (map && map.getLayer("points-dots")) map.setFilter("points-dots", unhidden());
  };
  L.clearPulses = () => [...fresh.keys()].forEach(L.unpulse);

  L.map = {
    get instance() { return map; },
    paint: function (theme) {
      asked.theme = theme;
      L.ground.repaint(map, style);
      legend();
    },
    /* Near it, and not right on it: the middle of the map is in the address, and an incident's place may not be. */
    fly: function (lon, lat) {
      const center = [Math.round(lon * 100) / 100, Math.round(lat * 100) / 100];
      const zoom = Math.min(Math.max(map ? map.getZoom() : 0, 12.5), 14.5);
      if (map) map.easeTo({ center, zoom, animate: !still.matches });
    },
    resize: () => map && map.resize(),
  };
  L.onLanguage(function () { labelControls(); legend(); });

  L.look = function (view) {
    if (view.layer !== asked.layer) {
      asked.layer = view.layer;
      show();
      classify();
    }
    if (!map || map.isMoving() || !view.camera || where().join() === view.camera.join()) return;
    map.jumpTo({ center: view.camera.slice(0, 2), zoom: view.camera[2] });
  };

  /* The counters are read before the map is: what draws it is long at work, and begins when they are there. */
  const LATEST = 1500; // ms after which it no longer waits for them
  function afterCounters(then) {
    const asked = performance.now();
    (function wait() {
      if (!L.answered && performance.now() - asked < LATEST) window.requestAnimationFrame(wait);
      else L.painted().then(then);
    })();
  }

  let began = false;
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.map = {
    draw: function (query, tick, view) {
      if (!query || !view) return;
      L.tick = tick || 0;
      const changed = JSON.stringify(query) !== JSON.stringify(asked.query);
      const known = asked.query && query.known !== asked.query.known;
      asked = { ...asked, query, theme: view.theme };
      if (!began) {
        began = true;
        asked.layer = view.layer;
        afterCounters(() => begin(view.camera));
        return;
      }
      if (changed && (known || query.known)) L.clearPulses();
      refetch();
    },
  };
})(window.lagesbild);

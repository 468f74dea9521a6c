/* The fence of an alert rule, drawn on a map. The form's fields are what counts, and whoever cannot point writes in
   them: the map shows what they say, and writes into them what is drawn. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  const set = (name, value) => window.dash_clientside.set_props("larm-f-" + name, { value });
  const NEAR = 10; // pixels from a side within which a press puts a corner into it
  const LEAST_M = 10, MOST_M = 50000, MOST_LAT = 85;
  let lib = null, map = null, box = null;
  let markers = [], looked = false, of = null;
  let fence = { shape: "circle", lon: null, lat: null, radius: null, corners: [] };
  let incidents = "report", theme = "dark";

  const rounded = (place) => [place.lng, place.lat].map((value) => Number(value.toFixed(5)));

  /* Degrees of longitude and latitude in a metre, near enough for what is drawn: the count itself is made in SWEREF 99. */
  const degrees = (lat) => [1 / (111320 * Math.cos((lat * Math.PI) / 180)), 1 / 111320];
  const whole = () => [fence.lon, fence.lat, fence.radius].every(Number.isFinite) && Math.abs(fence.lat) < MOST_LAT;
  function ring() {
    if (fence.shape === "corners") return fence.corners;
    if (!whole()) return []; // a field is being written in
    const [x, y] = degrees(fence.lat);
    return Array.from({ length: 64 }, function (_, n) {
      const turn = (n / 32) * Math.PI;
      return [fence.lon + Math.cos(turn) * fence.radius * x, fence.lat + Math.sin(turn) * fence.radius * y];
    });
  }
  function geometry() {
    const corners = ring();
    if (corners.length < 2) return { type: "FeatureCollection", features: [] };
    const closed = corners.length > 2;
    const line = closed ? [...corners, corners[0]] : corners;
    const shape = closed ? { type: "Polygon", coordinates: [line] } : { type: "LineString", coordinates: line };
    return { type: "Feature", properties: {}, geometry: shape };
  }

  function style() {
    const p = L.ground.palette(theme);
    const s = L.ground.scale();
    const ground = L.ground.layers(theme);
    const last = new Date();
    const day = (date) => date.toISOString().slice(0, 10);
    const first = new Date(last.getTime() - 365 * 86400000);
    const query = { kind: incidents, first: day(first), last: day(last), offence: [] };
    const points = `${location.origin}/api/v1/tiles/points/{z}/{x}/{y}.mvt?${L.parameters(query)}`;
    return L.ground.style(
      {
        points: { type: "vector", tiles: [points], minzoom: 0, maxzoom: 14 },
        fence: { type: "geojson", data: geometry() },
      },
      [
        ground.sea, ground.land, ground.lake, ground.border,
        { id: "year", type: "circle", source: "points", "source-layer": "points", minzoom: 9, paint: { "circle-color": p.point, "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, 1.2 * s, 14, 4 * s], "circle-opacity": 0.55 } },
        { id: "inside", type: "fill", source: "fence", paint: { "fill-color": p.drawn, "fill-opacity": 0.18 } },
        { id: "sides", type: "line", source: "fence", paint: { "line-color": p.drawn, "line-width": 2.5 * s } },
        ground.labels,
      ],
    );
  }

  /* The side that a press is on, as the number of the corner before it; -1 for none. */
  function side(at) {
    const corners = fence.corners.map((corner) => map.project(corner));
    if (corners.length < 2) return -1;
    const distance = function (a, b) {
      const length = (b.x - a.x) ** 2 + (b.y - a.y) ** 2;
      const along = length ? Math.max(0, Math.min(1, ((at.x - a.x) * (b.x - a.x) + (at.y - a.y) * (b.y - a.y)) / length)) : 0;
      return Math.hypot(at.x - a.x - along * (b.x - a.x), at.y - a.y - along * (b.y - a.y));
    };
    const sides = corners.length > 2 ? corners.length : corners.length - 1;
    const all = Array.from({ length: sides }, (_, n) => distance(corners[n], corners[(n + 1) % corners.length]));
    const least = Math.min(...all);
    return least <= NEAR ? all.indexOf(least) : -1;
  }

  function put(corners) {
    set("polygon", corners.map((corner) => corner.join(" ")).join("\n"));
  }
  const again = (event) => event.detail > 1; // the second half of a double press
  function press(event) {
    if (again(event.originalEvent)) return;
    const place = rounded(event.lngLat);
    if (fence.shape === "circle") {
      set("lon", place[0]);
      set("lat", place[1]);
      return;
    }
    const on = side(event.point);
    put(on < 0 ? [...fence.corners, place] : fence.corners.toSpliced(on + 1, 0, place));
  }

  function handle(name, place, moved, pressed) {
    const element = document.createElement("span");
    element.className = "fence-handle " + name;
    element.setAttribute("aria-hidden", "true"); // the fields say the same, and are reached by keys
    const marker = new lib.Marker({ element, draggable: true }).setLngLat(place).addTo(map);
    let dragged = false;
    marker.on("dragstart", () => { dragged = true; });
    marker.on("drag", function () { moved(rounded(marker.getLngLat())); map.getSource("fence").setData(geometry()); });
    marker.on("dragend", function () { write(); window.setTimeout(() => { dragged = false; }); });
    element.addEventListener("click", function (event) { // also after a drag
      event.stopPropagation();
      if (!dragged && pressed && !again(event)) pressed();
    });
    return marker;
  }
  function handles() {
    for (const marker of markers) marker.remove();
    markers = [];
    if (fence.shape === "circle" && !whole()) return;
    if (fence.shape === "corners") {
      markers = fence.corners.map((corner, n) => handle(
        "corner", corner,
        (place) => { fence.corners = fence.corners.with(n, place); },
        () => put(fence.corners.toSpliced(n, 1)),
      ));
      return;
    }
    const east = () => [fence.lon + fence.radius * degrees(fence.lat)[0], fence.lat];
    const rim = handle("rim", east(), function (place) {
      const [x, y] = degrees(fence.lat);
      const metres = Math.hypot((place[0] - fence.lon) / x, (place[1] - fence.lat) / y);
      fence.radius = Math.min(MOST_M, Math.max(LEAST_M, Math.round(metres / 10) * 10));
    });
    markers = [rim, handle("middle", [fence.lon, fence.lat], function ([lon, lat]) {
      Object.assign(fence, { lon, lat });
      rim.setLngLat(east());
    })];
  }
  function write() {
    const { shape, corners, lon, lat, radius } = fence; // the fields' answers change it
    if (shape === "corners") return put(corners);
    set("lon", lon);
    set("lat", lat);
    set("radius_m", radius);
  }

  function look() { // at the whole fence, unless some of it is seen
    const corners = ring();
    if (!corners.length || (looked && corners.some((corner) => map.getBounds().contains(corner)))) return;
    const bounds = corners.reduce((held, corner) => held.extend(corner), new lib.LngLatBounds(corners[0], corners[0]));
    map.fitBounds(bounds, { padding: 60, maxZoom: 15, animate: false });
    looked = true;
  }
  function show() {
    if (!map || !map.getSource("fence")) return;
    map.getSource("fence").setData(geometry());
    handles();
    look();
  }

  async function begin() {
    ({ lib, map } = await L.ground.begin(box, style, {}));
    if (!map) return;
    map.getCanvas().style.cursor = "crosshair";
    map.doubleClickZoom.disable();
    map.on("click", press);
    map.on("load", function () { show(); named(); });
    map.on("idle", function () { box.dataset.state = "drawn"; });
  }
  const named = () => box && L.ground.label(box, map, L.say("larm.fence_label"));
  L.onLanguage(named);

  const read = function (text) {
    const corners = (text || "").split("\n").map((line) => line.trim().split(/\s+/).map((part) => parseFloat(part.replace(",", "."))));
    return corners.filter((corner) => corner.length === 2 && corner.every(Number.isFinite) && Math.abs(corner[1]) < MOST_LAT);
  };

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.fence = {
    draw: function (kind, shape, lon, lat, radius, polygon, counted) {
      if (kind !== "geofence") return;
      const number = (value) => (value === null || value === "" ? NaN : Number(value)); // "59." while it is written
      const metres = Math.min(MOST_M, Math.max(LEAST_M, number(radius)));
      fence = { shape, corners: read(polygon), lon: number(lon), lat: number(lat), radius: metres };
      if (counted && counted !== incidents) {
        incidents = counted;
        if (map && map.getSource("points")) map.getSource("points").setTiles(style().sources.points.tiles);
      }
      const here = document.getElementById("larm-fence");
      if (here === box) return show();
      [box, map, markers, looked] = [here, null, [], false];
      window.requestAnimationFrame(begin); // the field is laid out by then, and the map as large as it is
    },
    another: function (told) { // the fence of another rule is elsewhere
      const rule = (told && told.rule) || null;
      if (rule === of) return;
      of = rule;
      looked = false;
      if (map && map.getSource("fence")) look();
    },
    paint: function (chosen) {
      theme = chosen || theme;
      L.ground.repaint(map, style);
    },
    undo: function (clicks) {
      if (clicks) put(fence.corners.slice(0, -1));
    },
    clear: function (clicks) {
      if (clicks) put([]);
    },
  };
})(window.lagesbild);

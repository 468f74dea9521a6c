/* The view: everything that is looked at, as one object, and its form in the address.
   The address holds the whole of it, so that a view can be shared, bookmarked, reloaded and gone back to. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  const KINDS = ["report", "call", "notice"];
  const WINDOWS = { today: 1, "2d": 2, "7d": 7, "30d": 30 };
  const LAYERS = ["density", "points", "areas"];
  /* Whose role sees figures only has no points: the page says so on the map. */
  L.hasPoints = function () {
    const box = document.getElementById("map");
    return !box || box.dataset.points !== "no";
  };
  const DAY = /^\d{4}-\d{2}-\d{2}$/;
  const MINUTE = 60000;
  const LONGEST = 300; // letters of one choice

  L.offset = 0; // the server's clock minus this machine's, in milliseconds
  L.now = () => new Date(Date.now() + L.offset);

  const oneOf = (value, allowed, otherwise) => (allowed.includes(value) ? value : otherwise);
  const kept = (name) => {
    try { return window.localStorage.getItem("lagesbild." + name); } catch { return null; }
  };
  L.keep = function (name, value) {
    try { window.localStorage.setItem("lagesbild." + name, value); } catch { /* private browsing keeps nothing */ }
  };

  /* The region's calendar day of a moment, as YYYY-MM-DD. */
  L.day = (moment) => new Intl.DateTimeFormat("sv-SE", { timeZone: L.facts.zone }).format(moment);
  L.plusDays = function (day, n) {
    const moved = new Date(day + "T12:00:00Z");
    moved.setUTCDate(moved.getUTCDate() + n);
    return moved.toISOString().slice(0, 10);
  };
  /* The moment at which the region's day begins; a day may have 23 or 25 hours. */
  L.midnight = function (day) {
    const noon = new Date(day + "T00:00:00Z");
    for (const hours of [0, 1, 2, 3, -1, -2]) {
      const moment = new Date(noon.getTime() - hours * 60 * MINUTE);
      if (L.clock(moment) === "00:00" && L.day(moment) === day) return moment;
    }
    return noon;
  };
  L.clock = (moment) =>
    new Intl.DateTimeFormat("sv-SE", { timeZone: L.facts.zone, hour: "2-digit", minute: "2-digit" }).format(moment);

  L.read = function (search) {
    const asked = new URLSearchParams(search);
    const list = (name) => (asked.get(name) || "").split(",").filter(Boolean);
    const known = asked.get("known_at") ? new Date(asked.get("known_at")) : null;
    const camera = list("map").map(Number);
    const [from, to] = [asked.get("from"), asked.get("to")];
    const custom = DAY.test(from) && DAY.test(to) && from <= to;
    return {
      kind: oneOf(asked.get("kind"), KINDS, "report"),
      area: asked.get("area") || null,
      offence: list("offence"),
      window: custom ? "custom" : oneOf(asked.get("window"), Object.keys(WINDOWS), "7d"),
      dates: custom ? [from, to] : null,
      known: known && !Number.isNaN(known.getTime()) ? known.toISOString() : null,
      layer: oneOf(asked.get("layer"), LAYERS.filter((layer) => layer !== "points" || L.hasPoints()), "density"),
      panel: oneOf(asked.get("show"), document.getElementById("table") ? ["map", "table"] : ["map"], "map"),
      incident: asked.get("incident") || null,
      pair: asked.get("pair") || null,
      log: asked.get("log") || null,
      choice: L.choices(asked),
      camera: camera.length === 3 && camera.every(Number.isFinite) ? camera : null,
      lang: oneOf(asked.get("lang") || kept("lang"), ["sv", "en"], "sv"),
      theme: oneOf(asked.get("theme") || kept("theme"), ["dark", "light"], "dark"),
    };
  };

  /* What only this page lets choose: its names stand on its element, and no value is longer than a choice is. */
  L.choices = function (asked) {
    const content = document.getElementById("content");
    const names = ((content && content.dataset.choices) || "").split(" ").filter(Boolean);
    const given = names.map((name) => [name, asked.get(name)]).filter(([, value]) => value && value.length <= LONGEST);
    return Object.fromEntries(given);
  };

  L.write = function (view) {
    const asked = new URLSearchParams();
    const put = (name, value) => value && asked.set(name, value);
    put("kind", view.kind !== "report" && view.kind);
    put("area", view.area);
    put("offence", view.offence.join(","));
    if (view.window === "custom") {
      put("from", view.dates[0]);
      put("to", view.dates[1]);
    } else put("window", view.window);
    put("known_at", view.known);
    put("layer", view.layer !== "density" && view.layer);
    put("show", view.panel !== "map" && view.panel);
    put("incident", view.incident);
    put("pair", view.pair);
    put("log", view.log);
    for (const [name, value] of Object.entries(view.choice)) put(name, value);
    put("map", view.camera && view.camera.join(","));
    put("wall", new URLSearchParams(window.location.search).get("wall")); // seconds for each page: assets/28_wall.js
    put("lang", view.lang);
    put("theme", view.theme);
    return "?" + asked.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  };

  /* What the server is asked: the part of the view that changes figures. Days are the region's, inclusive;
     a window such as "7 days" ends on the day of known-at, so that the past is seen as it looked then. */
  L.query = function (view) {
    const today = L.day(view.known ? new Date(view.known) : L.now());
    const [first, last] =
      view.window === "custom" ? view.dates : [L.plusDays(today, 1 - WINDOWS[view.window]), today];
    return { kind: view.kind, area: view.area, offence: view.offence, first, last, known: view.known };
  };
  L.parameters = function (query) {
    const asked = new URLSearchParams({ kind: query.kind, from: query.first, to: query.last });
    if (query.area) asked.append("area", query.area);
    for (const offence of query.offence) asked.append("offence", offence);
    if (query.known) asked.set("known_at", query.known);
    return asked.toString();
  };

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  let lastPush = 0;
  function remember(view, before) {
    const url = L.write(view);
    if (url === window.location.search) return;
    const quiet = !before || same({ ...view, camera: 0, known: 0 }, { ...before, camera: 0, known: 0 });
    const soon = Date.now() - lastPush < 1500; // a drag along the time bar is one step back, not a hundred
    const known = before && view.known !== before.known && !L.playing && !soon;
    if (quiet && !known) window.history.replaceState(null, "", url);
    else window.history.pushState(null, "", url);
    lastPush = Date.now();
  }

  window.addEventListener("popstate", function () {
    window.dash_clientside.set_props("address", { data: { search: window.location.search, at: Date.now() } });
  });

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.view = {
    /* Controls to view, and address to controls. One callback, so that neither sets the other off again. */
    sync: function (address, kind, area, offence, span, dates, layer, panel, lang, themed, known, incident, camera,
      choice, minute, reset, before) {
      const keep = window.dash_clientside.no_update;
      const by = window.dash_clientside.callback_context.triggered.map((one) => one.prop_id.split(".")[0]);
      let view;
      let controls = null;
      if (!before || by.includes("address")) {
        view = L.read(window.location.search);
        controls = view;
      } else if (by.includes("reset")) {
        view = { ...before, area: null, offence: [], window: "7d", dates: null };
        controls = view;
      } else {
        view = { ...before, kind, area: area || null, offence: offence || [], layer, panel, lang, known, incident, camera, choice: choice || {} };
        if (by.includes("theme")) view.theme = before.theme === "dark" ? "light" : "dark";
        if (by.includes("kind") && kind !== before.kind && view.offence.length) { // groups belong to a kind
          view.offence = [];
          controls = view;
        }
        const chosen = Array.isArray(dates) && dates[0] && dates[1];
        if (by.includes("dates") && chosen) Object.assign(view, { window: "custom", dates });
        else if (span !== "custom") Object.assign(view, { window: span, dates: null });
        else if (chosen) Object.assign(view, { window: "custom", dates });
        else { // "custom" begins as the window that was shown
          const shown = L.query(before);
          Object.assign(view, { window: "custom", dates: [shown.first, shown.last] });
          controls = view;
        }
      }
      L.keep("lang", view.lang);
      L.keep("theme", view.theme);
      remember(view, before);
      const query = L.query(view);
      const c = (name) => (controls ? controls[name] : keep);
      return [
        same(view, before) ? keep : view,
        same(query, L.asked) ? keep : (L.asked = query),
        c("kind"), c("area"), c("offence"), view.window === span ? keep : view.window,
        controls || !same(view.dates, dates) ? view.dates || [null, null] : keep,
        c("layer"), c("panel"), c("lang"), c("known"), c("incident"), c("camera"), c("choice"),
        before && before.theme === view.theme ? keep : view.theme,
        before && before.lang === view.lang ? keep : view.lang,
      ];
    },
  };
})(window.lagesbild);

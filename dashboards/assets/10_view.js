/* The view: everything that is looked at, as one object, and its form in the address.
   The address holds the whole of it, so that a view can be shared, bookmarked, reloaded and gone back to. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  const KINDS = ["report", "call", "notice"];
  const WINDOWS = { today: 1, "2d": 2, "7d": 7, "30d": 30 }; // so many whole days, the last of them today
  const SPANS = [...Object.keys(WINDOWS), "night", "24h", "shift"];
  const [DUSK, DAWN] = [18, 5]; // the night: from 18:00 to 06:00
  const LAYERS = ["density", "points", "areas"];
  /* Whose role sees figures only has no points: the page says so on the map. */
  L.hasPoints = function () {
    const box = document.getElementById("map");
    return !box || box.dataset.points !== "no";
  };
  const DAY = /^\d{4}-\d{2}-\d{2}$/;
  const MINUTE = 60000;
  const HOUR = 60 * MINUTE;
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

  /* A moment as the region's clock tells it. To make a formatter takes a hundred times as long as to use it. */
  const formatters = new Map();
  L.formatted = function (moment, options, locale) {
    const key = locale + JSON.stringify(options);
    if (!formatters.has(key)) formatters.set(key, new Intl.DateTimeFormat(locale, { timeZone: L.facts.zone, ...options }));
    return formatters.get(key).format(moment);
  };
  /* The region's calendar day of a moment, as YYYY-MM-DD. */
  L.day = (moment) => L.formatted(moment, {}, "sv-SE");
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
  L.clock = (moment) => L.formatted(moment, { hour: "2-digit", minute: "2-digit" }, "sv-SE");

  /* When what was changed last is painted: what is heavier and less asked for comes after it. In a tab that nobody
     looks at nothing is painted, and it is not waited for. */
  L.painted = () => new Promise(function (done) {
    window.requestAnimationFrame(() => window.setTimeout(done));
    window.setTimeout(done, 500);
  });

  /* The hour, 0 to 23, that the region's clock tells. */
  L.hour = (moment) => Number(L.clock(moment).slice(0, 2));
  const told = (text) => { const read = text ? new Date(text) : null; return read && !Number.isNaN(read.getTime()) ? read.toISOString() : null; };
  const hourOf = (text, otherwise) => (/^(1?\d|2[0-3])$/.test(text || "") ? Number(text) : otherwise);

  L.read = function (search) {
    const asked = new URLSearchParams(search);
    const list = (name) => (asked.get(name) || "").split(",").filter(Boolean);
    const camera = list("map").map(Number);
    const [from, to] = [asked.get("from"), asked.get("to")];
    const hours = [hourOf(asked.get("from_hour"), 0), hourOf(asked.get("to_hour"), 23)];
    const custom = DAY.test(from) && DAY.test(to) && (from < to || (from === to && hours[0] <= hours[1]));
    const since = told(asked.get("since"));
    const shift = told(asked.get("shift"));
    const span = oneOf(asked.get("window"), SPANS, "7d");
    return {
      kind: oneOf(asked.get("kind"), KINDS, "report"),
      area: asked.get("area") || null,
      offence: list("offence"),
      window: custom ? "custom" : span === "shift" && !shift ? "7d" : span,
      dates: custom ? [from, to] : null,
      hours: custom ? hours : [0, 23],
      shift,
      known: told(asked.get("known_at")),
      changed: since ? { since, all: asked.get("changed") === "all" } : null,
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
      put("from_hour", view.hours[0] > 0 && view.hours[0]);
      put("to_hour", view.hours[1] < 23 && String(view.hours[1]));
    } else put("window", view.window);
    put("shift", view.window === "shift" && view.shift); // a moment, so that who gets the link sees the same
    put("known_at", view.known);
    put("since", view.changed && view.changed.since);
    put("changed", view.changed && view.changed.all && "all");
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
     a window such as "7 days" ends on the day of known-at, so that the past is seen as it looked then. Hours are told
     where it does not begin or end with a day: inclusive, by the region's clock. */
  L.query = function (view) {
    const [first, first_hour, last, last_hour] = span(view, view.known ? new Date(view.known) : L.now());
    const query = { kind: view.kind, area: view.area, offence: view.offence, first, last, known: view.known };
    return first_hour > 0 || last_hour < 23 ? { ...query, first_hour, last_hour } : query;
  };
  function span(view, now) {
    const today = L.day(now);
    if (view.window === "custom") return [view.dates[0], view.hours[0], view.dates[1], view.hours[1]];
    if (view.window === "night") { // the one that has begun, or the last one
      const ends = L.hour(now) >= DUSK ? L.plusDays(today, 1) : today;
      return [L.plusDays(ends, -1), DUSK, ends, DAWN];
    }
    if (view.window === "24h") { // the hour that has begun and the 23 before it
      const begins = new Date(now.getTime() - 23 * HOUR);
      return [L.day(begins), L.hour(begins), today, L.hour(now)];
    }
    if (view.window === "shift") {
      const begins = new Date(Math.min(new Date(view.shift), now));
      return [L.day(begins), L.hour(begins), today, 23];
    }
    return [L.plusDays(today, 1 - WINDOWS[view.window]), 0, today, 23];
  }
  /* Whether what began in this hour of this day lies in the window of a query. */
  L.within = function (query, day, hour) {
    const [from, to] = [query.first_hour ?? 0, query.last_hour ?? 23];
    return day >= query.first && day <= query.last && (day > query.first || hour >= from) && (day < query.last || hour <= to);
  };
  L.parameters = function (query) {
    const asked = new URLSearchParams({ kind: query.kind, from: query.first, to: query.last });
    if (query.first_hour) asked.set("from_hour", query.first_hour);
    if (query.last_hour !== undefined && query.last_hour < 23) asked.set("to_hour", query.last_hour);
    if (query.area) asked.append("area", query.area);
    for (const offence of query.offence) asked.append("offence", offence);
    if (query.known) asked.set("known_at", query.known);
    return asked.toString();
  };

  const FILTERS = ["kind", "area", "offence"];
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
    sync: function (address, kind, area, offence, span, dates, firstHour, lastHour, layer, panel, lang, themed, known,
      incident, camera, choice, changed, shift, minute, reset, before) {
      const keep = window.dash_clientside.no_update;
      const by = window.dash_clientside.callback_context.triggered.map((one) => one.prop_id.split(".")[0]);
      let view;
      let controls = null;
      if (!before || by.includes("address")) {
        view = L.read(window.location.search);
        controls = view;
      } else if (by.includes("reset")) {
        view = { ...before, area: null, offence: [], window: "7d", dates: null, hours: [0, 23] };
        controls = view;
      } else {
        view = { ...before, kind, area: area || null, offence: offence || [], layer, panel, lang, known, incident, camera, choice: choice || {},
          changed: changed || null };
        if (by.includes("theme")) view.theme = before.theme === "dark" ? "light" : "dark";
        if (by.includes("kind") && kind !== before.kind && view.offence.length) { // groups belong to a kind
          view.offence = [];
          controls = view;
        }
        const chosen = Array.isArray(dates) && dates[0] && dates[1];
        const hours = [Number(firstHour ?? 0), Number(lastHour ?? 23)];
        if (by.includes("dates") && chosen) Object.assign(view, { window: "custom", dates, hours });
        else if (span === "shift" && !(shift || before.shift)) { // none is known: nothing changes
          controls = view;
          window.setTimeout(L.noShift, 50);
        }
        else if (span !== "custom") Object.assign(view, { window: span, dates: null, hours: [0, 23] });
        else if (chosen && before.window === "custom") Object.assign(view, { dates, hours });
        else { // "custom" begins as the window that was shown
          const shown = L.query(before);
          Object.assign(view, { window: "custom", dates: [shown.first, shown.last], hours: [shown.first_hour ?? 0, shown.last_hour ?? 23] });
          controls = view;
        }
        if (view.window === "shift") view.shift = (by.includes("shift") && shift) || before.shift || shift;
        if (view.window === "custom" && view.dates[0] === view.dates[1] && view.hours[1] < view.hours[0]) {
          view.hours = [0, 23]; // on one day that would end before it begins
          controls = view;
        }
      }
      L.keep("lang", view.lang);
      L.keep("theme", view.theme);
      remember(view, before);
      const query = L.query(view);
      const asksElse = !same(query, L.asked);
      const counted = asksElse ? L.count((L.asked = query)) : null;
      const c = (name) => (controls ? controls[name] : keep);
      const told = [
        same(view, before) ? keep : view,
        asksElse ? query : keep,
        c("kind"), c("area"), c("offence"), view.window === span ? keep : view.window,
        controls || !same(view.dates, dates) ? view.dates || [null, null] : keep,
        ...[firstHour, lastHour].map((held, n) => (held === String(view.hours[n]) ? keep : String(view.hours[n]))),
        c("layer"), c("panel"), c("lang"), c("known"), c("incident"), c("camera"), c("choice"), c("changed"),
        before && before.theme === view.theme ? keep : view.theme,
        before && before.lang === view.lang ? keep : view.lang,
      ];
      // What is heavier comes after the counters where a filter was chosen; what steps on from the view may not wait.
      return before && counted && by.every((name) => FILTERS.includes(name)) ? counted.then(() => told) : told;
    },
  };
})(window.lagesbild);

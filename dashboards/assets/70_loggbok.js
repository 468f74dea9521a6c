/* The log book: what is open on the page stands in the address; an entry is pinned to the page that was looked at last. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  const set = (id, props) => window.dash_clientside.set_props(id, props);
  const at = (id) => document.getElementById(id);
  const PIN = "lagesbild.pin";
  const here = () => window.location.pathname === "/loggbok";

  /* What was looked at before the log book was opened: for as long as the tab is open, and never a pair. */
  window.addEventListener("pagehide", function () {
    if (here()) return;
    const view = { ...L.read(window.location.search), pair: null, log: null };
    const asked = new URLSearchParams(L.write(view));
    for (const name of ["lang", "theme"]) asked.delete(name);
    const link = document.querySelector("#menu a[aria-current]");
    const pin = { view: window.location.pathname + "?" + asked.toString(), page: link ? link.textContent.trim() : "" };
    try { window.sessionStorage.setItem(PIN, JSON.stringify(pin)); } catch { /* private browsing keeps nothing */ }
  });
  function pin() {
    let kept = null;
    try { kept = JSON.parse(window.sessionStorage.getItem(PIN)); } catch { /* as above */ }
    if (!kept || typeof kept.view !== "string") return { view: "", page: "", centre: null, incident: null };
    const asked = new URLSearchParams(kept.view.split("?")[1] || "");
    const camera = (asked.get("map") || "").split(",").map(Number);
    const link = document.querySelector(`#menu a[href^="${kept.view.split("?")[0]}?"], #menu a[href="${kept.view.split("?")[0]}"]`);
    return {
      view: kept.view,
      page: link ? link.textContent.trim() : kept.page,
      centre: camera.length === 3 && camera.every(Number.isFinite) ? camera.slice(0, 2) : null,
      incident: asked.get("incident"),
    };
  }

  let choice = {};
  function choose(changes) {
    const next = Object.fromEntries(Object.entries({ ...choice, ...changes }).filter(([, value]) => value));
    if (JSON.stringify(next) !== JSON.stringify(choice)) set("choice", { data: next });
  }
  /* To the log book's form, from anywhere. */
  L.note = function () {
    if (here()) { choose({ write: "1", shift: null }); return; }
    const search = L.write({ ...L.read(window.location.search), incident: null, pair: null, log: null, choice: { write: "1" } });
    window.location.assign("/loggbok" + search);
  };
  const focus = (id) => window.setTimeout(function () { const it = at(id); if (it) it.focus(); }, 60);
  const clear = function () {
    for (const name of ["text", "owner", "incident"]) set("log-" + name, { value: "" });
    for (const name of ["due", "begins", "ends"]) set("log-" + name, { value: null });
    for (const name of ["to_all", "at_centre"]) set("log-" + name, { checked: false });
    set("log-target", { data: null });
    set("log-form-said", { children: "" });
  };

  /* One case, scrubbed: nothing is read, only what the page holds is shown and dimmed. */
  const PACE = 1400; // milliseconds a step
  let playing = null;
  function played() {
    const button = at("case-play");
    if (!button) return;
    button.setAttribute("aria-label", L.say(playing ? "case.pause" : "case.play"));
    button.firstElementChild.className = playing ? "icon-pause" : "icon-play";
  }
  function stop() {
    window.clearInterval(playing);
    playing = null;
    played();
  }
  function state(held, now) {
    const { make } = L;
    const moment = new Date(now);
    const when = `${L.dayText(moment)} ${L.when(moment, { year: "numeric" })} ${L.clock(moment)}`;
    const figures = [[held.reports, "case.reports"], [held.follow_ups, "case.follow_ups"]];
    const flags = held[L.lang].map((text) => make("li", text, { class: "flag" }));
    at("case-state").replaceChildren(
      make("strong", L.say("case.known", { when })),
      ...figures.map(([n, text]) => make("span", "", { class: "figure" }, make("b", String(n)), " " + L.say(text))),
      make("div", "", { class: "held" }, make("span", L.say(flags.length ? "case.flags" : "case.no_flags")), make("ul", "", { class: "flags" }, ...flags)),
    );
  }
  /* The line at the moment, and a veil over what comes after it. */
  function mark(now) {
    const graph = document.querySelector("#case-figure .js-plotly-plot");
    if (!graph || !graph.layout || !graph.layout.xaxis || !window.Plotly) return;
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const whole = { xref: "x", yref: "paper", y0: 0, y1: 1 };
    window.Plotly.relayout(graph, { shapes: [
      { ...whole, type: "rect", x0: now, x1: graph.layout.xaxis.range[1], fillcolor: colour("--card"), opacity: 0.72, line: { width: 0 } },
      { ...whole, type: "line", x0: now, x1: now, line: { color: colour("--past"), width: 2 } },
    ] });
  }
  L.onLanguage(function () { if (at("case-play")) played(); });

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.log = {
    follow: function (data) {
      const keep = window.dash_clientside.no_update;
      const before = choice;
      choice = data || {};
      if (choice.write && !before.write) {
        const known = pin();
        if (known.incident) set("log-incident", { value: known.incident });
        focus("log-text");
      }
      const of = at("log-of") ? choice.of || null : keep;
      return [!choice.write, !choice.shift, !choice.case, of, Boolean(choice.open)];
    },
    filter: (of, open) => choose({ of: of || null, open: open ? "1" : null }),
    press: function () {
      const by = window.dash_clientside.callback_context.triggered_id;
      if (by === "log-write") { clear(); choose({ write: choice.write ? null : "1", shift: null }); }
      else if (by === "log-shift") { set("log-said", { children: "" }); choose({ shift: choice.shift ? null : "1", write: null }); }
      else if (by === "log-cancel") { clear(); choose({ write: null }); focus("log-write"); }
      else { choose({ shift: null }); focus("log-shift"); }
    },
    pinned: (view) => (view ? pin() : window.dash_clientside.no_update),
    /* The form shows what the kind has; a correction keeps kind and place, and what closes another has neither. */
    shape: function (kind, target, query) {
      if (!at("log-form")) return;
      const act = target && target.act;
      const shown = act === "correct" ? target.kind : act ? "done" : kind;
      at("log-of-new").hidden = Boolean(act);
      at("log-of-incident").hidden = Boolean(act);
      at("log-of-pins").hidden = Boolean(act);
      at("log-of-follow-up").hidden = shown !== "follow_up";
      at("log-of-intervention").hidden = shown !== "intervention";
      at("log-to_all").closest(".mantine-Checkbox-root").hidden = Boolean(query && query.area);
      at("log-at_centre").closest(".mantine-Checkbox-root").hidden = !pin().centre;
      const about = at("log-target-said");
      about.hidden = !act;
      about.textContent = act ? L.say({ correct: "logg.to_correct", done: "logg.to_close", accept: "logg.to_accept" }[act], target) : "";
    },
    act: function (clicks, told) {
      const by = window.dash_clientside.callback_context.triggered_id;
      if (!by || !clicks.some(Boolean) || !told || !told[by.entry]) return;
      const entry = told[by.entry];
      clear();
      set("log-target", { data: { act: by.act, entry: by.entry, kind: entry.kind, text: entry.text.slice(0, 200) } });
      if (by.act === "correct") {
        set("log-text", { value: entry.text });
        set("log-owner", { value: entry.owner });
        for (const name of ["due", "begins", "ends"]) set("log-" + name, { value: entry[name] });
      }
      choose({ write: "1", shift: null });
      focus("log-text");
      const box = at("log-form");
      window.setTimeout(() => box && box.scrollIntoView({ block: "nearest", behavior: "smooth" }), 80);
    },
    entered: function (added) {
      if (!added) return;
      clear();
      choose({ write: null, shift: null });
      focus(added.shift ? "log-shift" : "log-write");
      window.setTimeout(() => set("log-said", { children: "" }), 12000);
    },
    close_case: (clicks) => { if (clicks) { stop(); choose({ case: null }); } },
    /* A case begins at what was known at the frame's moment, and else at its end. */
    begin_at: function (told, known) {
      const keep = window.dash_clientside.no_update;
      if (!told) { stop(); return [keep, keep]; }
      const last = told.moments.length - 1;
      const then = known ? told.moments.filter((moment) => moment <= known).length - 1 : last;
      return [Math.max(last, 1), Math.max(then, 0)];
    },
    step: function (back, play, forward, value, told) {
      if (!told) return;
      const by = window.dash_clientside.callback_context.triggered_id;
      const last = told.moments.length - 1;
      if (by === "case-play") {
        if (playing) { stop(); return; }
        let n = value >= last ? 0 : value;
        set("case-at", { value: n });
        playing = window.setInterval(function () {
          n += 1;
          if (n > last || !at("case-at")) { stop(); return; }
          set("case-at", { value: n });
        }, PACE);
        played();
        return;
      }
      stop();
      set("case-at", { value: Math.min(last, Math.max(0, value + (by === "case-back" ? -1 : 1))) });
    },
    scrub: function (value, children, told) {
      if (!told || !at("case-line")) return;
      const n = Math.min(value, told.moments.length - 1);
      const now = told.moments[n];
      for (const it of document.querySelectorAll("#case-line > li, #case-table tr[data-at]"))
        it.classList.toggle("later", new Date(it.dataset.at) > new Date(now));
      const line = [...document.querySelectorAll("#case-line > li:not(.later)")].pop();
      for (const it of document.querySelectorAll("#case-line > li")) it.classList.toggle("last", it === line);
      at("case-step").textContent = L.say("case.step", { n: n + 1, of: told.moments.length });
      state(told.states[n], now);
      window.setTimeout(() => mark(now), 60);
    },
    print: (clicks) => { if (clicks) window.print(); },
  };
})(window.lagesbild);

/* The page Larm: which alert and which rule is open stands in the address; the alert is taken care of by single keys. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  const set = (id, props) => window.dash_clientside.set_props(id, props);
  const at = (id) => document.getElementById(id);
  const KEYS = { q: "acknowledge", s: "snooze", h: "hand_over", c: "close" };
  const off = () => { try { return window.localStorage.getItem("lagesbild.keys") === "off"; } catch { return false; } };
  let choice = {};
  let moved = false;

  function choose(changes) {
    const next = Object.fromEntries(Object.entries({ ...choice, ...changes }).filter(([, value]) => value));
    if (JSON.stringify(next) !== JSON.stringify(choice)) set("choice", { data: next });
  }
  const wide = () => window.innerWidth > 1000;

  document.addEventListener("keydown", function (event) {
    if (!at("larm-alerts")) return;
    /* Arrow keys go from one row to the next, as in any list. */
    const row = event.target.closest && event.target.closest(".larm-row");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (row && step) {
      const rows = [...row.closest(".larm-rows").querySelectorAll(".larm-row")];
      const next = rows[rows.indexOf(row) + step];
      if (next) next.focus();
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || off()) return;
    if (event.target.closest("input, textarea, select, dialog, [role=combobox]")) return;
    const name = KEYS[event.key];
    const duty = at("larm-duty");
    if (!name || !duty || duty.hidden || at("larm-alerts").hidden) return;
    event.preventDefault();
    at("larm-" + name).click();
  });

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.alarm = {
    follow: function (data) {
      choice = data || {};
      const rules = choice.tab === "rules";
      return [rules ? "rules" : "alerts", Boolean(choice.closed), rules, !rules];
    },
    pick: (tab, closed) => choose({ tab: tab === "rules" ? "rules" : null, closed: closed ? "1" : null }),
    choose: function (clicks) {
      const by = window.dash_clientside.callback_context.triggered_id;
      if (!by || !clicks.some(Boolean)) return;
      moved = true;
      set("larm-said", { children: "" });
      set("larm-note", { value: "" }); // a note is of one alert
      choose({ alert: by.alert });
    },
    drawn: function () {
      if (!moved) return;
      window.requestAnimationFrame(function () {
        const title = at("larm-title");
        if (!title) return;
        moved = false;
        at("larm-body").scrollTop = 0;
        if (wide()) return;
        title.focus({ preventScroll: true });
        at("larm-detail").scrollIntoView({ behavior: "smooth" });
      });
    },
    rule: function (clicks) {
      const by = window.dash_clientside.callback_context.triggered_id;
      if (!by || !clicks.some(Boolean)) return;
      set("larm-rule-said", { children: "" });
      choose({ rule: by.rule });
    },
    fresh: function (clicks) {
      if (!clicks) return;
      set("larm-rule-said", { children: "" });
      choose({ rule: "new" });
      window.setTimeout(() => { const it = at("larm-f-title"); if (it) it.focus(); }, 200);
    },
    saved: function (saved) {
      if (!saved) return;
      set("larm-acted", { data: Date.now() });
      choose({ rule: saved.rule });
    },
    /* The form has the fields of the chosen kind, and of the chosen shape of fence. */
    shape: function (kind, shape) {
      for (const field of document.querySelectorAll("#larm-fields [data-kinds], #larm-fields [data-shape]")) {
        const { kinds = kind, shape: own = shape } = field.dataset;
        field.hidden = !kinds.split(" ").includes(kind) || own !== shape;
      }
    },
  };
})(window.lagesbild);

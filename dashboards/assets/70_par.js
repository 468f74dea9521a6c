/* The page Par: which pair is open stands in the address by its opaque id, like everything that is looked at. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  const set = (id, props) => window.dash_clientside.set_props(id, props);
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.pairs = {
    choose: function (clicks) {
      const by = window.dash_clientside.callback_context.triggered_id;
      if (!by || !clicks.some(Boolean)) return;
      const url = L.write({ ...L.read(window.location.search), pair: by.pair });
      if (url !== window.location.search) window.history.pushState(null, "", url);
      set("address", { data: { search: url, at: Date.now() } });
      const told = document.getElementById("par-pair");
      if (told && window.innerWidth <= 1000) told.scrollIntoView({ behavior: "smooth" });
    },
    /* What was typed is gone from the field as it is sent. The field keeps letters of its own beside the value that Dash
       knows, so they are taken out as a hand would. */
    sent: function () {
      const field = document.getElementById("par-number");
      if (!field || !field.value) return;
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, "");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    },
    /* A reason of the list, by one press: as if it had been chosen and begun with. */
    quick: function (clicks, begun) {
      const by = window.dash_clientside.callback_context.triggered_id;
      if (!by || !clicks.some(Boolean)) return;
      set("par-reason", { value: by.reason });
      set("par-begin", { n_clicks: (begun || 0) + 1 });
    },
    /* The address says what is chosen, and the controls follow; and the other way round. */
    chosen: function (choice, least, flag) {
      const keep = window.dash_clientside.no_update;
      const asked = { least: (choice && choice.least) || "2", flag: (choice && choice.flag) || null };
      return [asked.least === least ? keep : asked.least, asked.flag === (flag || null) ? keep : asked.flag];
    },
    pick: function (least, flag, choice) {
      const held = choice || {};
      if (least === (held.least || "2") && (flag || null) === (held.flag || null)) return;
      const next = { ...held, least, flag };
      if (least === "2") delete next.least;
      if (!flag) delete next.flag;
      set("choice", { data: next });
    },
    all: function (clicks, choice) {
      if (!clicks) return;
      const { several, ...rest } = choice || {};
      set("choice", { data: rest });
      set("area", { value: null });
    },
    follow: function (view, open) {
      const pair = (view && view.pair) || null;
      return pair === (open || null) ? window.dash_clientside.no_update : pair;
    },
  };
})(window.lagesbild);

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
    follow: function (view, open) {
      const pair = (view && view.pair) || null;
      return pair === (open || null) ? window.dash_clientside.no_update : pair;
    },
    why: function (clicks) {
      if (clicks && !document.getElementById("why").open) document.getElementById("why-open").click();
    },
  };
})(window.lagesbild);

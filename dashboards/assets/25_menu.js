/* The menu's links carry the view to the next page: area, offences, window, known-at, language and theme. What is open
   or chosen on one page only stays with it. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.menu = {
    follow: function (view) {
      if (!view) return;
      const search = L.write({ ...view, incident: null, pair: null, log: null, choice: {} });
      for (const link of document.querySelectorAll("#menu a")) link.search = search;
    },
  };
})(window.lagesbild);

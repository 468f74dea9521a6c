/* The menu's links carry the view to the next page: area, offences, window, known-at, language and theme. What is open
   or chosen on one page only stays with it. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  let revealed = false;
  /* On a narrow screen the menu is a line that scrolls: the page that is open begins in sight. */
  function reveal() {
    const rail = document.getElementById("menu");
    const here = rail && rail.querySelector("[aria-current]");
    if (revealed || !here) return;
    revealed = true;
    rail.scrollLeft = here.offsetLeft - (rail.clientWidth - here.offsetWidth) / 2;
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.menu = {
    follow: function (view) {
      if (!view) return;
      const search = L.write({ ...view, incident: null, pair: null, log: null, choice: {} });
      for (const link of document.querySelectorAll("#menu a")) link.search = search;
      reveal();
    },
  };
})(window.lagesbild);

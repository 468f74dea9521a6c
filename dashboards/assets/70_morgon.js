/* The page Morgongenomgång: which edition is looked at stands in the address, and printing. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function () {
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.morgon = {
    /* What is chosen by hand goes into the address; what the server has just set is what is shown already. */
    choose: function (of, edition, shown, choice) {
      if (!shown || !of || !edition) return;
      const after = { ...(choice || {}) };
      if (of !== shown.of) {
        after.of = of;
        delete after.edition;
      } else if (edition !== shown.edition) {
        after.of = of;
        after.edition = edition;
      } else return;
      window.dash_clientside.set_props("choice", { data: after });
    },
    print: function (clicks) {
      if (clicks) window.print();
    },
  };
})();

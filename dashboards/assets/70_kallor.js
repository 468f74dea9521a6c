/* Källor: the feed that is looked at stands in the address. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function () {
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.feeds = {
    choose: function (feed) {
      const chosen = new URLSearchParams(window.location.search).get("feed");
      if (feed && feed !== chosen) window.dash_clientside.set_props("choice", { data: { feed } });
    },
  };
})();

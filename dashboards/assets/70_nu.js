/* Nu: whether the window is a usual one, and the chart, which comes after the counters and the map. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  const LATEST = 8000; // after so long the chart no longer waits for the map
  let asked = 0;
  let told = null;
  let latest = null; // the figure, until there is a chart

  function say() {
    const line = document.getElementById("usual");
    if (!line) return;
    line.textContent = told ? told[L.lang] : "";
    line.dataset.verdict = told ? told.verdict : "";
    line.title = told && told.verdict !== "none" ? L.say("nu.usual_explained") : "";
  }
  L.onLanguage(say);

  /* Plotly is three times as heavy as all the rest: it is fetched when the map is drawn, or is not shown. */
  function ready() {
    const map = document.getElementById("map");
    const hidden = document.querySelector("#middle[data-panel=table]");
    return hidden || !map || map.dataset.state === "drawn" || Date.now() - asked > LATEST;
  }
  function graph() {
    const config = { displayModeBar: false, locale: L.lang }; // it begins with its figure: an empty one is a white sheet
    const props = { id: "chart", config, responsive: true, figure: L.scaled(latest) };
    window.dash_clientside.set_props("chart-frame", { children: { type: "Graph", namespace: "dash_core_components", props } });
  }

  window.dash_clientside = window.dash_clientside || {};
  Object.assign((window.dash_clientside.live = window.dash_clientside.live || {}), {
    plot: function (figure) {
      if (figure) latest = figure;
      if (!figure || asked) return;
      asked = Date.now();
      const waiting = window.setInterval(function () {
        if (!document.getElementById("chart-frame")) { window.clearInterval(waiting); asked = 0; }
        else if (ready()) { window.clearInterval(waiting); graph(); }
      }, 100);
    },
    /* Charts are drawn by the server in the size of a desk; a wall's letters grow with its page. */
    chart: function (figure, lang) {
      const keep = window.dash_clientside.no_update;
      return figure ? [L.scaled(figure), { displayModeBar: false, locale: lang || "sv" }] : [keep, keep];
    },
    usual: function (given) {
      told = given;
      say();
    },
  });
})(window.lagesbild);

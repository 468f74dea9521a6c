/* Pages of pictures: what is chosen on them stands in the address, how wide the screen is, how high a figure is. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  const set = (id, props) => window.dash_clientside.set_props(id, props);
  /* The first value of each choice need not stand in the address. */
  const FIRST = { span: "year", grain: "week", measure: "count", split: "district", of: "pairs", place: null };
  const WIDTHS = [[700, "narrow"], [1500, "medium"], [2600, "wide"]];
  const nameOf = (id) => id.slice(id.indexOf("-") + 1);

  function width() {
    const found = WIDTHS.find(([most]) => window.innerWidth <= most);
    return found ? found[1] : "huge";
  }
  let known = "";
  window.addEventListener("resize", function () {
    const now = width();
    const bar = document.querySelector(".choice-bar");
    if (!bar || now === known) return;
    known = now;
    set(bar.id.replace(/-choices$/, "-width"), { data: now });
  });

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.choices = {
    choose: function () {
      const values = [...arguments];
      const before = values.pop();
      if (!before) return;
      const after = { ...before };
      window.dash_clientside.callback_context.inputs_list.forEach(function (input, place) {
        const name = nameOf(input.id);
        if (values[place] && values[place] !== FIRST[name]) after[name] = values[place];
        else delete after[name];
      });
      if (JSON.stringify(after) !== JSON.stringify(before)) set("choice", { data: after });
    },
    follow: function (choice) {
      const outputs = window.dash_clientside.callback_context.outputs_list;
      const told = (Array.isArray(outputs) ? outputs : [outputs]).map(function (output) {
        const name = nameOf(output.id);
        return (choice && choice[name]) || FIRST[name];
      });
      return Array.isArray(outputs) ? told : told[0];
    },
    width: function () {
      known = width();
      return known;
    },
    /* A figure with a height of its own gets it; the graph fills what it is given. */
    tall: function (figure, id) {
      const box = figure && document.getElementById(id) && document.getElementById(id).closest(".picture-figure");
      if (!box) return;
      const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
      const height = figure.layout && figure.layout.height;
      box.style.minHeight = height ? Math.round(height * rem) + "px" : "";
      window.requestAnimationFrame(() => window.dispatchEvent(new Event("resize")));
    },
  };
})(window.lagesbild);

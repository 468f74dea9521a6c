/* AG Grid comes when its first table is seen: until then a box stands in its place, on the page and in Dash's eyes.
   What is written to the table meanwhile is kept by Dash, and is in it once it is there. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  if (window.dash_ag_grid || !window.React) return;
  const { createElement, useEffect, useRef, useState } = window.React;
  let coming = null;

  function fetched() {
    coming = coming || new Promise(function (done, failed) {
      const script = document.createElement("script");
      script.src = L.facts.grid;
      script.onload = done;
      script.onerror = function () { coming = null; script.remove(); failed(); };
      document.head.append(script);
    });
    return coming;
  }

  function AgGrid(props) {
    const box = useRef(null);
    const [there, setThere] = useState(window.dash_ag_grid.AgGrid !== AgGrid);
    useEffect(function () {
      if (there) return undefined;
      let timer = null;
      let gone = false;
      const come = () => fetched().then(() => { if (!gone) setThere(true); }, () => { timer = window.setTimeout(come, 3000); });
      const seen = new ResizeObserver(function () { // what is not shown has no width
        if (!box.current || !box.current.offsetWidth) return;
        seen.disconnect();
        come();
      });
      seen.observe(box.current);
      return function () { gone = true; seen.disconnect(); window.clearTimeout(timer); };
    }, [there]);
    if (there) return createElement(window.dash_ag_grid.AgGrid, props);
    return createElement("div", { id: props.id, className: props.className, style: props.style, ref: box, "aria-busy": "true" });
  }
  window.dash_ag_grid = { AgGrid, getApi: () => null };
})(window.lagesbild);

/* Nu's counters: asked for and drawn by the browser itself as soon as the view asks something else, before all that is
   heavier. What follows from them (the chart, whether it is as usual) is told to Dash once they are there. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  const set = (id, props) => window.dash_clientside.set_props(id, props);
  let measured = null;
  let asking = null;
  let more = false; // news came while it was asked: it is asked once more

  function element(tag, props, ...children) {
    const made = Object.assign(document.createElement(tag), props);
    made.append(...children);
    return made;
  }
  function compared(name) {
    if (!measured.before) return [L.say("nu.filling"), L.say("nu.filling_explained")];
    const [now, before] = [Math.round(measured.now[name]), Math.round(measured.before[name])];
    const key = now === before ? "same" : name === "harm" ? (now > before ? "higher" : "lower") : now > before ? "more" : "fewer";
    const n = L.number(Math.abs(now - before));
    return [L.say("nu." + key, { n }), L.say("nu.compared_explained", { n: L.number(before) })];
  }
  function counter(name, minor) {
    const title = element("h2", { title: name === "harm" ? L.say("nu.harm_explained") : "" }, L.say("nu." + name));
    const card = element("div", { className: minor ? "card counter minor" : "card counter" }, title);
    if (!measured) card.append(element("div", { className: "figure" }, "…"));
    else if (name === "harm" && !measured.weighted) card.append(element("p", { className: "compared" }, L.say("nu.no_weights")));
    else {
      const total = element("span", { id: "total-" + name }, L.number(Math.round(measured.now[name])));
      const [said, explained] = compared(name);
      card.append(element("div", { className: "figure" }, total), element("p", { className: "compared", title: explained }, said));
    }
    return card;
  }
  function onMap() {
    const { without, now: { incidents: total } } = measured;
    if (!total) return element("div", { className: "empty" }, element("b", {}, L.say("nu.empty")), element("div", {}, L.say("nu.empty_hint")));
    const part = (key, id, n, className) => element("b", { id, className: className || "" }, L.say(key, { n: L.number(n) }));
    return element("div", { className: "sum" }, part("nu.on_map", "on-map", total - without),
      part("nu.without", "without-position", without, without ? "without some" : "without"), part("nu.total", "map-total", total));
  }
  function draw() {
    const box = document.getElementById("counters");
    if (!box || !Object.keys(L.texts[L.lang]).length) return; // it is drawn when the words are there
    const pair = measured ? [element("div", { className: "pair" }, counter("offences", true), counter("harm", true))] : [];
    box.replaceChildren(counter("incidents", false), ...pair);
    if (measured) document.getElementById("map-totals").replaceChildren(onMap());
  }
  L.onLanguage(draw);

  /* The API says its reasons in English only, so none is told here. */
  function refused(status) {
    if (status === 401) window.location.reload(); // the session is over: sign in
    else if (status >= 500) L.failed(status);
    else set("fault", { data: { key: { 400: "fault.view", 429: "fault.too_many" }[status] || "fault.other" } });
  }
  const LATEST = 150; // ms after which what follows no longer waits for the counters
  /* Resolves when the counters are drawn, or will not be. The last question counts: an answer to an earlier one is not
     waited for. By XMLHttpRequest, for its answer comes whole, and that of fetch in two turns. */
  L.count = function (query) {
    if (!document.getElementById("counters")) return null;
    if (asking) asking.abort();
    if (!measured) draw();
    const own = asking = new XMLHttpRequest();
    more = false;
    own.open("GET", "/api/v1/glance?" + L.parameters(query));
    own.timeout = 30000;
    return new Promise(function (done) {
      own.onload = () => answered(own);
      own.onerror = own.ontimeout = () => L.failed(0);
      own.onloadend = done; // an abort too
      own.send();
      window.setTimeout(done, LATEST);
    });
  };
  async function answered(answer) {
    if (answer.status !== 200) { refused(answer.status); return; }
    measured = JSON.parse(answer.responseText);
    draw();
    L.answered = performance.now();
    if (more) L.count(L.asked);
    await L.painted();
    set("measured", { data: measured });
    if (L.faulty) set("fault", { data: null });
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.counters = {
    look: function () { // news never takes the place of a question that is on its way: in a burst none would be answered
      if (asking && asking.readyState !== XMLHttpRequest.DONE) more = true;
      else if (L.asked) L.count(L.asked);
    },
  };
})(window.lagesbild);

/* The tour: a minute's walk around the page for whoever is new. Offered on demo data until it was taken or declined. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  /* What is pointed at (the first that is on the page), and the text. */
  const STEPS = [
    [["#menu"], "tour.menu"],
    [["#counters", ".picture", "#content .card"], "tour.figures"],
    [["#map"], "tour.map"],
    [["#ticker"], "tour.ticker"],
    [["#timebar .occurred"], "tour.occurred"],
    [["#timebar .known"], "tour.known"],
    [["#freshness"], "tour.fresh"],
    [["#why-open", "#account"], "tour.why"],
  ];
  const seen = (selectors) => selectors.map((one) => document.querySelector(one)).find((it) => it && it.checkVisibility());
  let box = null;
  let ring = null;

  function end() {
    L.keep("tour", "done");
    for (const it of [box, ring]) if (it) it.remove();
    box = ring = null;
    if (document.getElementById("tour-offer")) window.dash_clientside.set_props("tour-offer", { hidden: true });
  }
  function place(target) {
    const at = target.getBoundingClientRect();
    const pad = 4;
    Object.assign(ring.style, { left: at.left - pad + "px", top: at.top - pad + "px", width: at.width + 2 * pad + "px", height: at.height + 2 * pad + "px" });
    const { width, height } = box.getBoundingClientRect();
    const right = at.right + 12 + width < window.innerWidth;
    const left = at.left - 12 - width > 0;
    const x = right ? at.right + 12 : left ? at.left - 12 - width : Math.max(8, Math.min(at.left, window.innerWidth - width - 8));
    const below = at.bottom + 12 + height < window.innerHeight;
    const y = right || left ? Math.max(8, Math.min(at.top, window.innerHeight - height - 8)) : below ? at.bottom + 12 : Math.max(8, at.top - 12 - height);
    Object.assign(box.style, { left: x + "px", top: y + "px" });
  }
  function show(steps, n) {
    const { make } = L;
    if (n >= steps.length) { end(); return; }
    const [selectors, text] = steps[n];
    const target = seen(selectors);
    if (!target) { show(steps, n + 1); return; }
    if (!box) {
      ring = make("div", "", { class: "tour-ring", "aria-hidden": "true" });
      box = make("section", "", { class: "card tour-box", role: "dialog", "aria-labelledby": "tour-text", tabindex: "-1" });
      box.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); end(); } });
      document.body.append(ring, box);
    }
    target.scrollIntoView({ block: "nearest" });
    const button = (label, act, kind) => { const it = make("button", L.say(label), { type: "button", class: kind }); it.addEventListener("click", act); return it; };
    const forward = button(n === steps.length - 1 ? "tour.done" : "tour.next", () => show(steps, n + 1), "strong");
    const steered = [button("tour.skip", end, "quiet"), ...(n ? [button("tour.before", () => show(steps, n - 1), "quiet")] : []), forward];
    box.replaceChildren(
      make("small", L.say("tour.step", { n: n + 1, of: steps.length })), make("p", L.say(text), { id: "tour-text" }),
      make("div", "", { class: "buttons" }, ...steered),
    );
    place(target);
    forward.focus();
  }
  L.tour = function () {
    end();
    show(STEPS.filter(([selectors]) => seen(selectors)), 0);
  };
  const kept = () => { try { return window.localStorage.getItem("lagesbild.tour"); } catch { return "done"; } };
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.tour = {
    declined: () => Boolean(kept()),
    begin: (clicks) => { if (clicks) L.tour(); },
    decline: (clicks) => { if (clicks) end(); },
  };
})(window.lagesbild);

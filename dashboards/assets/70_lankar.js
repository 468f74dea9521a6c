/* The page Länkar: which proposal is open, by hand or by keys. What is read next is where the keyboard goes. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function () {
  const set = (id, props) => window.dash_clientside.set_props(id, props);
  let moved = false;

  /* Arrow keys go from one proposal to the next, as in any list. */
  document.addEventListener("keydown", function (event) {
    const row = event.target.closest && event.target.closest("#link-lists .pair-row");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!row || !step) return;
    const rows = [...document.querySelectorAll("#link-lists .pair-row")];
    const next = rows[rows.indexOf(row) + step];
    if (next) next.focus();
    event.preventDefault();
  });

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.links = {
    choose: function (clicks) {
      const by = window.dash_clientside.callback_context.triggered_id;
      if (!by || !clicks.some(Boolean)) return;
      moved = true;
      set("link-text", { value: "" }); // a reason is of one proposal
      set("link-text-problem", { children: "" });
      set("link-said", { children: "" });
      set("link-open", { data: by.proposal });
    },
    judged: function (judged) {
      moved = Boolean(judged);
    },
    drawn: function () {
      if (!moved) return;
      window.requestAnimationFrame(function () {
        const title = document.getElementById("link-title");
        if (!title) return;
        moved = false;
        title.focus({ preventScroll: true });
        const card = document.getElementById("link-proposal");
        if (window.innerWidth <= 1000) card.scrollIntoView({ behavior: "smooth" });
        else card.scrollTop = 0;
      });
    },
  };
})();

/* The filters: what the region has a name for is one press away. A press chooses it and nothing else, a second takes it
   away again. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function () {
  let chosen = [];

  document.addEventListener("click", function (event) {
    const button = event.target.closest("#named button");
    if (!button) return;
    const code = button.id.slice("named-".length);
    const value = chosen.includes(code) ? chosen.filter((one) => one !== code) : [code];
    window.dash_clientside.set_props("offence", { value });
  });

  function mark() { // by hand: drawn anew by Dash, the button that was pressed would lose the focus
    for (const button of document.querySelectorAll("#named button"))
      button.setAttribute("aria-pressed", String(chosen.includes(button.id.slice("named-".length))));
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.filters = {
    named: function (named, value) {
      chosen = value || [];
      window.setTimeout(mark, 50); // what is drawn now is there by then
      if (!window.dash_clientside.callback_context.triggered.some((one) => one.prop_id.startsWith("named-offences."))) {
        mark();
        return window.dash_clientside.no_update;
      }
      return (named || []).map((one) => ({
        type: "Button",
        namespace: "dash_html_components",
        props: {
          id: "named-" + one.value,
          type: "button",
          className: "chip",
          title: one.means,
          "aria-pressed": String(chosen.includes(one.value)),
          children: one.label,
        },
      }));
    },
  };
})();

/* The line that tells the reason: the policy that is behind what is seen is one press away. */
"use strict";
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.asking = {
  why: function (clicks) {
    if (clicks && !document.getElementById("why").open) document.getElementById("why-open").click();
  },
};

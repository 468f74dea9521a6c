/* The page Område: the district is the view's area, and which of the things that were done is shown stands in the address. */
"use strict";
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.district = {
  choose: function (code, at) {
    if (code && at && code !== at.code) window.dash_clientside.set_props("area", { value: code });
  },
  show: function (clicks, choice) {
    const by = window.dash_clientside.callback_context.triggered_id;
    if (!by || !clicks.some(Boolean)) return;
    window.dash_clientside.set_props("choice", { data: { ...(choice || {}), done: by.entry } });
  },
};

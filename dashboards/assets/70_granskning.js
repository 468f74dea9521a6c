/* The page Granskning: days, action, who and the chosen reading stand in the address (`log`), like all that is looked at. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  const DAYS = ["1", "7", "30", "90"];
  const ACTIONS = ["all", "read", "search", "export", "denied", "change"];
  const keep = () => window.dash_clientside.no_update;

  function read(text) {
    const [days, action, finding, ...actor] = (text || "").split(",");
    return {
      days: Number(DAYS.includes(days) ? days : "7"),
      action: ACTIONS.includes(action) && action !== "all" ? action : null,
      finding: finding || null,
      actor: actor.join(",") || null,
    };
  }
  const write = (asked) => {
    const text = [asked.days, asked.action || "all", asked.finding || "", asked.actor || ""].join(",");
    return text === "7,all,," ? null : text;
  };
  const now = () => read(new URLSearchParams(window.location.search).get("log"));
  function go(asked) {
    const url = L.write({ ...L.read(window.location.search), log: write(asked) });
    if (url === window.location.search) return;
    window.history.pushState(null, "", url);
    window.dash_clientside.set_props("address", { data: { search: url, at: Date.now() } });
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.auditing = {
    choose: function (clicks) {
      const by = window.dash_clientside.callback_context.triggered_id;
      if (!by || !clicks.some(Boolean)) return;
      go({ ...now(), finding: by.key });
      window.dash_clientside.set_props("review-said", { children: "" });
      const note = document.getElementById("review-note");
      if (note && window.innerWidth <= 1000) window.setTimeout(() => note.scrollIntoView({ behavior: "smooth" }), 400);
    },
    filter: function (days, action, actor) {
      const asked = { ...now(), days: Number(days), action: action === "all" ? null : action, actor: actor || null };
      if (write(asked) !== write(now())) go({ ...asked, finding: null });
    },
    clear: (clicks) => { if (clicks) go(read("")); },
    close: (clicks) => { if (clicks) go({ ...now(), finding: null }); },
    follow: function (view, before) {
      if (!view) return [keep(), keep(), keep(), keep()];
      const asked = read(view.log);
      const same = JSON.stringify(asked) === JSON.stringify(before);
      return [same ? keep() : asked, String(asked.days), asked.action || "all", asked.actor];
    },
    save: function (asked, lang) {
      if (!asked) return keep();
      const today = L.day(L.now());
      const query = new URLSearchParams({ from: L.plusDays(today, 1 - asked.days), to: today, lang: lang || L.lang });
      if (asked.action) query.set("action", asked.action);
      if (asked.actor) query.set("actor", asked.actor);
      return `/api/v1/log.csv?${query}`;
    },
  };
})(window.lagesbild);

/* Live: the ledger read on from a position. The stream of server-sent events is opened from the position of the
   first answer, goes on from the last event after any break, and so neither misses nor doubles anything. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  const set = (id, props) => window.dash_clientside.set_props(id, props);
  const QUIET = 45000; // the server sends something, if only a heartbeat, far more often than this
  const GIVE_UP = 120000; // after so long without a stream the page is loaded anew, if the server answers
  let source = null;
  let position = null;
  let query = null;
  let heard = Date.now();
  let working = Date.now();
  let retry = 0;
  let timer = null;
  let news = null;
  let missed = 0;

  function say(state) {
    const badge = document.getElementById("connection");
    if (!badge) return;
    badge.dataset.state = state;
    document.getElementById("connection-text").textContent =
      L.say({ live: "live.on", connecting: "live.connecting", lost: "live.lost", past: "live.past" }[state]);
    L.connection = state;
  }
  L.showLive = function () {
    const past = document.documentElement.dataset.clock === "past";
    say(past ? "past" : !source ? "connecting" : source.readyState === 1 ? "live" : "lost");
  };
  L.onLanguage(L.showLive);

  function close() {
    window.clearTimeout(timer);
    if (source) source.close();
    source = null;
  }
  function open() {
    close();
    if (!query || query.known || position === null) return;
    const asked = new URLSearchParams({ kind: query.kind, position });
    if (query.area) asked.append("area", query.area);
    for (const offence of query.offence) asked.append("offence", offence);
    source = new EventSource("/api/v1/stream?" + asked);
    heard = Date.now();
    source.onopen = function () {
      heard = working = Date.now();
      if (retry > 0) set("again", { data: Date.now() }); // what was asked meanwhile may have failed
      retry = 0;
      L.showLive();
    };
    source.onerror = function () {
      L.showLive();
      close();
      retry += 1;
      say("lost");
      timer = window.setTimeout(open, Math.min(250 * 2 ** Math.min(retry, 5), 5000));
    };
    for (const kind of ["rows", "heartbeat", "gap"]) source.addEventListener(kind, receive);
  }

  function receive(event) {
    heard = working = Date.now();
    if (event.lastEventId) position = event.lastEventId;
    if (event.type === "gap") { // the position is no longer known: begin with a new snapshot
      set("again", { data: Date.now() });
      return;
    }
    if (event.type !== "rows") return;
    const arrived = JSON.parse(event.data).rows.filter(within);
    const shown = L.tickerAdd(arrived);
    for (const row of shown) {
      if (row.change === "withdrawn") L.unpulse(row.uid);
      if (row.change !== "new" || row.backfilled) continue;
      L.pulse({ uid: row.uid, lon: row.lon, lat: row.lat, title: L.lang === "sv" ? row.offence_sv : row.offence_en });
    }
    if (arrived.length) refresh();
    if (document.hidden && shown.length) missed += shown.length;
  }
  /* The server filters by kind, area and offence; the days are ours, since "7 days" moves with the clock. */
  const within = (row) => row.day >= query.first && row.day <= query.last;

  /* Bursts become one refresh of the map and the figures a second. */
  function refresh() {
    if (news) return;
    news = window.setTimeout(function () {
      news = null;
      set("tick", { data: Date.now() });
    }, 700);
  }

  document.addEventListener("visibilitychange", function () {
    const note = document.getElementById("ticker-missed");
    if (document.hidden) { missed = 0; return; }
    if (!note || !missed) return;
    note.textContent = L.say("ticker.missed", { n: missed });
    window.setTimeout(() => { note.textContent = ""; }, 15000);
  });

  window.setInterval(async function watch() {
    if (!query || query.known) { working = Date.now(); return; }
    if (source && Date.now() - heard > QUIET) source.onerror();
    if (Date.now() - working < GIVE_UP) return;
    try {
      const answer = await fetch("/api/v1/health", { cache: "no-store" });
      if (answer.ok) window.location.reload();
    } catch { /* the server is away: the stream keeps trying */ }
    working = Date.now();
  }, 5000);

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.live = {
    begin: function (snapshot) {
      if (!snapshot) return;
      query = snapshot.query;
      position = snapshot.position;
      L.tickerStart(snapshot.rows);
      open();
      L.showLive();
    },
    answered: function (measured) { if (measured) L.answered = performance.now(); },
    close: function (opened) { if (opened === false) set("chosen", { data: null }); },
    mark: (uid) => L.tickerMark(uid),
    follow: function (view) { // all that follows the view without asking the server
      if (!view) return;
      L.look(view);
      L.place(view);
      const middle = document.getElementById("middle");
      if (middle.dataset.panel === view.panel) return;
      middle.dataset.panel = view.panel;
      L.map.resize();
    },
  };
})(window.lagesbild);

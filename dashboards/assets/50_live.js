/* Live: the ledger read on from a position. The stream of server-sent events is opened from the position of the
   first answer, goes on from the last event after any break, and so neither misses nor doubles anything. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  const set = (id, props) => window.dash_clientside.set_props(id, props);
  const QUIET = 60000; // after so long without a word the stream is opened anew: it may have died silently
  const GIVE_UP = 120000; // after so long without a stream the page is loaded anew, if the server answers
  let source = null;
  let position = null;
  let query = null;
  let areas = null; // codes that the filters let through; null for all
  let offences = null;
  let heard = Date.now();
  let working = Date.now();
  let retry = 0;
  let timer = null;
  let news = null;
  let refreshed = 0;
  let missed = 0;
  let leaving = null;

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
    say(past ? "past" : L.faulty ? "lost" : !source ? "connecting" : source.readyState === 1 ? "live" : "lost");
  };
  L.onLanguage(L.showLive);

  function close() {
    window.clearTimeout(timer);
    if (source) source.close();
    source = null;
  }
  function open() {
    close();
    if (!query || position === null) return; // of the past too: who has since been protected leaves it
    source = new EventSource("/api/v1/stream?from=" + position);
    heard = Date.now();
    source.addEventListener("start", function () {
      heard = working = Date.now();
      if (retry > 0) set("again", { data: Date.now() }); // what was asked meanwhile may have failed
      retry = 0;
      L.showLive();
    });
    source.addEventListener("reset", anew);
    source.addEventListener("ledger", receive);
    source.onerror = function () {
      close();
      retry += 1;
      if (retry > 1 && !query.known) say("lost"); // a restart that takes a moment is not worth a word
      if (retry % 4 === 0) probe();
      timer = window.setTimeout(open, Math.min(100 * 2 ** Math.min(retry, 6), 5000));
    };
  }
  function anew() { // the position is not of this ledger: begin with a new snapshot
    position = null;
    close();
    set("again", { data: Date.now() });
  }
  /* Why is there no stream? A session that is over leads to the sign-in; a foreign position to a new snapshot. */
  async function probe() {
    try {
      const answer = await fetch("/_reload-hash", { cache: "no-store" });
      if (answer.status === 401) window.location.reload();
      else if (answer.ok) anew();
    } catch { /* the server is away: the stream keeps trying */ }
  }

  function receive(event) {
    heard = working = Date.now();
    position = event.lastEventId;
    const { rows } = JSON.parse(event.data);
    if (protect(rows.filter((row) => row.protected && row.uid))) refresh(true);
    if (query.known) return; // what has become known since does not belong to the past
    const arrived = versions(rows.filter(meant));
    const shown = L.tickerAdd(arrived);
    for (const row of shown) {
      if (!row.added) L.unpulse(row.uid);
      if (row.change !== "new" || row.backfilled) continue;
      L.pulse({ uid: row.uid, lon: row.lon, lat: row.lat, title: L.lang === "sv" ? row.offence_sv : row.offence_en });
    }
    if (arrived.length) refresh();
    if (document.hidden) missed += shown.length;
  }
  /* Who is protected now is so everywhere and at once, in whatever was fetched before: the ticker, the map, the table
     and the open incident. Says whether there was anything to be done. */
  function protect(rows) {
    const told = new Map(rows.map((row) => [row.uid, row]));
    if (!told.size) return false;
    const shown = L.tickerProtect(told) || told.has(L.chosen) || inTable([...told.keys()]);
    for (const uid of told.keys()) L.unpulse(uid);
    L.hidePoints([...told.keys()]);
    if (told.has(L.chosen) && document.getElementById("incident"))
      set("incident", { children: L.say("incident.protected") }); // until the server has answered anew
    if (document.getElementById("grid")) set("grid", { rowData: [] });
    if (shown) leave();
    return true;
  }
  function inTable(uids) {
    const grid = document.getElementById("grid") && window.dash_ag_grid && window.dash_ag_grid.getApi("grid");
    return Boolean(grid) && uids.some((uid) => grid.getRowNode(uid));
  }
  /* React and Dash keep what they drew earlier, out of our reach: it goes with the page, and the address brings the
     view back. Not while somebody types or plays, and not while the server is away. */
  let typed = 0;
  document.addEventListener("keydown", () => { typed = Date.now(); });
  function leave() {
    window.clearTimeout(leaving);
    leaving = window.setTimeout(async function () {
      if (L.playing || Date.now() - typed < 5000) { leave(); return; }
      try {
        if ((await fetch("/api/v1/health", { cache: "no-store" })).ok) window.location.reload();
        else leave();
      } catch { leave(); }
    }, 3000);
  }
  /* The stream tells everything; the view's filters are held against it here. */
  function meant(row) {
    return row.kind === query.kind && L.within(query, row.day, row.hour)
      && (!areas || areas.has(row.area)) && (!offences || offences.has(row.offence));
  }
  /* The signed rows of one version are one piece of news: new, withdrawn or corrected (taken back and believed
     otherwise, or elsewhere: the filters may let through only what was taken back). It is told by its gravest
     offence. As app/queries/latest.py does. */
  function versions(rows) {
    const told = new Map();
    for (const row of rows) {
      const key = row.uid + row.known_at;
      const one = told.get(key) || { ...row, added: false, taken: false };
      if (row.sign > 0 && (row.incidents !== 0 || !one.added)) Object.assign(one, row);
      if (row.sign > 0) one.added = true;
      else one.taken = true;
      one.change = !one.added && one.state !== "active" ? "withdrawn" : one.taken ? "corrected" : "new";
      told.set(key, one);
    }
    return [...told.values()];
  }

  /* The ticker and the map's new dots come at once; the figures and the tiles are fetched again soon after, and in a
     burst no more often than every other second. */
  function refresh(now) {
    if (news && !now) return;
    window.clearTimeout(news);
    news = window.setTimeout(function () {
      news = null;
      refreshed = Date.now();
      set("tick", { data: refreshed });
    }, now ? 0 : Date.now() - refreshed > 3000 ? 600 : 2000);
  }

  document.addEventListener("visibilitychange", function () {
    const note = document.getElementById("ticker-missed");
    if (document.hidden) { missed = 0; return; }
    if (!note || !missed) return;
    note.textContent = L.say("ticker.missed", { n: missed });
    window.setTimeout(() => { note.textContent = ""; }, 15000);
  });

  document.addEventListener("keydown", function (event) {
    const busy = document.querySelector(".mantine-Modal-content, [aria-expanded=true]"); // Escape closes these first
    if (event.key === "Escape" && L.chosen && !busy) set("chosen", { data: null });
  });

  window.setInterval(async function watch() {
    if (!query) { working = Date.now(); return; }
    if (source && Date.now() - heard > QUIET) open();
    if (query.known) { working = Date.now(); return; }
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
      areas = snapshot.areas && new Set(snapshot.areas);
      offences = snapshot.offences && new Set(snapshot.offences);
      L.tickerStart(snapshot.rows);
      set("snapshot", { data: null }); // the ticker has the rows, and forgets them when they are to be forgotten
      open();
      L.showLive();
    },
    close: function (clicks) { if (clicks) set("chosen", { data: null }); },
    mark: (uid) => L.tickerMark(uid),
    follow: function (view) { // all that follows the view without asking the server
      if (!view) return;
      L.look(view);
      const middle = document.getElementById("middle");
      const panel = document.getElementById("table") ? view.panel : "map";
      if (!middle || middle.dataset.panel === panel) return;
      middle.dataset.panel = panel;
      L.map.resize();
    },
  };
})(window.lagesbild);

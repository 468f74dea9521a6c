/* The time bar: what was known when. Live follows now; any other moment shows the picture as it was then. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  const set = (id, props) => window.dash_clientside.set_props(id, props);
  const MINUTE = 60000;
  let span = "7d";
  let known = null; // ISO, or null for live
  let placed = null; // the slider's value when we set it, so that a drag is told from our own doing
  let picked = null; // the picker's value when we set it: at the end of a minute it is that of a minute ago
  let start = new Date(0); // the moment at the slider's left end
  let length = 1440;
  let speed = 15;
  let timer = null;
  let shift = null; // when the last shift ended, as the view has it

  const moment = () => (known ? new Date(known) : L.now());
  function go(to) {
    const value = to && to.getTime() < L.now().getTime() - MINUTE / 2 ? new Date(Math.floor(to / MINUTE) * MINUTE).toISOString() : null;
    if (value === null) stop();
    if (value === known) return;
    known = value; // at once: the next press goes on from here, however long the view takes to follow
    set("known", { data: value });
  }
  const by = (minutes) => go(new Date(moment().getTime() + minutes * MINUTE));
  function byDays(n) { // the same time of day, also over a change of clocks
    const at = moment();
    const day = L.day(at);
    const into = at - L.midnight(day);
    go(new Date(L.midnight(L.plusDays(day, n)).getTime() + into));
  }

  function place() {
    if (!document.getElementById("timebar")) return;
    const day = L.day(moment());
    start = L.midnight(day);
    length = Math.round((L.midnight(L.plusDays(day, 1)) - start) / MINUTE);
    placed = Math.round((moment() - start) / MINUTE);
    const marks = [];
    for (let hour = 0; hour * 60 <= length; hour += 3) {
      const at = new Date(start.getTime() + hour * 60 * MINUTE);
      marks.push({ value: hour * 60, label: hour * 60 === length ? "24" : L.clock(at).slice(0, 2) });
    }
    set("known-slider", { value: placed, max: length, marks });
    picked = L.day(moment()) + " " + L.clock(moment()) + ":00";
    set("known-pick", { value: picked, maxDate: L.day(L.now()) + " 23:59:59" });
    say();
  }
  function say() {
    const bar = document.getElementById("timebar");
    if (!bar) return;
    bar.dataset.state = known ? "past" : "live";
    bar.dataset.window = span;
    document.documentElement.dataset.clock = known ? "past" : "live";
    const at = L.dayText(moment()) + " " + L.clock(moment());
    const note = document.getElementById("past-note"); // lies on the map, which not every page has
    if (note) {
      note.textContent = known ? L.say("time.past_note", { known: at }) : "";
      note.hidden = !known;
    }
    if (L.asked) document.getElementById("window-days").textContent = windowText(L.asked);
    sayShift();
    buttons();
    if (L.showLive) L.showLive();
  }
  /* "mån 23 nov – tis 24 nov", and with hours "mån 23 nov 18:00 – tis 24 nov 06:00". */
  function windowText(query) {
    const day = (text) => L.dayText(new Date(text + "T12:00:00Z"));
    const clock = (hour) => String(hour).padStart(2, "0") + ":00";
    const hours = query.first_hour !== undefined;
    const [first, last] = [query.first_hour ?? 0, (query.last_hour ?? 23) + 1];
    if (!hours) return query.first === query.last ? day(query.first) : day(query.first) + " – " + day(query.last);
    const begins = day(query.first) + " " + clock(first);
    if (query.first === query.last) return begins + "–" + clock(last);
    return begins + " – " + day(query.last) + " " + clock(last);
  }
  function sayShift(text) {
    const said = document.getElementById("window-note");
    if (!said) return;
    const since = span === "shift" && shift ? new Date(shift) : null;
    said.textContent = text || (since ? L.say("window.shift_note", { moment: L.dayText(since) + " " + L.clock(since) }) : "");
    said.title = since ? L.say("window.shift_explained") : "";
  }
  function buttons() {
    const play = document.getElementById("play");
    play.setAttribute("aria-label", L.say(L.playing ? "time.pause" : "time.play"));
    play.title = play.getAttribute("aria-label");
    play.dataset.playing = L.playing ? "yes" : "no";
    document.getElementById("live").setAttribute("aria-pressed", String(!known));
    document.getElementById("forward").disabled = !known;
    document.getElementById("day-forward").disabled = !known;
  }

  /* A page that measures says when it has answered; of the others it is that nothing is asked any more. */
  const answered = (since, waited) => (L.answered || 0) > since || (waited > 400 && !(window.store && window.store.getState().isLoading));

  /* One step a second at most, and never faster than the map and the figures can follow. */
  function step(since) {
    const waited = performance.now() - since;
    const drawn = (!document.getElementById("map") || (L.mapIdle || 0) > since) && answered(since, waited);
    if (!L.playing) return;
    if (waited < 950 || (!drawn && waited < 5000)) {
      timer = window.setTimeout(() => step(since), 60);
      return;
    }
    by(speed);
    if (L.playing) step(performance.now());
  }
  function stop() {
    L.playing = false;
    window.clearTimeout(timer);
    if (document.getElementById("play")) buttons();
  }
  /* Where a replay begins: with the window, if that is no longer than two days, and else with the day. */
  function beginning() {
    const now = L.now();
    const query = L.asked;
    const first = query && new Date(L.midnight(query.first).getTime() + (query.first_hour ?? 0) * 60 * MINUTE);
    if (first && now - first < 2881 * MINUTE && now - first > 120 * MINUTE) return first;
    const day = L.day(now);
    return now - L.midnight(day) > 120 * MINUTE ? L.midnight(day) : L.midnight(L.plusDays(day, -1));
  }
  function play() {
    if (L.playing) { stop(); return; }
    L.playing = true;
    if (!known) go(beginning()); // from now there is nothing ahead
    buttons();
    step(performance.now());
  }

  window.dashMantineFunctions = window.dashMantineFunctions || {};
  window.dashMantineFunctions.clockAt = (value) => L.clock(new Date(start.getTime() + value * MINUTE));

  L.place = function (view) { // the view tells the moment; live moves on with the clock (see below)
    known = view.known;
    span = view.window;
    shift = view.shift;
    if (!known && L.playing) stop();
    place();
  };
  L.noShift = () => sayShift(L.say("window.shift_none")); // the preset was chosen, and there is nothing that it could mean
  L.onLanguage(() => document.getElementById("timebar") && say());
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.timebar = {
    follow: function (view) { if (view) L.place(view); },
    drag: function (value) {
      if (value === placed || value === undefined || value === null) return;
      stop();
      go(new Date(start.getTime() + value * MINUTE));
    },
    pick: function (value) {
      if (!value || value === picked) return;
      const [day, time] = value.split(/[ T]/);
      const [hour, minute] = (time || "00:00").split(":").map(Number);
      const to = new Date(L.midnight(day).getTime() + (hour * 60 + minute) * MINUTE);
      if (Math.abs(to - moment()) < MINUTE) return;
      stop();
      go(to);
    },
    press: function () {
      const { triggered_id: id } = window.dash_clientside.callback_context;
      if (id === "play") play();
      if (id === "live") go(null);
      if (id === "back") { stop(); by(-speed); }
      if (id === "forward") { stop(); by(speed); }
      if (id === "day-back") { stop(); byDays(-1); }
      if (id === "day-forward") { stop(); byDays(1); }
    },
    pace: function (value) { speed = Number(value) || 15; },
    /* When one's own last shift ended: asked for once a page. */
    shift: async function () {
      const keep = window.dash_clientside.no_update;
      if (!document.getElementById("changed-open")) return keep;
      try {
        const answer = await fetch("/api/v1/shift", { cache: "no-store" });
        L.shift = answer.ok ? (await answer.json()).last_shift_ended : null;
      } catch { L.shift = null; }
      return L.shift || keep;
    },
  };
  window.setInterval(function () { if (!known && document.getElementById("timebar")) place(); }, 30000);
})(window.lagesbild);

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

  const moment = () => (known ? new Date(known) : L.now());
  function go(to) {
    const value = to && to.getTime() < L.now().getTime() - MINUTE / 2 ? new Date(Math.floor(to / MINUTE) * MINUTE).toISOString() : null;
    if (value === null) stop();
    if (value !== known) set("known", { data: value });
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
    const query = L.asked;
    if (query) {
      const day = (text) => L.dayText(new Date(text + "T12:00:00Z"));
      document.getElementById("window-days").textContent = query.first === query.last ? day(query.first) : day(query.first) + " – " + day(query.last);
    }
    buttons();
    if (L.showLive) L.showLive();
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

  /* One step a second at most, and never faster than the map and the figures can follow. */
  function step(since) {
    const waited = performance.now() - since;
    const drawn = (L.mapIdle || 0) > since && (L.answered || 0) > since;
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
  function play() {
    if (L.playing) { stop(); return; }
    L.playing = true;
    if (!known) { // from now there is nothing ahead: begin with the day's first moment
      const day = L.day(L.now());
      const first = L.midnight(day);
      go(L.now() - first > 120 * MINUTE ? first : L.midnight(L.plusDays(day, -1)));
    }
    buttons();
    step(performance.now());
  }

  window.dashMantineFunctions = window.dashMantineFunctions || {};
  window.dashMantineFunctions.clockAt = (value) => L.clock(new Date(start.getTime() + value * MINUTE));

  L.place = function (view) { // the view tells the moment; live moves on with the clock (see below)
    known = view.known;
    span = view.window;
    if (!known && L.playing) stop();
    place();
  };
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
  };
  window.setInterval(function () { if (!known && document.getElementById("timebar")) place(); }, 30000);
})(window.lagesbild);

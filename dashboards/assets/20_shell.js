/* The shell: texts, theme, clock, locales and the sentence that says what is wrong. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  const set = (id, props) => window.dash_clientside.set_props(id, props);
  const LOCALE = { sv: "sv-SE", en: "en-GB" };
  let retry = null;
  let patient = false;
  L.lang = "sv";
  L.texts = { sv: {}, en: {} };
  L.say = function (key, values) {
    const text = (L.texts[L.lang] || {})[key] || key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? values[name] : whole));
  };
  L.number = (n) => new Intl.NumberFormat(LOCALE[L.lang]).format(n);
  L.when = (moment, options) => L.formatted(moment, options, LOCALE[L.lang]);
  const plain = (text) => text.replace(/\./g, ""); // "nov", not "nov."
  L.dayText = (moment) => plain(L.when(moment, { weekday: "short", day: "numeric", month: "short" }));
  /* The day that is looked at: today, or the day of known-at. */
  L.sameDay = (moment) => L.day(moment) === L.day(L.asked && L.asked.known ? new Date(L.asked.known) : L.now());
  /* "18:03" on the day that is looked at, "mån 23 nov 18:03" on others. */
  L.stamp = function (moment) {
    const time = L.clock(moment);
    if (L.sameDay(moment)) return time;
    return L.dayText(moment) + " " + time;
  };

  function resolve(wanted, texts, top) {
    if (typeof wanted === "string") return top ? texts[wanted] : wanted;
    if (Array.isArray(wanted)) return wanted.map((item) => resolve(item, texts, false));
    if (wanted && typeof wanted === "object") {
      const keys = Object.keys(wanted);
      if (keys.length === 1 && keys[0] === "text") return texts[wanted.text];
      return Object.fromEntries(keys.map((key) => [key, resolve(wanted[key], texts, false)]));
    }
    return wanted;
  }

  L.listeners = [];
  L.onLanguage = (listener) => L.listeners.push(listener);

  function tick() {
    const clock = document.getElementById("clock");
    if (!clock) return;
    const now = L.now();
    clock.dateTime = now.toISOString();
    clock.firstElementChild.textContent = L.dayText(now);
    clock.lastElementChild.textContent = L.when(now, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  }
  window.setInterval(tick, 1000);

  /* Dash keeps every state that a page was ever in, for an undo that we do not have. What has been taken off the screen
     is to be gone, and a page that is open for weeks may not grow. */
  const forgetting = window.setInterval(function () {
    if (!window.store) return;
    window.clearInterval(forgetting);
    window.store.subscribe(function () {
      const { history } = window.store.getState();
      if (history && history.past && history.past.length) history.past.length = 0;
    });
  }, 50);

  const names = (locale, options, count, of) =>
    Array.from({ length: count }, (_, n) => new Intl.DateTimeFormat(locale, options).format(of(n)));
  const weekday = (n) => new Date(Date.UTC(2023, 0, 1 + n)); // 2023-01-01 was a Sunday
  const month = (n) => new Date(Date.UTC(2023, n, 15));
  window.dayjs_locale_sv = { // read by the date inputs
    name: "sv",
    weekdays: names("sv-SE", { weekday: "long" }, 7, weekday),
    weekdaysShort: names("sv-SE", { weekday: "short" }, 7, weekday),
    weekdaysMin: names("sv-SE", { weekday: "short" }, 7, weekday).map((name) => name.slice(0, 2)),
    months: names("sv-SE", { month: "long" }, 12, month),
    monthsShort: names("sv-SE", { month: "short" }, 12, month).map((name) => name.replace(".", "")),
    weekStart: 1,
    yearStart: 4,
    ordinal: (n) => String(n),
    formats: { LT: "HH:mm", LTS: "HH:mm:ss", L: "YYYY-MM-DD", LL: "D MMMM YYYY" },
  };
  const plotly = window.setInterval(function () { // plotly loads when the first chart does
    if (!window.Plotly || !window.Plotly.register) return;
    window.clearInterval(plotly);
    window.Plotly.register({
      moduleType: "locale",
      name: "sv",
      dictionary: { "Reset": "Återställ", "Autoscale": "Anpassa", "Zoom": "Zooma", "Pan": "Panorera" },
      format: {
        days: names("sv-SE", { weekday: "long" }, 7, weekday),
        shortDays: names("sv-SE", { weekday: "short" }, 7, weekday),
        months: names("sv-SE", { month: "long" }, 12, month),
        shortMonths: names("sv-SE", { month: "short" }, 12, month).map((name) => name.replace(".", "")),
        date: "%Y-%m-%d",
        decimal: ",",
        thousands: "\u00a0",
      },
    });
  }, 50);

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.shell = {
    /* Language: texts only. Nothing is rebuilt and no filter is touched. */
    speak: function (lang, words) {
      if (!lang || !words) return;
      L.lang = lang;
      L.texts = words.texts;
      document.documentElement.lang = lang;
      document.title = L.say("shell.name") + " – " + L.say("page." + words.page);
      for (const [id, prop, wanted] of words.bindings) set(id, { [prop]: resolve(wanted, words.texts[lang], true) });
      set("calendar", { settings: { locale: lang, firstDayOfWeek: 1, weekendDays: [0, 6] } });
      for (const listener of L.listeners) listener();
      tick();
    },
    paint: function (theme) {
      document.documentElement.dataset.theme = theme;
      if (L.map) L.map.paint(theme);
      return theme;
    },
    timed: function (server) { // so that a wall display with a wrong clock still shows the right time
      if (server) {
        const offset = server - Date.now();
        L.offset = Math.abs(offset) > 1500 ? offset : 0;
      }
    },
    copy: function (clicks) {
      if (clicks) {
        navigator.clipboard.writeText(window.location.href).then(function () {
          set("said", { children: L.say("shell.copied") });
          window.setTimeout(() => set("said", { children: "" }), 3000);
        });
      }
    },
    /* One sentence when something is wrong, gone when it is well again. */
    fault: function (fault) {
      const bar = document.getElementById("fault-bar");
      L.faulty = Boolean(fault && fault.key);
      bar.hidden = !L.faulty;
      document.documentElement.dataset.faulty = L.faulty ? "yes" : "no"; // what is shown is the last that was known
      const reason = fault && (L.lang === "sv" && fault.reason_sv ? fault.reason_sv : fault.reason);
      bar.textContent = L.faulty ? L.say(fault.key, { ...fault, reason }) : "";
      if (L.showLive) L.showLive();
      patient = L.faulty && fault.key === "fault.too_many"; // each question spends of what is too little already
      if (!L.faulty || patient || retry) return;
      retry = window.setTimeout(function () { // of several questions one may have failed and another not: ask all again
        retry = null;
        if (!patient) set("again", { data: Date.now() });
      }, 1500);
    },
  };
  /* What the callbacks' own error handler cannot say: the server is away, or refuses before a callback is reached. */
  const fetched = window.fetch;
  window.fetch = async function (...asked) {
    const callback = String((asked[0] && asked[0].url) || asked[0]).includes("/_dash-update-component");
    try {
      const answer = await fetched.apply(window, asked);
      if (callback && answer.status === 401) window.location.reload(); // the session is over: sign in
      if (callback && answer.status >= 500) L.failed(answer.status);
      return answer;
    } catch (error) {
      if (callback && error.name !== "AbortError") L.failed(0);
      throw error;
    }
  };
  L.failed = (status) => set("fault", { data: { key: status === 503 ? "fault.database" : "fault.server" } });

  const askAgain = (whenPatient) => function () { // until the answer is well
    if (L.faulty && patient === whenPatient) set("again", { data: Date.now() });
  };
  window.setInterval(askAgain(false), 3000);
  window.setInterval(askAgain(true), 20000);
  L.onLanguage(function () {
    const bar = document.getElementById("fault-bar");
    if (bar && !bar.hidden) set("again", { data: Date.now() });
  });
})(window.lagesbild);

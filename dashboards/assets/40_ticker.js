/* The ticker: the latest known, newest first. Each version of an incident is one row; none is shown twice. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  const set = (id, props) => window.dash_clientside.set_props(id, props);
  const MOST = 100;
  let rows = []; // newest first
  const seen = new Set();

  const name = (row) => (L.lang === "sv" ? row.offence_sv : row.offence_en) || row.title || "";
  const key = (row) => `${row.uid}@${row.known_at}`;

  function element(row, arrived) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = arrived ? "tick arrived" : "tick";
    button.dataset.uid = row.uid;
    button.dataset.change = row.change;
    if (L.chosen === row.uid) button.setAttribute("aria-current", "true");
    const add = function (tag, text, className, to) {
      const part = document.createElement(tag);
      part.textContent = text;
      if (className) part.className = className;
      (to || button).append(part);
      return part;
    };
    const known = new Date(row.known_at);
    const side = add("span", "", "side");
    add("time", L.clock(known), "known", side).dateTime = row.known_at;
    if (!L.sameDay(known)) add("span", L.when(known, { day: "numeric", month: "short" }).replace(".", ""), "date", side);
    add("span", L.say("ticker." + row.change), "tag", side);
    add("span", name(row), "what");
    const without = row.protected ? "ticker.protected" : row.lon === null ? "ticker.no_position" : null;
    const place = [row.area_name, without && L.say(without)].filter(Boolean).join(" · ");
    add("span", `${place} · ${L.say("ticker.happened")} ${L.stamp(new Date(row.occurred_from))}`, "where");
    button.title = `${L.say("ticker.happened")} ${L.stamp(new Date(row.occurred_from))}, ${L.say("ticker.known")} ${L.when(known, { dateStyle: "medium", timeStyle: "medium" })}`;
    item.append(button);
    return item;
  }

  function draw() {
    const list = document.getElementById("ticker-list");
    if (!list) return;
    list.replaceChildren(...rows.map((row) => element(row, false)));
    document.getElementById("ticker-empty").hidden = rows.length > 0;
  }

  L.tickerStart = function (snapshot) {
    rows = snapshot.slice(0, MOST);
    seen.clear();
    rows.forEach((row) => seen.add(key(row)));
    draw();
  };
  /* Adds what is new and says how many were; a row that came twice is taken once. */
  L.tickerAdd = function (arrived) {
    const list = document.getElementById("ticker-list");
    const fresh = arrived.filter((row) => !seen.has(key(row)));
    if (!list || !fresh.length) return [];
    for (const row of fresh) {
      seen.add(key(row));
      const at = rows.findIndex((other) => other.known_at <= row.known_at);
      if (at < 0 && rows.length >= MOST) continue; // older than all that is shown: an archive
      rows.splice(at < 0 ? rows.length : at, 0, row);
      list.insertBefore(element(row, true), list.children[at < 0 ? list.children.length : at] || null);
    }
    while (rows.length > MOST) {
      rows.pop();
      list.lastElementChild.remove();
    }
    if (seen.size > 5000) { // the page is open for weeks: forget what can no longer come again
      seen.clear();
      rows.forEach((row) => seen.add(key(row)));
    }
    document.getElementById("ticker-empty").hidden = true;
    return fresh;
  };
  /* What earlier rows said of these incidents is forgotten, as their last version says. Says whether there was any. */
  L.tickerProtect = function (told) {
    const shown = rows.some((row) => told.has(row.uid) && !row.protected);
    rows = rows.map(function (row) {
      const now = told.get(row.uid);
      return now ? { ...row, title: null, lon: null, lat: null, area_name: now.area_name, protected: true } : row;
    });
    draw();
    return shown;
  };
  L.tickerMark = function (uid) {
    L.chosen = uid;
    for (const button of document.querySelectorAll(".tick")) {
      if (button.dataset.uid === uid) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  };

  document.addEventListener("click", function (event) {
    const button = event.target.closest && event.target.closest(".tick");
    if (!button) return;
    const row = rows.find((one) => one.uid === button.dataset.uid);
    set("chosen", { data: button.dataset.uid });
    if (row && row.lon !== null && row.lon !== undefined) L.map.fly(row.lon, row.lat);
  });
  document.addEventListener("keydown", function (event) { // arrows walk along the list
    const button = document.activeElement;
    if (!button || !button.classList.contains("tick")) return;
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    const next = step && button.parentElement[step];
    if (next) {
      next.firstElementChild.focus();
      event.preventDefault();
    }
  });
  L.onLanguage(draw);
})(window.lagesbild);

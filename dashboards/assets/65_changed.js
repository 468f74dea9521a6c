/* What changed since a moment: the panel over the time bar. The moment is in the address, so that a link shows the same;
   what is told of it comes from the server. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  const set = (id, props) => window.dash_clientside.set_props(id, props);
  const MINUTE = 60000;
  let changed = null; // {since, all}, or null: closed
  let known = null;
  let picked = null; // the picker's value when we set it
  let from = null; // what had the focus before the panel opened

  const panel = () => document.getElementById("changed-panel");
  const end = () => (known ? new Date(known) : L.now());
  const choose = (moment) => set("changed", { data: { since: new Date(Math.floor(moment / MINUTE) * MINUTE).toISOString(), all: Boolean(changed && changed.all) } });

  /* 07:00 of the day that is looked at, or of the day before while it is not yet seven. */
  function seven() {
    const day = L.day(end());
    const at = (day) => new Date(L.midnight(day).getTime() + 7 * 60 * MINUTE);
    const clock = (moment) => new Date(moment.getTime() + (7 - L.hour(moment)) * 60 * MINUTE); // over a change of clocks
    const today = clock(at(day));
    return today < end() ? today : clock(at(L.plusDays(day, -1)));
  }

  function draw() {
    const box = panel();
    if (!box) return;
    const opens = box.hidden && changed;
    const closes = !box.hidden && !changed;
    if (opens) from = document.activeElement;
    box.hidden = !changed;
    const button = document.getElementById("changed-open");
    button.setAttribute("aria-expanded", String(Boolean(changed)));
    if (opens) { L.closeViews(); box.focus({ preventScroll: true }); }
    if (closes) (from && from.isConnected && from !== document.body ? from : button).focus({ preventScroll: true });
    if (!changed) return;
    const since = new Date(changed.since);
    picked = L.day(since) + " " + L.clock(since) + ":00";
    set("changed-pick", { value: picked, maxDate: L.day(L.now()) + " 23:59:59" });
    set("changed-where", { value: changed.all ? "all" : "window" });
    document.getElementById("changed-at-shift").disabled = !L.shift;
    document.getElementById("changed-at-shift").title = L.shift ? L.stamp(new Date(L.shift)) + " – " + L.say("window.shift_explained") : L.say("window.shift_none");
    for (const [id, moment] of [["at-seven", seven()], ["day-ago", new Date(end() - 1440 * MINUTE)], ["at-shift", L.shift && new Date(L.shift)]]) {
      const near = moment && Math.abs(moment - since) < 2 * MINUTE;
      document.getElementById("changed-" + id).setAttribute("aria-pressed", String(Boolean(near)));
    }
    const save = document.getElementById("changed-csv");
    if (!save) return;
    const asked = new URLSearchParams({ since: changed.since, lang: L.lang });
    const shown = new URLSearchParams(L.parameters(L.asked));
    for (const name of ["kind", "area", "offence", ...(changed.all ? [] : ["from", "to", "from_hour", "to_hour"])]) {
      for (const value of shown.getAll(name)) asked.append(name, value);
    }
    if (known) asked.set("until", known);
    save.href = "/api/v1/changes.csv?" + asked;
  }

  /* An incident opens beside the map where the page has a place for it, and on the page Nu otherwise. */
  function openIncident(uid) {
    if (document.getElementById("drawer")) {
      set("chosen", { data: uid });
      if (window.innerWidth <= 1000) set("changed", { data: null }); // there is room for one of the two
      return;
    }
    const search = L.write({ ...L.view, incident: uid, pair: null, log: null, choice: {} });
    window.location.assign("/" + search);
  }
  document.addEventListener("click", function (event) {
    const entry = event.target.closest(".changes .change");
    if (entry) openIncident(entry.dataset.uid);
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape" || !changed || event.defaultPrevented) return;
    const busy = document.querySelector(".mantine-Modal-content, dialog[open], #timebar [aria-expanded=true]:not(#changed-open)");
    if (busy || !panel().contains(document.activeElement)) return;
    event.stopImmediatePropagation(); // an incident that is open too stays so
    set("changed", { data: null });
  }, true);

  L.closeChanged = function () { if (changed) set("changed", { data: null }); };
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.changes = {
    follow: function (view) {
      if (!view) return;
      L.view = view;
      changed = view.changed;
      known = view.known;
      draw();
    },
    press: function () {
      const { triggered_id: id } = window.dash_clientside.callback_context;
      if (id === "changed-open") { if (changed) set("changed", { data: null }); else choose(seven()); }
      if (id === "changed-close") set("changed", { data: null });
      if (id === "changed-at-seven") choose(seven());
      if (id === "changed-day-ago") choose(new Date(end() - 1440 * MINUTE));
      if (id === "changed-at-shift" && L.shift) choose(new Date(L.shift));
    },
    pick: function (value) {
      if (!value || value === picked || !changed) return;
      const [day, time] = value.split(/[ T]/);
      const [hour, minute] = (time || "00:00").split(":").map(Number);
      const moment = new Date(L.midnight(day).getTime() + (hour * 60 + minute) * MINUTE);
      choose(new Date(moment.getTime() + (hour - L.hour(moment)) * 60 * MINUTE));
    },
    where: function (value) {
      if (!changed || Boolean(changed.all) === (value === "all")) return;
      set("changed", { data: { ...changed, all: value === "all" } });
    },
  };
})(window.lagesbild);

/* The wall: no chrome, large letters, the pages in turn. `wall=60` in the address is so many seconds for each page. A page
   is left only when the server answers: a wall that has lost it keeps what it shows, says so, and comes back by itself. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  const SECONDS = 60;
  const TRIES = 10000; // how often it looks for the server again, in milliseconds
  const of = () => Number(new URLSearchParams(window.location.search).get("wall")) || 0;
  const seconds = () => (of() ? Math.min(3600, Math.max(10, of())) : 0);
  let timer = null;
  let since = performance.now();

  function go(path, wall) {
    const asked = new URLSearchParams(window.location.search);
    if (wall) asked.set("wall", wall);
    else asked.delete("wall");
    for (const own of ["incident", "pair", "log"]) asked.delete(own);
    window.location.assign(path + "?" + asked.toString().replaceAll("%2C", ",").replaceAll("%3A", ":"));
  }
  L.wall = () => go(window.location.pathname, seconds() ? 0 : SECONDS);

  const turn = () => [...document.querySelectorAll("#menu a[data-wall=yes]")].map((link) => link.pathname);
  function next() {
    const paths = turn();
    const at = paths.indexOf(window.location.pathname);
    return paths.length ? paths[(at + 1) % paths.length] : window.location.pathname;
  }
  async function answers() {
    try { return (await fetch("/api/v1/health", { cache: "no-store" })).ok; } catch { return false; }
  }
  async function watch() {
    window.clearTimeout(timer);
    if (!seconds()) return;
    const left = seconds() * 1000 - (performance.now() - since);
    if (left > 0) { timer = window.setTimeout(watch, Math.min(left, 1000)); progress(left); return; }
    if (await answers()) go(next(), seconds()); // a page alone is loaded anew: it never grows old
    else timer = window.setTimeout(watch, TRIES);
  }
  function progress(left) {
    const bar = document.getElementById("wall-turn");
    if (bar) bar.style.setProperty("--left", String(Math.max(0, left / (seconds() * 1000))));
  }
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && seconds() && !document.querySelector("dialog[open], .mantine-Modal-content")) go(window.location.pathname, 0);
    if (event.key === "ArrowRight" && seconds()) { since = -Infinity; watch(); }
  });

  document.documentElement.dataset.wall = seconds() ? "yes" : "no";
  window.addEventListener("popstate", function () { document.documentElement.dataset.wall = seconds() ? "yes" : "no"; });
  watch();
})(window.lagesbild);

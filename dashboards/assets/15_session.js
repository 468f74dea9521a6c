/* The session: it ends when nobody has shown for a while. What a page asks by itself is no sign of a person, so a hand
   on mouse, screen or keyboard is told to the server, once a minute at most. And the account's menu closes as menus do. */
"use strict";

(function () {
  const EVERY = 60000;
  let told = Date.now(); // opening the page was a sign

  async function here() {
    if (Date.now() - told < EVERY) return;
    told = Date.now();
    try {
      const answer = await fetch("/session/here", { method: "POST" });
      if (answer.status === 401) window.location.reload(); // over: the page asks to sign in, and leads back here
    } catch { /* the server is away: the stream says so */ }
  }
  for (const sign of ["pointerdown", "keydown", "wheel", "touchstart"]) {
    window.addEventListener(sign, here, { passive: true, capture: true });
  }

  document.addEventListener("pointerdown", function (event) {
    const menu = document.getElementById("account");
    if (menu && menu.open && !menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", function (event) {
    const menu = document.getElementById("account");
    if (event.key !== "Escape" || !menu || !menu.open) return;
    menu.open = false;
    document.getElementById("account-open").focus();
  });
})();

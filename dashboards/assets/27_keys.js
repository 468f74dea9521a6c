/* The keyboard: single keys for what is done often, and the list of them. Single keys can be switched off (WCAG 2.1.4). */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  const press = (id) => { const it = document.getElementById(id); if (it && !it.disabled) it.click(); };
  const other = (id, one, two) => {
    const now = document.querySelector(`#${id} input:checked`);
    if (now) window.dash_clientside.set_props(id, { value: now.value === one ? two : one });
  };
  /* Key, the text that says what it does, and what it does. */
  const KEYS = [
    ["?", "keys.help", () => help()],
    ["k", "keys.palette", () => L.palette()],
    ["1–9", "keys.page", null],
    ["f", "keys.filter", () => { const first = document.querySelector(".filters input, .filters button, .filters a"); if (first) first.focus(); }],
    ["m", "keys.table", () => { if (document.getElementById("table")) other("panel", "map", "table"); }],
    ["p", "keys.play", () => press("play")],
    [",", "keys.back", () => press("back")],
    [".", "keys.forward", () => press("forward")],
    ["n", "keys.live", () => press("live")],
    ["a", "keys.note", () => { if (document.getElementById("to-loggbok")) L.note(); }],
    ["t", "keys.theme", () => press("theme")],
    ["l", "keys.language", () => other("language", "sv", "en")],
    ["w", "keys.wall", () => L.wall()],
    ["Esc", "keys.escape", null],
  ];
  const off = () => { try { return window.localStorage.getItem("lagesbild.keys") === "off"; } catch { return false; } };

  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      L.palette();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || off()) return;
    const at = event.target;
    if (at.isContentEditable || at.closest("input:not([type=radio], [type=checkbox]), textarea, select, dialog, [role=combobox]")) return;
    if (/^[1-9]$/.test(event.key)) {
      const link = document.querySelectorAll("#menu a")[Number(event.key) - 1];
      if (link) link.click();
      return;
    }
    const known = KEYS.find(([key, , act]) => act && key === event.key);
    if (!known) return;
    event.preventDefault();
    known[2]();
  });

  /* A dialog of ours: made when it is needed, gone when it is closed, focus back where it was. */
  L.dialog = function (id, title, fill) {
    const open = document.getElementById(id);
    if (open) { open.close(); return null; }
    const before = document.activeElement;
    const box = document.createElement("dialog");
    box.id = id;
    box.className = "card ours";
    box.setAttribute("aria-label", title);
    fill(box);
    box.addEventListener("close", function () {
      box.remove();
      if (before && before.isConnected) before.focus();
    });
    box.addEventListener("click", (event) => { if (event.target === box) box.close(); });
    document.body.append(box);
    box.showModal();
    return box;
  };
  L.make = function (tag, text, attributes, ...children) {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };

  function help() {
    const { make } = L;
    L.dialog("keys-help", L.say("keys.title"), function (box) {
      const rows = KEYS.map(([key, text]) => make("tr", "", {}, make("th", "", { scope: "row" }, make("kbd", key)), make("td", L.say(text))));
      const single = make("input", "", { type: "checkbox", id: "keys-single" });
      single.checked = !off();
      single.addEventListener("change", () => L.keep("keys", single.checked ? "on" : "off"));
      const tour = make("button", L.say("tour.again"), { type: "button", class: "quiet" });
      tour.addEventListener("click", function () { box.close(); L.tour(); });
      const close = make("button", L.say("incident.close"), { type: "button", class: "quiet" });
      close.addEventListener("click", () => box.close());
      box.append(
        make("h2", L.say("keys.title")), make("table", "", {}, make("tbody", "", {}, ...rows)),
        make("label", "", { class: "single" }, single, make("span", L.say("keys.single"))),
        make("div", "", { class: "buttons" }, tour, close),
      );
    });
  }
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.keys = { help: (clicks) => { if (clicks) help(); } };
})(window.lagesbild);

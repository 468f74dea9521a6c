/* The command palette: everything that can be pressed on this page, every page and every area, by its name. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  const MOST = 12;
  let areas = null;

  const flat = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  const nameOf = (it) => (it.getAttribute("aria-label") || it.textContent || it.title || "").replace(/\s+/g, " ").trim();
  const shown = (it) => it.checkVisibility({ visibilityProperty: true }) && !it.disabled;

  function pages() {
    return [...document.querySelectorAll("#menu a")].map((link) => ({ name: nameOf(link), group: L.say("palette.page"), run: () => link.click() }));
  }
  function controls() {
    const within = ["#content", ".timebar", ".header"].map((where) => `${where} :is(button, summary, a[href], label[for])`).join(", ");
    const found = new Map();
    for (const it of document.querySelectorAll(within)) {
      const name = nameOf(it);
      if (name.length < 2 || name.length > 70 || !shown(it) || it.closest("#ticker-list, .ag-root-wrapper, .maplibregl-map, .skip")) continue;
      if (!found.has(name)) found.set(name, { name, group: L.say("palette.here"), run: () => { it.click(); if (it.focus) it.focus(); } });
    }
    return [...found.values()];
  }
  async function fetchAreas() {
    if (areas || !document.getElementById("area")) return;
    try {
      const answer = await fetch("/api/v1/areas");
      if (!answer.ok) return;
      const kinds = ["polisomrade", "lokalpolisomrade", "kommun"];
      areas = (await answer.json()).rows.filter((area) => kinds.includes(area.kind) && !area.valid_to);
    } catch { /* the server is away: the palette has the rest */ }
  }
  const places = () => (areas || []).map((area) => ({
    name: area.name,
    group: L.say("area." + area.kind),
    run: () => window.dash_clientside.set_props("area", { value: area.code }),
  }));

  /* Each typed word must be there; names that begin with it come first, then pages, then what is here. */
  function matching(items, typed) {
    const words = flat(typed).split(/\s+/).filter(Boolean);
    const fits = items.filter(({ name, group }) => words.every((word) => flat(name + " " + group).includes(word)));
    const rank = ({ name }) => (words.length && flat(name).startsWith(words[0]) ? 0 : 1);
    return fits.map((item, n) => [rank(item), n, item]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).slice(0, MOST).map(([, , item]) => item);
  }

  L.palette = function () {
    const { make } = L;
    let items = [...pages(), ...controls(), ...places()];
    let found = [];
    let at = 0;
    const box = L.dialog("palette", L.say("palette.title"), function (box) {
      const input = make("input", "", { id: "palette-input", type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", placeholder: L.say("palette.hint"), "aria-label": L.say("palette.title") });
      const list = make("ul", "", { id: "palette-list", role: "listbox", "aria-label": L.say("palette.title") });
      const none = make("p", L.say("palette.none"), { class: "nothing", role: "status" });
      const run = (item) => { box.close(); if (item) window.setTimeout(item.run, 0); };
      function draw() {
        list.replaceChildren(...found.map(function (item, n) {
          const option = make("li", "", { id: "palette-" + n, role: "option", "aria-selected": String(n === at) }, make("span", item.name), make("small", item.group));
          option.addEventListener("click", () => run(item));
          option.addEventListener("pointermove", () => { if (at !== n) { at = n; draw(); } });
          return option;
        }));
        none.hidden = found.length > 0;
        list.hidden = !found.length;
        if (found.length) input.setAttribute("aria-activedescendant", "palette-" + at);
        else input.removeAttribute("aria-activedescendant");
        if (list.children[at]) list.children[at].scrollIntoView({ block: "nearest" });
      }
      const search = () => { found = matching(items, input.value); at = 0; draw(); };
      input.addEventListener("input", search);
      input.addEventListener("keydown", function (event) {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step && found.length) { at = (at + step + found.length) % found.length; draw(); }
        else if (event.key === "Enter") run(found[at]);
        else return;
        event.preventDefault();
      });
      box.append(input, list, none);
      search();
      if (!areas) fetchAreas().then(function () { items = [...items, ...places()]; if (box.isConnected) search(); });
    });
    if (box) box.querySelector("input").focus();
  };
})(window.lagesbild);

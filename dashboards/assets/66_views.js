/* Kept views: addresses under names, one's own and those that others share. Asked for when the menu opens; what a view
   shows is asked for by the page that it leads to. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  const set = (id, props) => window.dash_clientside.set_props(id, props);
  const NOT_KEPT = ["lang", "theme", "pair", "log", "wall"];
  const box = () => document.getElementById("views");
  let rows = [];
  let naming = null; // the id of the view that is being renamed
  let from = null;

  const say = (text) => { const said = document.getElementById("views-said"); if (said) said.textContent = text; };
  function address() {
    const asked = new URLSearchParams(window.location.search);
    for (const name of NOT_KEPT) asked.delete(name);
    const search = asked.toString();
    return window.location.pathname + (search ? "?" + search : "");
  }
  async function ask(method, path, body) {
    const headers = body ? { "Content-Type": "application/json" } : {};
    const answer = await fetch("/api/v1/views" + path, { method, headers, cache: "no-store", body: body && JSON.stringify(body) });
    if (answer.status === 401) window.location.reload();
    const told = await answer.json();
    if (!answer.ok) throw new Error(answer.status === 400 ? told.error : "");
    return told;
  }
  /* What the server refuses it says in English; the screen says it in its own language. */
  function why(error) {
    if (/of that name already/.test(error.message)) return L.say("views.name_taken");
    if (/name|personal number/.test(error.message)) return L.say("views.name_needed");
    return L.say("views.failed");
  }
  async function doing(work, done) {
    try {
      await work();
      await load();
      say(done);
    } catch (error) { say(why(error)); }
  }
  async function load() {
    rows = (await ask("GET", "")).rows;
    draw();
  }

  const button = (text, label, press, more) => {
    const made = L.make("button", text, { type: "button", class: "quiet", "aria-label": label, ...more });
    made.addEventListener("click", press);
    return made;
  };
  function own(row) {
    if (naming === row.view) return rename(row);
    const { name, view, shared } = row;
    const [act, label] = shared ? ["views.unshare_short", "views.unshare_one"] : ["views.share_short", "views.share_one"];
    return [
      button(L.say("views.rename_short"), L.say("views.rename", { name }), function () { naming = view; draw(); document.getElementById("views-new-name").focus(); }),
      button(L.say(act), L.say(label, { name }), () => doing(() => ask("POST", "/" + view, { shared: !shared }), L.say("views.changed", { name })), { "aria-pressed": String(shared) }),
      button(L.say("views.drop_short"), L.say("views.drop", { name }), () => doing(() => ask("DELETE", "/" + view), L.say("views.dropped", { name }))),
    ];
  }
  function rename(row) {
    const input = L.make("input", "", { id: "views-new-name", type: "text", maxlength: "80", "aria-label": L.say("views.rename", { name: row.name }) });
    input.value = row.name;
    const done = function () {
      const name = input.value.trim();
      naming = null;
      if (!name || name === row.name) { draw(); return; }
      doing(() => ask("POST", "/" + row.view, { name }), L.say("views.changed", { name })).then(draw);
    };
    input.addEventListener("keydown", function (event) {
      if (event.key === "Enter") done();
      if (event.key === "Escape") { event.stopPropagation(); naming = null; draw(); }
    });
    return [input, button(L.say("views.keep"), L.say("views.rename", { name: row.name }), done)];
  }
  /* The same page follows the address without being loaded anew; the person's own language and theme stay. */
  function go(event) {
    const link = event.currentTarget;
    if (event.ctrlKey || event.metaKey || event.shiftKey || link.pathname !== window.location.pathname) return;
    event.preventDefault();
    window.history.pushState(null, "", link.search || "?");
    set("address", { data: { search: window.location.search, at: Date.now() } });
    close();
  }
  function item(row) {
    const link = L.make("a", row.name, { href: row.address });
    link.addEventListener("click", go);
    const note = row.own ? (row.shared ? L.say("views.is_shared") : "") : L.say("views.by", { owner: row.owner });
    const acts = L.make("span", "", { class: "acts" }, ...(row.own ? own(row) : []));
    return L.make("li", "", {}, link, L.make("small", note), acts);
  }
  function draw() {
    const list = document.getElementById("views-list");
    if (!list) return;
    const groups = [["views.mine", rows.filter((row) => row.own)], ["views.shared", rows.filter((row) => !row.own)]];
    const drawn = groups.filter(([, held]) => held.length).map(([title, held]) =>
      L.make("section", "", {}, L.make("h3", L.say(title)), L.make("ul", "", {}, ...held.map(item))));
    list.replaceChildren(...(drawn.length ? drawn : [L.make("p", L.say("views.none"), { class: "nothing" })]));
  }
  function form() {
    const held = document.getElementById("views-form");
    if (!held) return;
    const name = L.make("input", "", { id: "views-name", type: "text", maxlength: "80", autocomplete: "off", placeholder: L.say("views.name"), "aria-label": L.say("views.name") });
    const shared = L.make("input", "", { id: "views-share", type: "checkbox" });
    const keep = function () {
      const text = name.value.trim();
      if (!text) { say(L.say("views.name_needed")); name.focus(); return; }
      doing(async function () {
        await ask("POST", "", { name: text, address: address(), shared: shared.checked });
        name.value = "";
        shared.checked = false;
      }, L.say("views.kept", { name: text }));
    };
    name.addEventListener("keydown", (event) => { if (event.key === "Enter") keep(); });
    const press = button(L.say("views.keep"), L.say("views.keep"), keep, { id: "views-keep" });
    held.replaceChildren(name, press, L.make("label", "", { for: "views-share" }, shared, L.make("span", L.say("views.share"))));
  }

  function open() {
    from = document.activeElement;
    L.closeChanged();
    box().hidden = false;
    document.getElementById("views-open").setAttribute("aria-expanded", "true");
    say("");
    form();
    (document.getElementById("views-name") || box()).focus({ preventScroll: true });
    load().catch(() => say(L.say("views.failed")));
  }
  function close() {
    if (!box() || box().hidden) return;
    const inside = box().contains(document.activeElement);
    naming = null;
    box().hidden = true;
    document.getElementById("views-open").setAttribute("aria-expanded", "false");
    if (inside) (from && from.isConnected && from !== document.body ? from : document.getElementById("views-open")).focus({ preventScroll: true });
  }
  L.closeViews = close;
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape" || !box() || box().hidden || !box().contains(document.activeElement)) return;
    event.stopImmediatePropagation();
    close();
  });
  document.addEventListener("pointerdown", function (event) {
    if (box() && !box().hidden && !box().contains(event.target) && event.target.id !== "views-open") close();
  });
  L.onLanguage(function () { if (box() && !box().hidden) { form(); draw(); } });
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.keptviews = {
    press: function () {
      const { triggered_id: id } = window.dash_clientside.callback_context;
      if (id === "views-open") { if (box().hidden) open(); else close(); }
      if (id === "views-close") close();
    },
  };
})(window.lagesbild);

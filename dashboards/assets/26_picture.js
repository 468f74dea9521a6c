/* Pictures: drawn in the size of the screen, shown as figure or table, saved as PNG; and the small menus that drop down. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  /* Figures are made by the server in the size of a desk; a wall's letters and lines grow with its page. */
  function scaled(figure) {
    const scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    const { font, height, margin, legend } = figure.layout || {};
    const layout = { ...figure.layout, font: { ...font, size: ((font && font.size) || 12) * scale } };
    if (height) layout.height = document.documentElement.dataset.wall === "yes" ? undefined : height * scale; // a wall's card says how high
    if (margin) layout.margin = Object.fromEntries(Object.entries(margin).map(([side, n]) => [side, typeof n === "number" ? n * scale : n]));
    if (legend) layout.legend = lettered(legend, scale);
    for (const [name, axis] of Object.entries(layout)) if (/^[xy]axis/.test(name)) layout[name] = lettered(axis, scale);
    if (layout.annotations) layout.annotations = layout.annotations.map((one) => lettered(one, scale));
    return { ...figure, data: (figure.data || []).map((trace) => lettered(drawn(trace, scale), scale)), layout };
  }
  /* A trace with its markers, lines and whiskers in the screen's size. */
  function drawn(part, scale) {
    const grown = { ...part };
    for (const name of ["marker", "line", "error_x", "error_y"]) {
      const own = part[name];
      if (!own || typeof own !== "object") continue;
      grown[name] = drawn(own, scale);
      for (const size of ["size", "width", "thickness"])
        if (typeof own[size] === "number") grown[name][size] = own[size] * scale;
        else if (Array.isArray(own[size])) grown[name][size] = own[size].map((n) => (typeof n === "number" ? n * scale : n));
    }
    return grown;
  }
  /* The same with its own letters (font, tickfont, textfont, those of its title) in the screen's size. */
  function lettered(part, scale) {
    const grown = { ...part };
    for (const name of ["font", "tickfont", "textfont", "title", "colorbar"]) {
      const own = part[name];
      if (!own || typeof own !== "object") continue;
      grown[name] = /font$/.test(name) ? { ...own, ...(typeof own.size === "number" && { size: own.size * scale }) } : lettered(own, scale);
    }
    return grown;
  }
  L.scaled = scaled;

  /* The table behind a picture is drawn when it is looked at; its cells are texts in the page's language. */
  const twins = new Map();
  function drawTwin(place) {
    const kept = twins.get(place.id);
    if (!kept) { place.replaceChildren(); return; }
    const row = (cells, tag) => {
      const line = document.createElement("tr");
      cells.forEach(function (text, n) {
        const cell = document.createElement(tag);
        cell.textContent = text;
        cell.dataset.kind = kept.columns[n][2];
        if (tag === "th") cell.scope = "col";
        line.append(cell);
      });
      return line;
    };
    const table = document.createElement("table");
    table.className = "twin";
    const [head, ...body] = kept.cells;
    table.createTHead().append(row(head, "th"));
    table.createTBody().append(...body.map((cells) => row(cells, "td")));
    place.replaceChildren(table);
  }

  function panel(section, name) {
    section.dataset.panel = name;
    for (const button of section.querySelectorAll(".picture-switch button"))
      button.setAttribute("aria-pressed", String(button.dataset.panel === name));
    if (name === "table") drawTwin(section.querySelector(".picture-table"));
    if (name === "figure") window.dispatchEvent(new Event("resize")); // it had no size while it was not shown
  }
  document.addEventListener("click", function (event) {
    const button = event.target.closest && event.target.closest(".picture-switch button");
    if (button) panel(button.closest(".picture"), button.dataset.panel);
  });

  /* Plotly's own PNG goes by a picture of a blob, which the page's policy does not know; an address of data it does. */
  function save(svg, width, height, name) {
    const drawn = new Image();
    drawn.onload = function () {
      const canvas = document.createElement("canvas");
      canvas.width = 2 * width;
      canvas.height = 2 * height;
      canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(function (png) {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(png);
        link.download = name + ".png";
        link.click();
        window.setTimeout(() => URL.revokeObjectURL(link.href), 60000);
      });
    };
    drawn.src = svg;
  }

  const open = () => [...document.querySelectorAll("details.drop[open]")];
  document.addEventListener("pointerdown", function (event) {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.picture = {
    draw: function (figure, lang) {
      const keep = window.dash_clientside.no_update;
      if (!figure) return [keep, keep];
      return [scaled(figure), { displayModeBar: false, locale: lang || "sv", responsive: true }];
    },
    twin: function (kept, id) {
      const place = document.getElementById(id);
      if (kept) twins.set(id, kept);
      else twins.delete(id);
      if (place && place.closest(".picture").dataset.panel === "table") drawTwin(place);
    },
    png: function (clicks, id) {
      const graph = clicks && document.querySelector("#" + id + " .js-plotly-plot");
      if (!graph) return;
      const style = getComputedStyle(document.documentElement);
      const ground = { paper_bgcolor: style.getPropertyValue("--card").trim() };
      const box = graph.getBoundingClientRect();
      const [width, height] = box.width < 10 || box.height < 10 ? [1200, 600] : [box.width, box.height]; // its table is shown
      const figure = { data: graph.data, layout: { ...graph.layout, ...ground } };
      window.Plotly.toImage(figure, { format: "svg", width, height }).then((svg) => save(svg, width, height, id.replace(/-graph$/, "")));
    },
  };
})(window.lagesbild);

/* What is wrong with a page as it is drawn: one finding an element. Evaluated in the page by tests/browser/findings.py.
   `asked` holds `words`: the words that only the other language has. */
(asked) => {
  const found = [];
  const add = (kind, element, told) => found.push({ kind, element: nameOf(element), told: String(told).slice(0, 160) });

  function nameOf(element) {
    const parts = [];
    for (let one = element; one && one !== document.body && parts.length < 4; one = one.parentElement) {
      if (one.id) { parts.unshift("#" + one.id); break; }
      const classes = [...one.classList].filter((name) => !/^m_|^css-|^mantine-[a-z0-9]{6,}$/.test(name)).slice(0, 2);
      parts.unshift([one.tagName.toLowerCase(), ...classes].join("."));
    }
    return parts.join(" > ");
  }

  const styles = new Map();
  const styleOf = (element) => {
    if (!styles.has(element)) styles.set(element, getComputedStyle(element));
    return styles.get(element);
  };
  const shown = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !onlyHeard(element);
  /* Texts for screen readers: a box of one pixel, or clipped away. */
  function onlyHeard(element) {
    for (let one = element; one && one !== document.body; one = one.parentElement) {
      const box = one.getBoundingClientRect();
      const style = styleOf(one);
      if (style.clipPath === "inset(50%)" || /rect\(0(px)?,? 0(px)?,? 0(px)?,? 0(px)?\)/.test(style.clip)) return true;
      if (box.width <= 1.5 && box.height <= 1.5 && style.overflow === "hidden") return true;
    }
    return false;
  }
  const ownText = (element) =>
    [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data).join("").trim();

  /* 1. Nothing scrolls sideways but tables and maps. */
  const sideways = document.documentElement.scrollWidth - window.innerWidth;
  if (sideways > 0) add("overflow", document.documentElement, sideways + " px sideways");

  /* 2. No text is cut. What is shortened with dots says its whole text in a title. */
  const all = [...document.body.querySelectorAll("*")].filter((one) => !one.closest(".maplibregl-map, svg, canvas"));
  for (const one of all) {
    const text = ownText(one);
    if (!text || !shown(one) || one.matches("input, textarea, option, script, style")) continue;
    if (one.closest(".ag-root") && (one.title || one.closest("[title]"))) continue;
    for (let box = one, depth = 0; box && depth < 3; box = box.parentElement, depth++) {
      const style = styleOf(box);
      if (style.display === "inline" || style.display === "contents") continue;
      const sideHidden = /hidden|clip/.test(style.overflowX), downHidden = /hidden|clip/.test(style.overflowY);
      if (!sideHidden && !downHidden) { if (/auto|scroll/.test(style.overflowX + style.overflowY)) break; continue; }
      const told = box.title || box.getAttribute("aria-label") || one.title;
      const wide = sideHidden && box.scrollWidth > box.clientWidth + 1;
      const high = downHidden && box.scrollHeight > box.clientHeight + 4;
      if ((wide && !(style.textOverflow === "ellipsis" && told)) || (high && !told)) {
        const outside = depth === 0 || leaves(one, box);
        if (outside) add("cut", one, text);
      }
      break;
    }
  }
  function leaves(inner, box) {
    const [a, b] = [inner.getBoundingClientRect(), box.getBoundingClientRect()];
    return a.right > b.right + 1 || a.bottom > b.bottom + 4 || a.left < b.left - 1;
  }

  /* 3. No two texts lie over each other. */
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const own = node.parentElement;
    if (!node.data.trim() || !own || own.closest("script, style, option, .maplibregl-map, noscript") || !shown(own)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width < 3 || box.height < 3 || box.right < 0 || box.bottom < 0) continue;
      if (box.left > window.innerWidth || box.top > window.innerHeight) continue;
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      if (covered(own, x, y)) continue;
      texts.push({ box, own, text: node.data.trim() });
    }
  }
  /* Whether something that cannot be seen through lies before an element. */
  function covered(own, x, y) {
    for (const one of document.elementsFromPoint(x, y)) {
      if (one === own || own.contains(one) || one.contains(own)) return false;
      if (one.matches("img, canvas, video") || opaque(styleOf(one).backgroundColor)) return true;
    }
    return !own.ownerSVGElement && x >= 0 && y >= 0 && x < window.innerWidth && y < window.innerHeight && styleOf(own).pointerEvents !== "none";
  }
  function opaque(colour) {
    const parts = colour.match(/[\d.]+/g) || [];
    return colour !== "transparent" && (parts.length < 4 || Number(parts[3]) > 0.5);
  }
  texts.sort((a, b) => a.box.top - b.box.top);
  for (let i = 0; i < texts.length; i++) {
    for (let j = i + 1; j < texts.length && texts[j].box.top < texts[i].box.bottom; j++) {
      const [a, b] = [texts[i], texts[j]];
      if (a.own === b.own || a.own.contains(b.own) || b.own.contains(a.own)) continue;
      const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      if (wide < 3 || high < 4) continue;
      const turned = (one) => one.own.ownerSVGElement && /rotate\(-?(?!0)/.test(one.own.getAttribute("transform") || "");
      if (turned(a) || turned(b)) continue; // the box of a slanted label is larger than the label
      add("overlap", a.own, `${a.text.slice(0, 60)} × ${b.text.slice(0, 60)} (${nameOf(b.own)})`);
    }
  }

  /* 4. No card is empty: it says something, and a figure in it has drawn. */
  for (const card of document.querySelectorAll(".card, .js-plotly-plot")) {
    if (!shown(card)) continue;
    const box = card.getBoundingClientRect();
    if (card.matches(".js-plotly-plot")) {
      const size = (data) => ["x", "y", "z", "values", "r", "lat", "locations"].reduce((n, key) => n + (data[key]?.length ?? 0), 0);
      const held = (card.data || []).reduce((n, data) => n + (data.x?.bdata || data.y?.bdata ? 1 : size(data)), 0);
      if (!held) add("empty", card, "a figure without data");
      else if (box.height < 40 || box.width < 40) add("empty", card, `a figure of ${Math.round(box.width)} × ${Math.round(box.height)} px`);
    } else if (!card.innerText.trim() && !card.querySelector("svg, img, canvas, input")) add("empty", card, "a card without a word");
  }

  /* 5. No word of the other language. What is said in another language on purpose says so (lang, translate=no), and code is in none. */
  const here = document.documentElement.lang;
  const other = new Set(asked.words);
  const spoken = [...texts.map((one) => [one.own, one.text])];
  for (const one of document.body.querySelectorAll("[aria-label], [title], [placeholder], img[alt]"))
    if (shown(one)) for (const name of ["aria-label", "title", "placeholder", "alt"])
      if (one.getAttribute(name)) spoken.push([one, one.getAttribute(name)]);
  const seen = new Set();
  for (const [own, text] of spoken) {
    const marked = own.closest("[lang]");
    if ((marked && marked !== document.documentElement && marked.lang !== here) || own.closest("[translate=no], code, kbd")) continue;
    for (const word of text.toLowerCase().match(/[a-zåäöéü]{3,}/g) || [])
      if (other.has(word) && !seen.has(word + nameOf(own))) {
        seen.add(word + nameOf(own));
        add("language", own, `${word}: ${text.slice(0, 100)}`);
      }
  }
  return found;
}

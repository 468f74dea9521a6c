"""Every page is for everybody: axe-core finds nothing in either theme, nothing is cut, and at 400 % all is in reach.

axe-core is put into the page by the debugger, as the page's policy lets no script in by any other way.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import axe_playwright_python
import pytest

from tests.browser.demo_world import demo_world, lasting, page_of, settled
from tests.browser.findings import foreign, look, pages, unfold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.async_api import Browser, Page

    from dashboards.words import Language
    from tests.browser.demo_world import World

pytestmark = pytest.mark.browser

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """
async (tags) => {
  const told = await axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]});
  const why = (node) => node.any.concat(node.all, node.none).map((said) => said.message)[0] || "";
  return told.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(" ")}: ${why(node)}`));
}
"""
NARROW = (320, 640)
"""What is left of 1280 × 1024 px at 400 %: WCAG 2.2, 1.4.10."""

OUT_OF_REACH = """
() => {
  const told = [];
  const width = document.documentElement.clientWidth;
  const wide = document.documentElement.scrollWidth;
  if (wide > width + 1) told.push(`the page is ${wide} px wide`);
  const free = ".ag-root, .ag-root-wrapper, .maplibregl-map, .js-plotly-plot, table, [data-scrolls]";
  const reached = "a[href], button, input, select, textarea, [tabindex='0'], [role=radio]";
  const sideways = (one) => {
    for (let up = one.parentElement; up; up = up.parentElement)
      if (/auto|scroll/.test(getComputedStyle(up).overflowX) && up.scrollWidth > up.clientWidth + 1) return true;
    return false;
  };
  for (const one of document.querySelectorAll(reached)) {
    if (one.closest(free) || !one.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
    if (one.disabled || one.type === "hidden" || one.matches(".skip")) continue;
    let box = one.getBoundingClientRect();
    if (box.width <= 2 || box.height <= 2) continue;  // a radio's own box: its label is what is seen
    one.scrollIntoView({block: "center", inline: "nearest"});
    box = one.getBoundingClientRect();
    const name = `${one.tagName} ${one.id || one.className}`;
    if (!sideways(one) && (box.left < -1 || box.right > width + 1))
      told.push(`${name}: ${Math.round(box.left)}–${Math.round(box.right)}`);
    if (box.bottom < 0 || box.top > window.innerHeight) told.push(`${name} cannot be scrolled to`);
  }
  return told;
}
"""
PLANT = """
(word) => {
  const add = (id, text, style, classes = "") => {
    const one = document.createElement("div");
    one.id = id;
    one.textContent = text;
    one.className = classes;
    Object.assign(one.style, {position: "fixed", zIndex: 9999, color: "#fff", background: "#000", ...style});
    document.body.append(one);
  };
  add("cut-it", "En lång etikett", {overflow: "hidden", width: "40px", whiteSpace: "nowrap", top: "90px"});
  add("under", "Skriven först", {top: "200px", left: "200px", background: "none"});
  add("over", "Skriven sedan", {top: "206px", left: "220px", background: "none"});
  add("hollow", "", {top: "300px", width: "80px", height: "80px"}, "card");
  add("foreign", word, {top: "420px", left: "20px"});
  add("wide", "bred", {position: "absolute", top: "10px", left: "3000px"});
}
"""
PAGES = [pytest.param(*page, id=page[0]) for page in pages()]
ENGLISH = pytest.mark.bench
"""Swedish is what is read here, and every run looks at it; English is looked at by ``-m bench``."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with demo_world(tmp_path_factory.mktemp("var")) as world:
        yield world


async def violations(page: Page) -> list[str]:
    """What axe-core finds, one line an element."""
    if not await page.evaluate("typeof axe !== 'undefined'"):
        await page.evaluate(f"() => {{ {AXE} }}")
    told: list[str] = await page.evaluate(RUN, TAGS)
    return told


@pytest.mark.parametrize(
    "language", [pytest.param("sv", id="sv"), pytest.param("en", id="en", marks=ENGLISH)]
)
@pytest.mark.parametrize(("name", "path", "role"), PAGES)
async def test_a_page_is_for_everybody(
    browser: Browser, world: World, name: str, path: str, role: str, language: Language
) -> None:
    """One look at a page, which turns light, grows narrow as at 400 % and becomes a telephone while it is open."""
    found: dict[str, list[str]] = {}
    async with page_of(browser, world, f"{path}?theme=dark&lang={language}", role=role) as (page, _):
        assert await page.evaluate("document.documentElement.lang") == language
        found["axe, dark"] = await lasting(page, lambda: violations(page))
        await page.locator("#theme").click()
        await page.wait_for_function("() => document.documentElement.dataset.theme === 'light'")
        await settled(page, 250)
        found["axe, light"] = await lasting(page, lambda: violations(page))
        for width, height in ((1366, 768), (390, 844)):
            await page.set_viewport_size({"width": width, "height": height})
            await unfold(page, width, height)
            await settled(page, 250)
            seen = await lasting(page, lambda: look(page, language))
            found[f"{width} px"] = [str(one) for one in seen]
        await page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
        await settled(page, 250)
        found["400 %"] = await lasting(page, lambda: page.evaluate(OUT_OF_REACH))
    assert {where: told for where, told in found.items() if told} == {}, name


async def test_the_looking_finds_what_is_planted(browser: Browser, world: World) -> None:
    async with page_of(browser, world, "/?theme=dark") as (page, _):
        before = await look(page, "sv")
        english = min(foreign("sv") & {"reports", "the", "and"})
        await page.evaluate(PLANT, english)
        told = [one for one in await look(page, "sv") if one not in before]
        kinds = {one.kind for one in told}
        assert kinds == {"cut", "overlap", "empty", "language", "overflow"}, told
        assert any("#cut-it" in one.element for one in told if one.kind == "cut")
        assert any("#hollow" in one.element for one in told if one.kind == "empty")


async def test_axe_finds_what_is_planted(browser: Browser, world: World) -> None:
    async with page_of(browser, world, "/partner") as (page, _):
        await page.evaluate("document.body.append(document.createElement('button'))")
        assert any(one.startswith("button-name") for one in await violations(page))

"""What can be found wrong with a drawn page without a person's eye: overflow, cut and overlapping texts, empty cards,
words of the other language. The looking itself is ``findings.js``; here are the words and the pages.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.config import ROOT
from app.domain.permissions import GRANTED
from dashboards.components.text import TEXT
from dashboards.discovery import find_pages

if TYPE_CHECKING:
    from playwright.async_api import Page

    from app.domain.viewer import Role
    from dashboards.words import Language

LOOK = Path(__file__).with_name("findings.js").read_text(encoding="utf-8")
WORD = re.compile(r"[a-zåäöéü]{3,}")
PREFERRED: tuple[Role, ...] = ("analyst", "auditor", "feed_admin", "commander", "partner")
BOTH = frozenset(
    {
        "csv",
        "xlsx",
        "geojson",
        "png",
        "pdf",
        "html",
        "api",
        "json",
        "demo",
        "wcag",
        "log",
        "plan",
        "den",
        "man",
    }
    | {"hot", "led", "top", "rank", "sent", "status"}
)
"""Words that mean something in both languages, or nothing in any: formats, and what is spelt alike."""

TALLEST_PX = 8_000
ROOM = """
() => Math.max(0, ...[document.documentElement, ...document.querySelectorAll("main, main *")].map((one) => {
  const how = getComputedStyle(one).overflowY;
  const scrolls = one === document.documentElement || how === "auto" || how === "scroll";
  const beside = one.clientWidth * 2 < window.innerWidth; // a list beside a map keeps its height and scrolls
  const own = beside || one.closest(".ag-root, .maplibregl-map, textarea");
  return scrolls && !own ? one.scrollHeight - one.clientHeight : 0;
}))
"""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: ``kind`` is overflow, cut, overlap, empty or language."""

    kind: str
    element: str
    told: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.element}: {self.told}"


async def look(page: Page, language: Language) -> list[Finding]:
    """What is wrong with the page as it is drawn now, in this language."""
    told: list[dict[str, Any]] = await page.evaluate(LOOK, {"words": sorted(foreign(language))})
    return [Finding(**one) for one in told]


async def unfold(page: Page, width: int, height: int) -> int:
    """Make the window so high that nothing of the page is scrolled away; the height."""
    for _ in range(3):
        more = int(await page.evaluate(ROOM))
        if more <= 1 or height >= TALLEST_PX:
            break
        height = min(height + more, TALLEST_PX)
        await page.set_viewport_size({"width": width, "height": height})
        await page.wait_for_timeout(250)
    return height


def pages() -> list[tuple[str, str, str]]:
    """Name, path and role of every page: the role is the first of ``PREFERRED`` that may see it."""
    found = []
    for page in find_pages():
        role = next(role for role in PREFERRED if page.permission in GRANTED[role])
        found.append((page.name, page.path, role))
    return found


@cache
def foreign(language: Language) -> frozenset[str]:
    """Words that the other language's texts have and this one's do not, without names of places."""
    texts = [TEXT, *(page.text for page in find_pages())]
    sides: tuple[set[str], set[str]] = (set(), set())
    for both in texts:
        for pair in both.values():
            for side, text in zip(sides, pair, strict=True):
                side.update(WORD.findall(re.sub(r"\{[^}]*\}|<[^>]*>", " ", text).lower()))
    own, other = sides if language == "sv" else (sides[1], sides[0])
    return frozenset(other - own - BOTH - _places())


def _places() -> set[str]:
    folder = ROOT / "geodata" / "regions" / "stockholm"
    words: set[str] = set()
    for name in ("police_areas.csv", "delomraden.csv", "kommuner.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for key in ("name", "polisomrade_name", "lokalpolisomrade_name"):
                    words.update(WORD.findall(str(row.get(key, "")).lower()))
    return words

"""``make pictures``: every page in every theme, language and width, for people to look at, with what a machine finds.

Without options it loads a demo of its own and takes all of them (some minutes). ``--base`` and ``--token`` take an
instance that runs; ``--pages``, ``--widths``, ``--themes`` and ``--languages`` take some. Writes
``artifacts/screenshots/pages/*.png``, ``index.html`` (the contact sheet) and ``findings.txt`` beside them, and ends
with 1 when anything was found.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import os
import sys
import tempfile
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.async_api import Error, async_playwright

from app.cluster import Cluster
from app.config import ROOT
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.demo_world import demo_world, lasting, settled
from tests.browser.findings import Finding, look, pages, unfold
from tests.conftest import CLUSTER_DSN, _make_template

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from dashboards.words import Language

OUT = ROOT / "artifacts" / "screenshots" / "pages"
HEIGHTS = {320: 640, 390: 844, 1366: 768, 1920: 1080, 3840: 2160}
WIDTHS = (390, 1366, 1920, 3840)
THEMES = ("dark", "light")
LANGUAGES: tuple[Language, ...] = ("sv", "en")
STYLE = (
    "body{font:14px system-ui;margin:2rem;background:#777}section{margin:0 0 2rem}h2{margin:.5rem 0}"
    "div{display:flex;flex-wrap:wrap;gap:1rem;align-items:flex-start}figure{margin:0;max-width:420px}"
    "img{max-width:420px;max-height:520px;object-fit:contain;object-position:top left;background:#555}"
    "figcaption{background:#fff;padding:.25rem .5rem}li{overflow-wrap:anywhere}"
)


@dataclass
class Shot:
    """One picture and what was found on it."""

    page: str
    file: str
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class Job:
    """One page in one theme and language at one width."""

    name: str
    path: str
    token: str
    theme: str
    language: Language
    width: int

    @property
    def file(self) -> str:
        """``nu-1366-dark-sv.png``."""
        return f"{self.name}-{self.width}-{self.theme}-{self.language}.png"


async def take(browser: Browser, base: str, job: Job, out: Path) -> Shot:
    """Take one picture, of the whole page unfolded, and look at it."""
    height = HEIGHTS[job.width]
    context = await browser.new_context(
        viewport={"width": job.width, "height": height}, locale="sv-SE", reduced_motion="reduce"
    )
    try:
        page = await context.new_page()
        page.set_default_timeout(60_000)
        asked = f"theme={job.theme}&lang={job.language}&login={job.token}"
        await page.goto(f"{base}{job.path}?{asked}")
        await settled(page)
        await unfold(page, job.width, height)
        await settled(page, 250)
        findings = await lasting(page, lambda: look(page, job.language))
        await page.screenshot(path=out / job.file, animations="disabled")
        return Shot(job.name, job.file, findings)
    except Error as error:
        return Shot(job.name, job.file, [Finding("failed", job.path, str(error).splitlines()[0])])
    finally:
        await context.close()


async def take_all(base: str, jobs: list[Job], out: Path) -> list[Shot]:
    """Take them one after the other: pictures are of a page that nothing else slows down."""
    shots = []
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, headless=True)
        stack.push_async_callback(browser.close)
        for number, job in enumerate(jobs, 1):
            shots.append(await take(browser, base, job, out))
            sys.stdout.write(f"{number}/{len(jobs)} {job.file}: {len(shots[-1].findings)} found\n")
            sys.stdout.flush()
    return shots


def sheet(shots: list[Shot]) -> str:
    """The contact sheet: a section a page, each picture with what was found on it."""
    parts = [f"<!doctype html><meta charset=utf-8><title>Lägesbild</title><style>{STYLE}</style>"]
    for name in dict.fromkeys(shot.page for shot in shots):
        parts.append(f"<section><h2>{html.escape(name)}</h2><div>")
        for shot in shots:
            if shot.page == name:
                said = "".join(f"<li>{html.escape(str(one))}</li>" for one in shot.findings)
                parts.append(
                    f'<figure><a href="{shot.file}"><img src="{shot.file}" alt="" loading="lazy"></a>'
                    f"<figcaption>{html.escape(shot.file)}<ul>{said}</ul></figcaption></figure>"
                )
        parts.append("</div></section>")
    return "\n".join(parts)


def listed(shots: list[Shot]) -> str:
    """Every finding once, with the pictures that it is on."""
    where: dict[tuple[str, str], list[str]] = {}
    for shot in shots:
        for one in shot.findings:
            where.setdefault((shot.page, str(one)), []).append(
                shot.file.removesuffix(".png").partition("-")[2]
            )
    return "".join(
        f"{page}: {said}\n    {', '.join(files)}\n" for (page, said), files in sorted(where.items())
    )


def main(arguments: list[str]) -> int:
    """Take the pictures that are asked for; 1 when something was found."""
    parser = argparse.ArgumentParser(prog="make pictures", description=__doc__)
    parser.add_argument("--base", help="address of a running instance; otherwise a demo is loaded")
    parser.add_argument(
        "--token", default="", help="a token of that instance, of a role that sees what is asked for"
    )
    parser.add_argument("--pages", nargs="*", help="names of pages; default all")
    parser.add_argument("--widths", nargs="*", type=int, choices=HEIGHTS, default=WIDTHS)
    parser.add_argument("--themes", nargs="*", choices=THEMES, default=THEMES)
    parser.add_argument("--languages", nargs="*", choices=LANGUAGES, default=LANGUAGES)
    parser.add_argument("--out", type=Path, default=OUT)
    asked = parser.parse_args(arguments)
    asked.out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        base, tokens = asked.base, {}
        if base is None:
            world = stack.enter_context(demo_world(_own_server(stack)))
            base, tokens = world.web.base, world.tokens
        jobs = [
            Job(name, path, tokens.get(role, asked.token), theme, language, width)
            for name, path, role in pages()
            if not asked.pages or name in asked.pages
            for width in asked.widths
            for theme in asked.themes
            for language in asked.languages
        ]
        shots = asyncio.run(take_all(base, jobs, asked.out))
    (asked.out / "index.html").write_text(sheet(shots), encoding="utf-8")
    (asked.out / "findings.txt").write_text(listed(shots), encoding="utf-8")
    count = sum(len(shot.findings) for shot in shots)
    sys.stdout.write(f"{len(shots)} pictures, {count} findings: {asked.out / 'index.html'}\n{listed(shots)}")
    return 1 if count else 0


def _own_server(stack: ExitStack) -> Path:
    """A PostGIS for the pictures, unless the tests' one is there already; a folder for the web's files."""
    if CLUSTER_DSN not in os.environ:
        cluster = Cluster(ROOT / "var" / "test-pictures", durable=False)
        os.environ[CLUSTER_DSN] = cluster.start()
        stack.callback(cluster.stop)
        asyncio.run(_make_template())
    return Path(stack.enter_context(tempfile.TemporaryDirectory()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

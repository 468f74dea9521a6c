"""An edition as a tagged PDF (PDF/UA-1), by WeasyPrint, with the house's font: the same bytes for the same edition.

WeasyPrint leans on Pango of the system. Where that is missing everything else works, and asking for a PDF says so.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from app.briefing.html import Head, document, title
from app.config import ROOT
from app.domain.errors import Unavailable

if TYPE_CHECKING:
    from app.briefing.edition import Edition
    from app.domain.words import Language

FONTS = ROOT / "dashboards" / "assets" / "vendor" / "inter"
VARIANT = "pdf/ua-1"
CLOCK = "SOURCE_DATE_EPOCH"
"""What programs take for now where the same input is to give the same bytes (reproducible-builds.org)."""
NEEDED = (
    "A PDF needs Pango of this system: ask for the packages libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0. "
    "The edition as HTML and for printing is there all the same."
)
PAGE = """
@page {{ size: A4; margin: 18mm 18mm 20mm; @bottom-left {{ content: {left}; font: 7.5pt Inter; color: #52606d; }}
  @bottom-right {{ content: counter(page) " / " counter(pages); font: 7.5pt Inter; color: #52606d; }} }}
"""
FACE = """
@font-face {{ font-family: Inter; font-weight: 100 900; src: url(font:{name}) format("woff2");
  unicode-range: {range}; }}
"""
FACES = (
    (
        "inter-latin-wght-normal.woff2",
        "U+0000-00FF, U+2000-206F, U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215",
    ),
    (
        "inter-latin-ext-wght-normal.woff2",
        "U+0100-02BA, U+1E00-1E9F, U+2020, U+20A0-20AB, U+2113, U+25B2, U+25BC",
    ),
)


def file_name(edition: Edition, head: Head, language: Language) -> str:
    """What the file is called where it is downloaded."""
    return f"lagesbild-{edition.day}-{edition.area or edition.region}-{head.number}-{language}.pdf"


def pdf(edition: Edition, head: Head, language: Language, *, links: str = "") -> bytes:
    """The edition as a PDF.

    Raises:
        Unavailable: The system lacks what it takes; the sentence says which packages to ask for.
    """
    weasyprint = _weasyprint()
    name = title(edition, head, language)
    css = "".join(FACE.format(name=file, range=spread) for file, spread in FACES)
    css += PAGE.format(left=_quoted(name))
    html = document(edition, head, language, links=links, more_css=css)
    identity = hashlib.sha256(html.encode()).digest()[:16]
    out = BytesIO()
    with _dated(head.made_at):
        weasyprint.HTML(
            string=html, base_url="about:blank", url_fetcher=_own_fonts_only(weasyprint)
        ).write_pdf(out, pdf_variant=VARIANT, pdf_tags=True, pdf_identifier=identity)
    return out.getvalue()


@contextmanager
def _dated(moment: datetime) -> Iterator[None]:
    """The moment for the clock that embedded fonts are stamped with: else the bytes differ from second to second."""
    before = os.environ.get(CLOCK)
    os.environ[CLOCK] = str(int(moment.timestamp()))
    try:
        yield
    finally:
        if before is None:
            del os.environ[CLOCK]
        else:
            os.environ[CLOCK] = before


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _weasyprint() -> Any:
    try:
        import weasyprint  # noqa: PLC0415 - it costs a second and needs libraries of the system
        import weasyprint.urls  # noqa: PLC0415
    except OSError as error:
        raise Unavailable(NEEDED) from error
    return weasyprint


def _own_fonts_only(weasyprint: Any) -> Any:
    """What the document may fetch: our two font files, and nothing from anywhere else."""

    class Fonts(weasyprint.urls.URLFetcher):  # type: ignore[misc]  # the library is loaded when it is asked for
        def fetch(self, url: str, headers: Any = None) -> Any:
            del headers
            name = url.removeprefix("font:")
            if name not in {file for file, _spread in FACES}:
                raise weasyprint.urls.FatalURLFetchingError(
                    f"A briefing fetches nothing from elsewhere: {url}"
                )
            kind = {"Content-Type": "font/woff2"}
            return weasyprint.urls.URLFetcherResponse(url, BytesIO((FONTS / name).read_bytes()), kind)

    return Fonts(fail_on_errors=True)

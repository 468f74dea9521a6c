"""The edition as a document and as a PDF: the same for the same edition, fit for who listens to it, harmless."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from app.briefing import pdf as printing
from app.briefing.compose import compose
from app.briefing.edition import read
from app.briefing.html import document, title
from app.domain.errors import Unavailable
from app.jobs.briefing_print import printed
from tests.briefing.made_up import HEAD, eventful, facts

EDITION = compose(eventful())
LANGUAGES = ("sv", "en")


class Tags(HTMLParser):
    """The tags in order, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_edition_gives_the_same_document(language: Any) -> None:
    from app.briefing.edition import canonical

    assert document(EDITION, HEAD, language) == document(read(canonical(EDITION)), HEAD, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_a_language_one_main_heading_and_tables_with_heads(language: Any) -> None:
    tags = Tags(document(EDITION, HEAD, language)).found
    assert dict(tags)["html"] == {"lang": language}
    assert [tag for tag, _ in tags if tag in {"h1", "h2", "h3"}] == ["h1"] + ["h2"] * (
        len(EDITION.sections) + 1
    )
    tables = sum(tag == "table" for tag, _ in tags)
    heads = [attributes for tag, attributes in tags if tag == "th"]
    assert tables >= 5
    assert all(one["scope"] in {"col", "row"} for one in heads)
    assert [attributes["aria-label"] for tag, attributes in tags if tag == "svg"]
    assert not [tag for tag, _ in tags if tag in {"script", "b", "iframe", "img"}], (
        "what is quoted is no markup"
    )


def test_no_swedish_word_stands_in_the_english_document_and_the_other_way_round() -> None:
    plain = {one: _words(document(EDITION, HEAD, one)) for one in LANGUAGES}
    assert not re.search(r"\b(anmälningar|områden|känt|vanligt|utgåva)\b", plain["en"], re.IGNORECASE)
    assert not re.search(r"\b(reports|district|usual|known at|edition|the)\b", plain["sv"], re.IGNORECASE)


def _words(made: str) -> str:
    """What is said: without marks, and without the queries' own names."""
    return re.sub(r"<code>.*?</code>|<[^>]+>", " ", made.partition("</style>")[2])


@pytest.fixture(scope="module", params=LANGUAGES)
def made(request: pytest.FixtureRequest) -> tuple[Any, PdfReader, bytes]:
    made = printing.pdf(EDITION, HEAD, request.param)
    return request.param, PdfReader(BytesIO(made)), made


def tags_of(node: Any, found: list[str]) -> list[str]:
    """The roles in the structure tree."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for one in node:
            tags_of(one, found)
    elif isinstance(node, dict):
        if "/S" in node:
            found.append(str(node["/S"]))
        if "/K" in node:
            tags_of(node["/K"], found)
    return found


def test_the_pdf_is_tagged_has_a_language_a_title_and_headings(made: tuple[Any, PdfReader, bytes]) -> None:
    language, reader, _ = made
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == language
    assert reader.metadata is not None
    assert reader.metadata.title == title(EDITION, HEAD, language)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    tags = tags_of(root["/StructTreeRoot"]["/K"], [])
    assert tags.count("/H1") == 1
    assert tags.count("/H2") == len(EDITION.sections) + 1
    assert {"/Table", "/TR", "/TH", "/TD", "/P", "/Figure", "/L"} <= set(tags)
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert "pdfuaid" in metadata


def test_the_pdf_says_what_the_edition_says_in_the_house_s_font(made: tuple[Any, PdfReader, bytes]) -> None:
    language, reader, _ = made
    words = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))
    for one in EDITION.sections:
        assert getattr(one.title, language) in words
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert any("Inter" in font for font in fonts), fonts


def test_the_same_edition_gives_the_same_bytes(made: tuple[Any, PdfReader, bytes]) -> None:
    language, _, first = made
    assert printing.pdf(EDITION, HEAD, language) == first


async def test_a_process_of_its_own_makes_the_same_pdf() -> None:
    from app.briefing.edition import canonical

    made = await printed(canonical(EDITION), HEAD, "sv")
    assert made == printing.pdf(EDITION, HEAD, "sv")


def test_a_machine_without_pango_says_what_to_ask_for(monkeypatch: pytest.MonkeyPatch) -> None:
    import builtins

    real = builtins.__import__

    def missing(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("weasyprint"):
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(Unavailable, match=r"libpango-1\.0-0"):
        printing.pdf(compose(facts()), HEAD, "sv")

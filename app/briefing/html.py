"""An edition as HTML: one document without scripts, the same for the same edition, on the screen and on paper.

``body`` is the article alone, for the page; ``document`` the whole file, with its style sheet in it.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from app.briefing.chart import draw, legend
from app.briefing.edition import Text
from app.briefing.said import when
from app.domain.words import Language, day_text, number

if TYPE_CHECKING:
    from app.briefing.edition import Chart, Edition, Grid, Said, Section, Source, Value

WORDS: dict[str, Text] = {
    "title": Text(sv="Morgongenomgång", en="Morning briefing"),
    "edition": Text(sv="Utgåva", en="Edition"),
    "known": Text(sv="Känt vid", en="Known at"),
    "made": Text(sv="Gjord", en="Made"),
    "position": Text(sv="Liggarens läge", en="Position in the ledger"),
    "checksum": Text(sv="Kontrollsumma", en="Checksum"),
    "demo": Text(
        sv="Demo: allt som står här är påhittat.", en="Demo: everything that stands here is made up."
    ),
    "sources": Text(sv="Vad varje mening vilar på", en="What each sentence rests on"),
    "sources_help": Text(
        sv="Siffran efter en mening leder hit. Med samma fråga, samma tidpunkt och samma läge i liggaren blir "
        "siffrorna desamma; kommandot lagesbild briefing verify räknar om dem.",
        en="The number after a sentence leads here. The same question at the same moment and position in the ledger "
        "gives the same figures; the command lagesbild briefing verify counts them again.",
    ),
    "number": Text(sv="Nr", en="No."),
    "query": Text(sv="Fråga", en="Query"),
    "parameters": Text(sv="Villkor", en="Parameters"),
    "scope": Text(sv="Omfattning", en="Scope"),
    "region": Text(sv="hela regionen", en="the whole region"),
    "no_persons": Text(
        sv="Ingen person namnges, poängsätts, rangordnas eller förutsägs.",
        en="Nobody is named, given a score, ranked or predicted.",
    ),
    "more": Text(sv="Mer", en="More"),
    "usual": Text(sv="Som vanligt", en="As usual"),
    "unusual": Text(sv="Ovanligt", en="Unusual"),
    "unknown": Text(sv="Vet inte", en="Not known"),
    "read": Text(sv="Tre minuter", en="Three minutes"),
}
PAGES: dict[str, Text] = {
    "/utveckling": Text(sv="Utveckling", en="Trends"),
    "/omrade": Text(sv="Området", en="The district"),
    "/upprepning": Text(sv="Upprepad utsatthet", en="Repeat victimisation"),
    "/loggbok": Text(sv="Loggboken", en="The log book"),
    "/kallor": Text(sv="Källor", en="Feeds"),
    "/par": Text(sv="Par (kräver skäl)", en="Pairs (asks for a reason)"),
    "/": Text(sv="Kartan", en="The map"),
}


class Head(NamedTuple):
    """What is known of an edition beside its content: by what it is called, and when it was made."""

    edition_id: int
    number: int
    made_at: datetime
    sha256: str


def say(text: Text, language: Language) -> str:
    """The text in the language, fit for HTML."""
    return escape(text.sv if language == "sv" else text.en)


def title(edition: Edition, head: Head, language: Language) -> str:
    """The document's title: what, of where, which day, which edition."""
    name = edition.name.sv if language == "sv" else edition.name.en
    what = WORDS["title"].sv if language == "sv" else WORDS["title"].en
    which = WORDS["edition"].sv if language == "sv" else WORDS["edition"].en
    return f"{what}, {name}, {day_text(edition.day, language)}, {which.lower()} {head.number}"


def document(edition: Edition, head: Head, language: Language, *, links: str = "", more_css: str = "") -> str:
    """The whole file. Where ``links`` is the address of a running picture, the edition's links lead there."""
    name = escape(title(edition, head, language))
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n<title>{name}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="description" content="{name}">\n<style>{style()}{more_css}</style>\n</head>\n'
        f"<body>\n{body(edition, head, language, links=links)}\n</body>\n</html>\n"
    )


@cache
def style() -> str:
    """The document's style sheet."""
    return (files("app.briefing") / "briefing.css").read_text(encoding="utf-8")


def body(edition: Edition, head: Head, language: Language, *, links: str = "") -> str:
    """The article: a heading, the first line, the sections, what each sentence rests on."""
    numbers = {id(one): place for place, one in enumerate(edition.sentences(), 1)}
    sections = "\n".join(_section(section, numbers, language, links) for section in edition.sections)
    first = edition.first
    return (
        f'<article class="briefing" lang="{language}">\n{_header(edition, head, language)}\n'
        f'<p class="first {first.tone}" data-name="first">{say(first.text, language)}'
        f"{_mark(numbers[id(first)], language)}</p>\n{sections}\n{_sources(edition, numbers, language)}\n"
        f"{_footer(head, edition, language)}\n</article>"
    )


def _header(edition: Edition, head: Head, language: Language) -> str:
    demo = f'<p class="demo">{say(WORDS["demo"], language)}</p>' if edition.demo else ""
    facts = [
        ("edition", number(head.number, language)),
        ("known", when(edition.known_at, edition.zone, language)),
        ("made", when(head.made_at, edition.zone, language)),
    ]
    told = "".join(
        f"<div><dt>{say(WORDS[key], language)}</dt><dd>{escape(value)}</dd></div>" for key, value in facts
    )
    return (
        f'<header>{demo}<p class="over">{say(WORDS["title"], language)}</p><h1>{say(edition.name, language)}</h1>'
        f'<p class="day">{escape(_capital(when(edition.known_at, edition.zone, language).rpartition(" ")[0]))}</p>'
        f"<dl>{told}</dl></header>"
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _section(section: Section, numbers: dict[int, int], language: Language, links: str) -> str:
    said = "\n".join(_said(one, numbers[id(one)], language, links) for one in section.said)
    charts = "\n".join(_chart(chart, language) for chart in section.charts)
    grids = "\n".join(_grid(grid, language, links) for grid in section.grids)
    return (
        f'<section id="{section.name}" aria-labelledby="{section.name}-title"><h2 id="{section.name}-title">'
        f'{say(section.title, language)}</h2>\n<ul class="said">{said}</ul>\n{charts}\n{grids}</section>'
    )


def _said(one: Said, place: int, language: Language, links: str) -> str:
    tone = "" if one.tone == "fact" else f'<span class="tone">{say(WORDS[one.tone], language)}</span> '
    link = "" if one.link is None else f" {_link(one.link, language, links)}"
    return (
        f'<li class="{one.tone}" data-name="{escape(one.name)}">{tone}{say(one.text, language)}{link}'
        f"{_mark(place, language)}</li>"
    )


def _mark(place: int, language: Language) -> str:
    label = "Underlag" if language == "sv" else "Source"
    return f'<a class="mark" href="#source-{place}" aria-label="{label} {place}">{place}</a>'


def _link(path: str, language: Language, links: str) -> str:
    page = path.partition("?")[0]
    name = PAGES.get(page, WORDS["more"])
    return f'<a class="more" href="{escape(links + path)}">{say(name, language)}</a>'


def _chart(chart: Chart, language: Language) -> str:
    return (
        f'<figure class="chart"><figcaption>{say(chart.title, language)}</figcaption>{draw(chart, language)}'
        f'{legend(language)}<p class="about">{say(chart.about, language)}</p></figure>'
    )


def _grid(grid: Grid, language: Language, links: str) -> str:
    heads = "".join(
        f'<th scope="col" class="{column.kind}">{say(column.header, language)}</th>'
        for column in grid.columns
    )
    rows = []
    for row in grid.rows:
        cells = []
        for place, column in enumerate(grid.columns):
            text = escape(cell(row.get(column.name), language))
            cells.append(
                f'<th scope="row">{text}</th>' if place == 0 else f'<td class="{column.kind}">{text}</td>'
            )
        rows.append(f"<tr>{''.join(cells)}</tr>")
    link = "" if grid.link is None else f" {_link(grid.link, language, links)}"
    return (
        f'<div class="table"><table data-name="{escape(grid.name)}"><caption>{say(grid.title, language)}{link}'
        "</caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def cell(value: Value | Text, language: Language) -> str:
    """A cell of a table as text."""
    if value is None:
        return "–"
    if isinstance(value, Text):
        return value.sv if language == "sv" else value.en
    if isinstance(value, str):
        return value
    return number(value, language, 0 if value == int(value) else 1)


def _sources(edition: Edition, numbers: dict[int, int], language: Language) -> str:
    heads = "".join(
        f'<th scope="col">{say(WORDS[key], language)}</th>'
        for key in ("number", "query", "parameters", "scope", "known", "position")
    )
    rows = "".join(
        f'<tr id="source-{numbers[id(one)]}"><th scope="row">{numbers[id(one)]}</th>'
        f"{_source(one.source, edition, language)}</tr>"
        for one in edition.sentences()
    )
    return (
        '<section id="sources" aria-labelledby="sources-title"><h2 id="sources-title">'
        f'{say(WORDS["sources"], language)}</h2><p>{say(WORDS["sources_help"], language)}</p><div class="table">'
        f'<table class="sources"><thead><tr>{heads}</tr>'
        f"</thead><tbody>{rows}</tbody></table></div></section>"
    )


def _source(source: Source, edition: Edition, language: Language) -> str:
    scope = say(WORDS["region"] if source.scope is None else edition.name, language)
    known = short_moment(source.known_at, edition.zone)
    return (
        f"<td><code>{escape(source.query)}</code></td><td><code>{escape(parameters(source))}</code></td><td>{scope}</td>"
        f"<td>{escape(known)}</td><td>{escape(source.position)}</td>"
    )


def parameters(source: Source) -> str:
    """The parameters of a query, as they stand in the list of what sentences rest on."""
    return "; ".join(f"{key}={_plain(value)}" for key, value in sorted(source.parameters.items()))


def short_moment(moment: datetime, zone: str) -> str:
    """A moment in the region's time, short."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def _plain(value: object) -> str:
    return " ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _footer(head: Head, edition: Edition, language: Language) -> str:
    return (
        f"<footer><p>{say(WORDS['no_persons'], language)}</p><p>{say(WORDS['position'], language)} "
        f"{escape(edition.position)} · {say(WORDS['checksum'], language)} {head.sha256[:16]} · "
        f"{say(WORDS['edition'], language)} {head.edition_id}</p></footer>"
    )

"""An edition as components: the same words, tables and picture as in the document, in the colours of the screen."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from dash import html

from app.briefing.chart import DARK, LEGEND, LIGHT, draw
from app.briefing.edition import Text
from app.briefing.html import PAGES, WORDS, cell, parameters, short_moment
from app.briefing.said import when
from app.domain.words import capital, number
from dashboards.dom import HIDDEN, marked

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from app.briefing.edition import Chart, Edition, Grid, Said, Section
    from app.briefing.html import Head
    from dashboards.words import Language

COMMAND = "lagesbild briefing verify"
"""Stands among the words and is none of a language."""


class Drawing:
    """One edition in one language and theme."""

    def __init__(self, edition: Edition, head: Head, language: Language, theme: str) -> None:
        self.edition = edition
        self.head = head
        self.language: Language = language
        self.colours = LIGHT if theme == "light" else DARK
        self.numbers = {id(one): place for place, one in enumerate(edition.sentences(), 1)}

    def say(self, text: Text) -> str:
        """The text in the language."""
        return text.sv if self.language == "sv" else text.en

    def article(self) -> Component:
        """The whole of it."""
        first = self.edition.first
        line = marked(
            html.P([self.say(first.text), self._mark(first)], className=f"mb-first mb-{first.tone}"),
            {"data-name": "first"},
        )
        parts = [self._header(), line, *(self._section(one) for one in self.edition.sections)]
        return html.Article([*parts, self._sources(), self._footer()], className="briefing")

    def _header(self) -> Component:
        edition, zone, language = self.edition, self.edition.zone, self.language
        known = when(edition.known_at, zone, language)
        facts = [
            ("edition", number(self.head.number, language)),
            ("known", known),
            ("made", when(self.head.made_at, zone, language)),
        ]
        return html.Div(
            [
                html.P(self.say(WORDS["demo"]), className="mb-made-up") if edition.demo else None,
                html.P(self.say(WORDS["title"]), className="mb-over"),
                html.H1(self.say(edition.name)),
                html.P(capital(known.rpartition(" ")[0]), className="mb-day"),
                html.Dl([html.Div([html.Dt(self.say(WORDS[key])), html.Dd(value)]) for key, value in facts]),
            ],
            className="mb-head",
        )

    def _section(self, section: Section) -> Component:
        said = html.Ul([self._said(one) for one in section.said], className="mb-said")
        title = html.H2(self.say(section.title), id=f"morgon-{section.name}")
        pictures = [
            *(self._chart(one) for one in section.charts),
            *(self._grid(one) for one in section.grids),
        ]
        return marked(html.Section([title, said, *pictures]), {"aria-labelledby": f"morgon-{section.name}"})

    def _said(self, one: Said) -> Component:
        tone: list[Any] = (
            [] if one.tone == "fact" else [html.Span(self.say(WORDS[one.tone]), className="mb-tone"), " "]
        )
        link: list[Any] = [] if one.link is None else [" ", self._link(one.link)]
        item = html.Li([*tone, self.say(one.text), *link, self._mark(one)], className=f"mb-{one.tone}")
        return marked(item, {"data-name": one.name})

    def _mark(self, one: Said) -> Component:
        place = self.numbers[id(one)]
        label = "Underlag" if self.language == "sv" else "Source"
        return marked(
            html.A(str(place), href=f"#morgon-source-{place}", className="mb-mark"), {"aria-label": f"{label} {place}"}
        )  # fmt: skip

    def _link(self, path: str) -> Component:
        page, _, search = path.partition("?")
        asked = f"{search}&lang={self.language}" if search else f"lang={self.language}"
        return html.A(self.say(PAGES.get(page, WORDS["more"])), href=f"{page}?{asked}", className="mb-more")

    def _chart(self, chart: Chart) -> Component:
        svg = base64.b64encode(draw(chart, self.language, self.colours).encode()).decode()
        known, usual, will = LEGEND[self.language]
        keys = [
            part
            for name, word in (("bar", known), ("band", usual), ("will", will))
            for part in (marked(html.Span(className=f"mb-key mb-{name}"), HIDDEN), f"{word} ")
        ]
        return html.Figure(
            [
                html.Figcaption(self.say(chart.title)),
                html.Img(
                    src=f"data:image/svg+xml;base64,{svg}", alt=self.say(chart.about), className="mb-weeks"
                ),
                html.P(keys, className="mb-legend"),
                html.P(self.say(chart.about), className="mb-about"),
            ],
            className="mb-chart",
        )

    def _grid(self, grid: Grid) -> Component:
        heads = [
            marked(html.Th(self.say(column.header), className=f"mb-{column.kind}"), {"scope": "col"})
            for column in grid.columns
        ]
        rows = []
        for row in grid.rows:
            cells: list[Any] = []
            for place, column in enumerate(grid.columns):
                text = cell(row.get(column.name), self.language)
                cells.append(
                    marked(html.Th(text), {"scope": "row"})
                    if place == 0
                    else html.Td(text, className=f"mb-{column.kind}")
                )
            rows.append(html.Tr(cells))
        link: list[Any] = [] if grid.link is None else [" ", self._link(grid.link)]
        table = html.Table(
            [html.Caption([self.say(grid.title), *link]), html.Thead(html.Tr(heads)), html.Tbody(rows)]
        )
        return _scrolling(marked(table, {"data-name": grid.name}), self.say(grid.title))

    def _sources(self) -> Component:
        names = ("number", "query", "parameters", "scope", "known", "position")
        heads = [marked(html.Th(self.say(WORDS[name])), {"scope": "col"}) for name in names]
        rows = []
        for one in self.edition.sentences():
            place, source = self.numbers[id(one)], one.source
            scope = WORDS["region"] if source.scope is None else self.edition.name
            values: list[Any] = [
                html.Code(source.query),
                html.Code(parameters(source)),
                self.say(scope),
                short_moment(source.known_at, self.edition.zone),
                source.position,
            ]
            rows.append(
                html.Tr(
                    [marked(html.Th(str(place)), {"scope": "row"}), *(html.Td(value) for value in values)],
                    id=f"morgon-source-{place}",
                )
            )
        title = self.say(WORDS["sources"])
        table = html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="mb-sources")
        before, command, after = self.say(WORDS["sources_help"]).partition(COMMAND)
        help_ = html.P([before, html.Code(command), after])
        parts = [html.H2(title), help_, _scrolling(table, title)]
        return html.Section(parts, className="mb-rests")

    def _footer(self) -> Component:
        says = self.say
        position = f"{says(WORDS['position'])} {self.edition.position}"
        checksum = f"{says(WORDS['checksum'])} {self.head.sha256[:16]}"
        which = f"{says(WORDS['edition'])} {self.head.edition_id}"
        return html.Div(
            [html.P(says(WORDS["no_persons"])), html.P(f"{position} · {checksum} · {which}")],
            className="mb-foot",
        )


def _scrolling(table: Component, name: str) -> Component:
    """A table that may be wider than a phone: it scrolls, by keys too."""
    return marked(html.Div(table, className="mb-table", tabIndex=0), {"role": "region", "aria-label": name})

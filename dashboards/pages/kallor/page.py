"""The page Källor: each feed in plain words, what the picture does not know, rhythm, delay and rows, the quarantine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import Input, Output, dcc, html, no_update, set_props

from app.queries.feed_health import EDGES_H, LONGEST, health
from dashboards.components import picture
from dashboards.components.format import WEEKDAYS, number
from dashboards.components.freshness import name_of
from dashboards.components.text import TEXT as COMMON
from dashboards.dom import in_browser
from dashboards.guard import callback
from dashboards.pages.kallor import figures, mending, said
from dashboards.pages.kallor.text import TEXT
from dashboards.view import question
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash import Dash
    from dash.development.base_component import Component

    from app.domain.permissions import Permission
    from app.queries.feed_health import Health
    from dashboards.components.figures.base import Theme
    from dashboards.services import Services

PATH = "/kallor"
ORDER = 8
PERMISSION: Permission = "figures"
CHOICES = ("feed",)
LEANS_ON: tuple[str, ...] = ()  # the page is what the other pages' sentence leads to
PICTURES = ("gaps", "outcomes", "delay", "rhythm")


def layout(words: Words) -> Component:
    """The feeds in words on top; the pictures below; the quarantine last."""
    say = words.say

    def drawn(name: str, css: str = "") -> Component:
        return picture.picture(words, name, title=f"kallor.{name}", help=f"kallor.{name}_help", className=css)

    return html.Div(
        [
            html.Div(
                [
                    html.P(id="kallor-said", className="kallor-said"),
                    html.Span(className="grow"),
                    say(
                        dmc.SegmentedControl(id="feed-choice", value="", data=[], size="sm"),
                        aria_label="kallor.choose",
                    ),
                ],
                className="filters",
            ),
            html.Div(id="kallor-feeds", className="kallor-feeds"),
            html.Div(
                [drawn("gaps", "wide"), drawn("outcomes"), drawn("delay"), drawn("rhythm", "wide")],
                className="cards",
            ),
            mending.frame(words),
            dcc.Store(id="mended"),
        ],
        className="page sheet kallor",
    )


def register(app: Dash, services: Services) -> None:
    """Register the page's callbacks."""
    for name in PICTURES:
        picture.register(app, name)
    mending.register(app, services)
    in_browser(app, "feeds.choose", Input("feed-choice", "value"), prevent_initial_call=True)

    @callback(
        app,
        "figures",
        Output("kallor-said", "children"),
        Output("kallor-feeds", "children"),
        Output("feed-choice", "data"),
        Output("feed-choice", "value"),
        *(output for name in PICTURES for output in picture.outputs(name)),
        Input("query", "data"),
        Input("choice", "data"),
        Input("lang", "data"),
        Input("theme-now", "data"),
        Input("minute", "n_intervals"),
        Input("again", "data"),
        Input("mended", "data"),
        prevent_initial_call=True,
    )
    async def tell(
        query: dict[str, Any] | None,
        choice: dict[str, str] | None,
        lang: str | None,
        theme: Theme | None,
        _minute: int,
        _again: float,
        _mended: float,
    ) -> Any:
        if query is None:
            return no_update
        words = Words(language_of(lang), COMMON, TEXT)
        found = await _read(services, query)
        set_props("fault", {"data": None})
        return _told(services, found, (choice or {}).get("feed"), words, theme or "dark", query)


async def _read(services: Services, query: dict[str, Any]) -> list[Health]:
    window, _ = question(query)
    now = datetime.now(UTC)
    async with services.reader().transaction() as connection:
        return await health(
            connection,
            services.feeds,
            services.rhythms,
            services.region,
            (window.first, window.last),
            window.known_at or now,
            now,
        )


def _told(
    services: Services, found: Sequence[Health], chosen: str | None, words: Words, theme: Theme, query: Any
) -> tuple[Any, ...]:
    if not found:
        nothing = picture.empty(words["kallor.none"], words.language)
        return (words["kallor.none"], [], [], "", *(nothing * len(PICTURES)))
    region = services.region
    one = next((feed for feed in found if feed.facts.name == chosen), found[0])
    data = [{"value": feed.facts.name, "label": name_of(feed.facts.name, words)} for feed in found]
    window, _ = question(query)
    note = words["kallor.capped"] if window.last - window.first >= LONGEST else ""
    told = [said.state(feed, region, words) for feed in found if feed.state in {"late", "silent"}]
    summary = words["kallor.all_well"]
    if told:
        bad = [feed for feed in found if feed.state in {"late", "silent"}]
        summary = " ".join(
            f"{name_of(feed.facts.name, words)}: {said.state(feed, region, words).lower()}." for feed in bad
        )
    return (
        summary,
        said.cards(found, region, words),
        data,
        one.facts.name,
        *picture.shown(
            words,
            region,
            figures.gaps(found, region, words, theme),
            figures.gap_table(found, words),
            said=said.gaps(found, region, words),
            note=note,
        ),
        *_outcomes(one, region, words, theme),
        *_delay(found, region, words, theme),
        *_rhythm(one, region, words, theme),
    )


def _outcomes(one: Health, region: Any, words: Words, theme: Theme) -> tuple[Any, ...]:
    name = name_of(one.facts.name, words)
    if not one.days:
        return picture.empty(words.fill("kallor.outcomes_none", feed=name), words.language)
    sums = {key: number(sum(day[key] for day in one.days), words.language) for key in figures.OUTCOMES}
    return picture.shown(
        words,
        region,
        figures.outcomes(one, words, theme),
        figures.outcome_table(one, words),
        said=[words.fill("kallor.outcomes_said", feed=name, **sums)],
    )


def _delay(found: Sequence[Health], region: Any, words: Words, theme: Theme) -> tuple[Any, ...]:
    late = [one for one in found if one.delay is not None]
    if not late:
        return picture.empty(words["kallor.delay_none"], words.language)
    return picture.shown(
        words,
        region,
        figures.delay(late, EDGES_H, words, theme),
        figures.delay_table(late, EDGES_H, words),
        said=[
            words.fill(
                "kallor.delay_said",
                feed=name_of(one.facts.name, words),
                half=said.length(timedelta(hours=one.delay.hours[0.5]), words),
                most=said.length(timedelta(hours=one.delay.hours[0.95]), words),
            )
            for one in late
            if one.delay is not None
        ],
    )


def _rhythm(one: Health, region: Any, words: Words, theme: Theme) -> tuple[Any, ...]:
    name = name_of(one.facts.name, words)
    if one.rhythm.gaps < len(WEEKDAYS["sv"]):
        return picture.empty(words.fill("kallor.rhythm_few", feed=name), words.language)
    (day, hour), cell = min(one.rhythm.cells.items(), key=lambda item: item[1].usual)
    return picture.shown(
        words,
        region,
        figures.rhythm(one, words, theme),
        figures.rhythm_table(one, words),
        said=[
            words.fill(
                "kallor.rhythm_said",
                feed=name,
                day=WEEKDAYS[words.language][day - 1],
                hour=f"{hour:02d}",
                length=said.length(cell.usual, words),
            )
        ],
        note=words.fill("kallor.learned", n=number(one.rhythm.gaps, words.language)),
    )

"""How fresh each feed is: a badge in words and shape, not by colour alone, and a sentence where a page leans on one.

What is late is learned from each feed's own weeks (``app.domain.feed_rhythm``), so a slow one is no alarm. Both are as
of the moment that is looked at: at 07:00 the picture did not know what came later.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from dash import html

from app.domain.feed_rhythm import UNLEARNED, unreachable
from app.queries.feed_health import statuses
from app.queries.feeds import filling
from dashboards.components import links
from dashboards.components.format import day_text, moment
from dashboards.components.text import TEXT
from dashboards.dom import HIDDEN, marked
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from dash.development.base_component import Component

    from app.domain.region import Region
    from app.queries.feed_health import Status
    from dashboards.services import Services

CHOSEN = "chosen"
"""In a page's ``LEANS_ON``: the kind that is chosen in its filters."""


class Freshness(NamedTuple):
    """The badges of the header, and the sentences of the bar below it: empty when all is well."""

    badges: list[Component]
    bar: list[Component]


def bar() -> Component:
    """The line under the header where a page says which of its feeds is silent."""
    return html.Div(id="feed-bar", className="feed-bar", role="status", hidden=True)


async def read(
    services: Services,
    lang: str | None,
    known: str | None,
    kind: str | None,
    leans_on: Collection[str] | None,
) -> Freshness:
    """How each feed that was ever heard of is, at ``known`` (ISO; None: now), and what a page has to say of it.

    ``leans_on`` are the kinds whose feeds the page rests on; ``CHOSEN`` among them stands for ``kind``.

    Raises:
        Unavailable: The database does not answer.
    """
    words = Words(language_of(lang), TEXT)
    now = datetime.now(UTC)
    at = datetime.fromisoformat(known).astimezone(UTC) if known else now
    async with services.reader().transaction() as connection:
        found = await statuses(connection, services.feeds, services.rhythms, services.region, at, now)
        unready = await filling(connection)
    kinds = {kind or "report" if one == CHOSEN else one for one in leans_on or ()}
    leaned = [] if unready else [one for one in found if one.facts.kind in kinds and not one.facts.demo]
    return Freshness(
        [badge(one, at, services.region, words) for one in found],
        sentences(leaned, at, services.region, words),
    )


def sentences(found: Sequence[Status], at: datetime, region: Region, words: Words) -> list[Component]:
    """One calm sentence for each of these feeds that is late or silent, and the way to where it is told why."""
    told: list[Component] = []
    for one in found:
        said = sentence(one, at, region, words)
        if said:
            told.append(marked(html.Span(said), {"data-state": one.state, "data-feed": one.facts.name}))
    link = html.A(words["fresh.to_feeds"], href=links.to("/kallor", words))
    return [marked(html.I(), HIDDEN), *told, link] if told else []


def sentence(one: Status, at: datetime, region: Region, words: Words) -> str:
    """What is to be said of the feed on a page that leans on it; nothing while it keeps its rhythm."""
    if one.state not in {"late", "silent"} or one.since is None:
        return ""
    key = "unanswered" if unreachable(one.heard, at, one.facts) else one.state
    return words.fill(
        f"fresh.says_{key}",
        feed=name_of(one.facts.name, words),
        since=since(one.since, at, region, words),
    )


def since(value: datetime, at: datetime, region: Region, words: Words) -> str:
    """The time of day, and the day where it is another than that of ``at``."""
    local = value.astimezone(region.zone)
    day = "" if region.day(at) == local.date() else f"{day_text(local.date(), words.language)} "
    return f"{day}{local:%H:%M}"


def badge(one: Status, at: datetime, region: Region, words: Words) -> Component:
    """The badge of one feed; the rest of what is known is in its title."""
    name = name_of(one.facts.name, words)
    heard = max(filter(None, (one.heard.at, one.heard.answered_at)), default=None)
    state = one.state
    if state == "never":  # the demo writes in others' formats only: it is well while it writes
        state = "silent" if heard is None or at - heard > UNLEARNED else "good"

    def told(value: datetime | None) -> str:
        return words["fresh.never"] if value is None else moment(value, region, words.language)

    title = words.fill(
        "fresh.explained",
        feed=name,
        state=words[f"fresh.{state}"],
        success=told(heard),
        news=told(one.heard.at),
    )
    parts: list[Any] = [marked(html.I(), HIDDEN), html.B(name), html.Span(age(heard, at, words))]
    if state != "good":
        parts.append(html.Span(words[f"fresh.{state}"]))
    if one.waits:
        parts.append(html.Span(words.fill("fresh.held", n=one.waits)))
    return marked(html.Span(parts, className="feed", title=title), {"data-state": state})


def age(heard: datetime | None, at: datetime, words: Words) -> str:
    """How long ago, in the unit that people would use."""
    if heard is None:
        return words["fresh.never"]
    minutes = int((at - heard).total_seconds() // 60)
    if minutes < 1:
        return words["fresh.now"]
    if minutes < 60:
        return words.fill("fresh.minutes", n=minutes)
    if minutes < 48 * 60:
        return words.fill("fresh.hours", n=minutes // 60)
    return words.fill("fresh.days", n=minutes // 1440)


def name_of(feed: str, words: Words) -> str:
    """The feed's name on the screen; a feed that is new here is called by its folder."""
    key = f"feed.{feed}"
    return words[key] if key in words else feed  # noqa: SIM401 - no mapping

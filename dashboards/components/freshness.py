"""How fresh each feed is: a badge that says so in words and shape, not by colour alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from dash import html

from app.queries.feeds import feeds
from dashboards.components.format import moment
from dashboards.components.text import TEXT
from dashboards.dom import HIDDEN, marked
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dash.development.base_component import Component

    from app.domain.region import Region
    from dashboards.services import Services

LATE = timedelta(hours=1)
SILENT = timedelta(hours=24)
"""How long after a feed was last heard of it is called late, and silent."""


async def badges(services: Services, lang: str | None) -> list[Component]:
    """A badge for each feed that was ever heard of.

    Raises:
        Unavailable: The database does not answer.
    """
    words = Words(language_of(lang), TEXT)
    async with services.reader().transaction() as connection:
        found = await feeds(connection)
    now = datetime.now(UTC)
    return [badge(feed, now, services.region, words) for feed in found]


def heard_at(feed: Mapping[str, Any]) -> datetime | None:
    """When the feed last answered or delivered."""
    moments = [feed[name] for name in ("last_success_at", "last_delivery_at") if feed[name] is not None]
    return max(moments, default=None)


def state_of(heard: datetime | None, now: datetime) -> str:
    """``good``, ``late`` or ``silent``."""
    if heard is None or now - heard > SILENT:
        return "silent"
    return "late" if now - heard > LATE else "good"


def badge(feed: Mapping[str, Any], now: datetime, region: Region, words: Words) -> Component:
    """The badge of one feed; the rest of what is known is in its title."""
    heard = heard_at(feed)
    state = state_of(heard, now)

    def told(value: datetime | None) -> str:
        return words["fresh.never"] if value is None else moment(value, region, words.language)

    title = words.fill(
        "fresh.explained",
        feed=name_of(feed["feed"], words),
        state=words[f"fresh.{state}"],
        success=told(heard),
        news=told(feed["last_news_at"] or feed["last_delivery_at"]),
    )
    held = feed["quarantine_open"]
    parts: list[Any] = [
        marked(html.I(), HIDDEN),
        html.B(name_of(feed["feed"], words)),
        html.Span(_age(heard, now, words)),
    ]
    if state != "good":
        parts.append(html.Span(words[f"fresh.{state}"]))
    if held:
        parts.append(html.Span(words.fill("fresh.held", n=held)))
    return marked(html.Span(parts, className="feed", title=title), {"data-state": state})


def _age(heard: datetime | None, now: datetime, words: Words) -> str:
    if heard is None:
        return words["fresh.never"]
    minutes = int((now - heard).total_seconds() // 60)
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

"""How lengths of time are said on the page Källor, and what each feed is in words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from dash import html

from dashboards.components.format import moment, number
from dashboards.components.freshness import age, name_of, since
from dashboards.dom import HIDDEN, marked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

    from app.domain.region import Region
    from app.queries.feed_health import Health
    from dashboards.words import Words

MOST_GAPS = 4
"""Silences that are said in words; the others are in the table."""


def length(value: timedelta, words: Words) -> str:
    """How long, in the unit that people would use: ``40 s``, ``26 min``, ``5 h 29 min``, ``12 d``."""
    seconds = value.total_seconds()
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 90 and minutes != 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours} h" if rest == 0 else f"{hours} h {rest} min"
    days = minutes / 1440
    return f"{days:.0f} {'d' if words.language == 'en' else 'dygn'}"


def cards(found: Sequence[Health], region: Region, words: Words) -> list[Component]:
    """A card for each feed: how it is in plain words, when it was heard, and what is usual for it."""
    return [card(one, region, words) for one in found]


def card(one: Health, region: Region, words: Words) -> Component:
    """The card of one feed."""
    at = one.heard.at
    usual = None
    if at is not None:
        local = one.at.astimezone(region.zone)
        usual = one.rhythm.usual(local.isoweekday(), local.hour)
    facts = [
        (
            "kallor.heard",
            "–" if at is None else f"{moment(at, region, words.language)} ({age(at, one.at, words)})",
        ),
        (
            "kallor.usual",
            words["kallor.unlearned"]
            if usual is None
            else words.fill("kallor.usual_every", length=length(usual, words)),
        ),
        ("kallor.allowed", "–" if one.allowed is None else length(one.allowed, words)),
    ]
    if one.facts.every is not None and one.heard.answered_at is not None:
        facts.append(("kallor.answered", moment(one.heard.answered_at, region, words.language)))
    facts.append(("kallor.waits", str(one.waits)))
    told: list[Any] = [
        html.H2([marked(html.I(), HIDDEN), name_of(one.facts.name, words)]),
        html.P(state(one, region, words), className="kallor-state"),
        html.Dl([part for key, value in facts for part in (html.Dt(words[key]), html.Dd(value))]),
    ]
    if one.heard.message:
        told.append(html.P(words.fill("kallor.message", message=one.heard.message), className="kallor-fault"))
    told.append(html.Small(words.fill("kallor.learned", n=number(one.rhythm.gaps, words.language))))
    return marked(
        html.Section(told, className="card kallor-feed", id=f"feed-{one.facts.name}"),
        {"data-state": one.state, "aria-label": name_of(one.facts.name, words)},
    )


def state(one: Health, region: Region, words: Words) -> str:
    """How it is: "Tyst sedan 03:10: …" or "I sin vanliga takt"."""
    said = words[f"kallor.state_{one.state}"]
    if one.state in {"late", "silent"} and one.silent_since is not None:
        told = since(one.silent_since, one.at, region, words)
        return f"{said}{' sedan ' if words.language == 'sv' else ' since '}{told}"
    return said


def gaps(found: Sequence[Health], region: Region, words: Words) -> list[str]:
    """The longest silences in words, the newest first."""
    every = sorted(
        ((begins, ends, grade, one) for one in found for begins, ends, grade in one.gaps),
        key=lambda gap: gap[1] - gap[0],
        reverse=True,
    )
    if not every:
        return [words["kallor.gaps_none"]]
    chosen = sorted(every[:MOST_GAPS], key=lambda gap: gap[0], reverse=True)
    told = [_gap(begins, ends, grade, one, region, words) for begins, ends, grade, one in chosen]
    if len(every) > MOST_GAPS:
        told.append(words.fill("kallor.gaps_more", n=len(every) - MOST_GAPS))
    return told


def _gap(
    begins: datetime, ends: datetime, grade: str, one: Health, region: Region, words: Words
) -> str:  # fmt: skip
    still = ends >= one.at
    local = ends.astimezone(region.zone)
    same = local.date() == region.day(begins)
    return words.fill(
        "kallor.gap_open" if still else "kallor.gap_said",
        feed=name_of(one.facts.name, words),
        state=words[f"kallor.{grade}"],
        begins=since(begins, one.at, region, words),
        ends=f"{local:%H:%M}" if same else since(ends, one.at, region, words),
        length=length(ends - begins, words),
    )

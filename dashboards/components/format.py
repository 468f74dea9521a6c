"""Figures and times as they are written in Swedish and in English. Times are told in the region's zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime, timedelta

    from app.domain.region import Region
    from dashboards.words import Language, Words

MONTHS = {
    "sv": ("jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
WEEKDAYS = {
    "sv": ("mån", "tis", "ons", "tors", "fre", "lör", "sön"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


def number(value: float, language: Language, decimals: int = 0) -> str:
    """``12 345,6`` in Swedish (no-break space), ``12,345.6`` in English."""
    text = f"{value:,.{decimals}f}"
    return text.replace(",", "\u00a0").replace(".", ",") if language == "sv" else text


def decimal(value: float, language: Language, most: int = 2) -> str:
    """A number with as many decimals as it has, ``most`` at most: ``12``, ``12,5``."""
    rounded = round(value, most)
    least = next(n for n in range(most + 1) if n == most or round(rounded, n) == rounded)
    return number(rounded, language, least)


def day_text(day: date, language: Language) -> str:
    """``tis 24 nov`` or ``Tue 24 Nov``."""
    return f"{WEEKDAYS[language][day.weekday()]} {day.day} {MONTHS[language][day.month - 1]}"


def moment(value: datetime, region: Region, language: Language, *, seconds: bool = False) -> str:
    """``tis 24 nov 2026 18:03`` in the region's zone."""
    local = value.astimezone(region.zone)
    return (
        f"{day_text(local.date(), language)} {local.year} {local:%H:%M:%S}"
        if seconds
        else f"{day_text(local.date(), language)} {local.year} {local:%H:%M}"
    )


def interval(first: datetime, last: datetime, region: Region, language: Language) -> str:
    """An interval of occurrence; one moment when both ends are the same."""
    if first == last:
        return moment(first, region, language)
    begins, ends = first.astimezone(region.zone), last.astimezone(region.zone)
    if begins.date() == ends.date():
        return f"{moment(first, region, language)}–{ends:%H:%M}"
    return f"{moment(first, region, language)} – {moment(last, region, language)}"


def duration(value: timedelta, words: Words) -> str:
    """How long, in the two largest units."""
    minutes = max(0, int(value.total_seconds() // 60))
    if minutes < 60:
        return words.fill("delay.minutes", n=minutes)
    if minutes < 48 * 60:
        return words.fill("delay.hours", n=minutes // 60, m=minutes % 60)
    return words.fill("delay.days", n=minutes // 1440, m=minutes % 1440 // 60)

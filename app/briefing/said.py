"""What the sections say with: times of the region in words, names of districts, and sentences of both languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from app.briefing.edition import Said, Source, Text, Tone, Value
from app.domain.measure import Sentence
from app.domain.words import Language, Noun, day_text

if TYPE_CHECKING:
    from app.briefing.facts import Facts

WEEKDAYS: Mapping[Language, tuple[str, ...]] = {
    "sv": ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
REPORTS = Noun(
    Sentence("anmälan om brott i nära relation", "report of an offence in a close relationship"),
    Sentence("anmälningar om brott i nära relation", "reports of offences in close relationships"),
)
ASSAULTS = Noun(
    Sentence("anmälan om misshandel av kvinna i parrelation", "report of assault on a woman by her partner"),
    Sentence(
        "anmälningar om misshandel av kvinna i parrelation", "reports of assault on women by their partners"
    ),
)
CALLS = Noun(
    Sentence("uppdrag om bråk eller våld i relation", "call about a quarrel or violence in a relationship"),
    Sentence("uppdrag om bråk eller våld i relation", "calls about quarrels or violence in relationships"),
)
OUTCOME = Noun(Sentence("fall", "case"), Sentence("fall", "cases"))
FEEDS = {
    "anmalan": Text(sv="Anmälningar", en="Reports"),
    "uppdrag": Text(sv="Uppdrag", en="Calls"),
    "polisen": Text(sv="polisen.se", en="polisen.se"),
}


def both(write: Callable[[Language], str]) -> Text:
    """A text of both languages by one function."""
    return Text(sv=write("sv"), en=write("en"))


def told(
    name: str,
    text: Text,
    source: Source,
    *,
    tone: Tone = "fact",
    link: str | None = None,
    figures: Mapping[str, Value] | None = None,
) -> Said:
    """A sentence with what it rests on."""
    return Said(name=name, text=text, tone=tone, figures=dict(figures or {}), source=source, link=link)


def joined(*texts: Text) -> Text:
    """Several sentences as one."""
    return Text(sv=" ".join(one.sv for one in texts), en=" ".join(one.en for one in texts))


def clock(moment: datetime, zone: str) -> str:
    """The time of day in the region: "05.40" is written "05:40" in both languages."""
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"


def weekday(day: date, language: Language) -> str:
    """The day's name."""
    return WEEKDAYS[language][day.weekday()]


def when(moment: datetime, zone: str, language: Language) -> str:
    """Day and time in the region: "söndag 29 november 2026 06:30"."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{weekday(local.date(), language)} {day_text(local.date(), language)} {local:%H:%M}"


def short_when(moment: datetime, zone: str, language: Language) -> str:
    """Weekday and time: "söndag 05:40"."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{weekday(local.date(), language)} {local:%H:%M}"


def feed_name(feed: str) -> Text:
    """The feed's name; one that is new here is called by its folder."""
    return FEEDS.get(feed, Text(sv=feed, en=feed))


def district(facts: Facts, code: str | None) -> str | Text:
    """The district's name."""
    if code is None:
        return Text(sv="Okänt område", en="Unknown area")
    return facts.names.get(code, code)


def path(page: str, **asked: Any) -> str:
    """A page of ours with what it is to show; what is None is left out."""
    given = {name: value for name, value in asked.items() if value is not None}
    return f"{page}?{urlencode(given)}" if given else page

"""The stories of ``stories.toml``: what is planted relative to the start of a demo, as rows of the feed ``anmalan``.

Everything else in the demo is a function of the calendar; the stories are a function of one morning, so that whoever
starts a demo finds all of them in its first minute. A story's reports are known when its file says; how they are
delivered (all that was known before the start in the first delivery, the rest live) is in ``deliveries``.

Moments here are local minutes (``clock``) and UTC seconds. Persons are made-up as everybody's (``people``): women,
and men suspected; with numbers of a month so far ahead that no newcomer has them.
"""

from __future__ import annotations

import sys
import tomllib
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from app.domain.errors import SetupError
from etl.feeds.demo import named, people
from etl.feeds.demo.clock import DAY_MINUTES, words
from etl.feeds.demo.planted import Silence

if TYPE_CHECKING:
    from etl.feeds.demo.ground import Ground

FILE = Path(__file__).with_name("stories.toml")
STORIES = 5  # stream of the seed
MORNING_MIN = 7 * 60
LASTS_MIN = 25
MONTHS_AHEAD = 160
"""Newcomers take numbers of their month; those of so many months later are nobody's for as long as a demo runs."""

STATION_SERIES = "0201-K95"
"""Numbers that no other report has: the others' rank of a year times 47 stays below 950,000."""

CHILD_CODE = "9495"
HEAD = """# The demo's stories

Made of `etl/feeds/demo/stories.toml` by `python -m etl.feeds.demo.stories`; edit that file, not this one.

A fresh demo holds the same stories whenever it is started: they are told as of the last 07:00 before its start. Nobody
in them exists. `tests/stories` looks for each of them where its user would.
"""


@dataclass(frozen=True)
class Version:
    """A report as it stood from ``known`` (local minutes) on: where, what, and what is said about it."""

    known: int
    code: str
    district: str
    spot: int
    house: int
    protected: bool = False
    withdrawn: bool = False


@dataclass(frozen=True)
class Report:
    """One planted report. ``pair`` is a word of its story; ``at`` is in local minutes from midnight of the morning."""

    pair: str
    at: int
    child: bool
    versions: tuple[Version, ...]


@dataclass(frozen=True)
class Story:
    """One story and its reports. ``silent`` is (feed, from, to) in local minutes from midnight of the morning.

    ``weekly``: its moments count from the Monday of the last whole week before the morning.
    """

    name: str
    page: str
    title_sv: str
    title_en: str
    planted_sv: str
    planted_en: str
    look_sv: str
    look_en: str
    reports: tuple[Report, ...] = ()
    silent: tuple[str, int, int] | None = None
    weekly: bool = False


@dataclass(frozen=True)
class Told:
    """A row of the extract: registered at ``registered_s`` (UTC seconds), of the report ``number`` of a story."""

    story: str
    number: str
    registered_s: int
    line: str


@dataclass(frozen=True)
class Planted:
    """The stories of one demo. ``rows`` are in the order of their registration."""

    begun_s: int
    rows: tuple[Told, ...]
    silences: tuple[Silence, ...] = field(default=())

    def lines(self, from_s: int, to_s: int) -> list[str]:
        """What belongs to a stretch ``[from_s, to_s)``: what was known before the start to the one that ends there."""
        before = self.begun_s - 1
        return [row.line for row in self.rows if from_s <= max(row.registered_s, before) < to_s]

    def next_s(self, after_s: int) -> int | None:
        """When something is registered next, at or after ``after_s``."""
        return next((row.registered_s for row in self.rows if row.registered_s >= after_s), None)


@cache
def stories(file: Path = FILE) -> tuple[Story, ...]:
    """The stories of the file.

    Raises:
        SetupError: A line says something that no story may say.
    """
    told = tomllib.loads(file.read_text(encoding="utf-8"))["story"]
    try:
        return tuple(_story(facts) for facts in told)
    except (KeyError, TypeError, ValueError) as error:
        raise SetupError(f"{file.name}: {error!r}; its head says what a line may hold.") from error


def morning_of(ground: Ground, begun_s: int) -> int:
    """Midnight (local minutes) of the day whose 07:00 was the last before the start."""
    wall = int(ground.clock.wall_min(np.array([begun_s], np.int64))[0])
    return (wall - MORNING_MIN) // DAY_MINUTES * DAY_MINUTES


def plant(ground: Ground, begun_s: int) -> Planted:
    """The stories as of the start of a demo (UTC seconds): the same seed and start give the same rows."""
    midnight = morning_of(ground, begun_s)
    month = int(np.array(midnight, "M8[m]").astype("M8[M]").astype(np.int64))
    persons = _persons(ground, month)
    rows: list[Told] = []
    quiet = []
    number = 0
    for story in stories():
        if story.silent is not None:
            _, *hours = story.silent
            from_s, to_s = ground.clock.utc_s(midnight + np.array(hours, np.int64)).tolist()
            quiet.append(Silence(from_s, to_s))
        start = _last_week(midnight) if story.weekly else midnight
        for report in story.reports:
            number += 1
            rows += _rows(ground, start, story.name, report, persons[story.name, report.pair], number)
    return Planted(begun_s, tuple(sorted(rows, key=lambda row: row.registered_s)), tuple(quiet))


def _last_week(midnight: int) -> int:
    """Midnight of the Monday of the last whole week; 1970-01-05 was a Monday."""
    days = midnight // DAY_MINUTES
    return ((days - 4) // 7 * 7 + 4 - 7) * DAY_MINUTES


def _story(facts: dict[str, Any]) -> Story:
    facts = dict(facts)
    silent = facts.pop("silent", None)
    weekly = facts.pop("from", None) == "monday"
    reports = tuple(_report(line) for line in facts.pop("report", ()))
    quiet = (str(silent["feed"]), _minutes(silent["from"]), _minutes(silent["to"])) if silent else None
    return Story(**facts, reports=reports, silent=quiet, weekly=weekly)


def _report(line: dict[str, Any]) -> Report:
    line = dict(line)
    pair, at, child = line.pop("pair"), _minutes(line.pop("at")), line.pop("child", False)
    later = line.pop("then", ())
    versions = [_version({"house": 10, **line})]
    for change in later:
        said = {"district" if key == "in" else key: value for key, value in change.items()}
        versions.append(replace(versions[-1], **{**said, "known": _minutes(said["known"])}))
    return Report(pair, at, child, tuple(versions))


def _version(line: dict[str, Any]) -> Version:
    return Version(known=_minutes(line.pop("known")), district=line.pop("in"), **line)


def _minutes(text: str) -> int:
    """``-6 21:10`` as local minutes from midnight of day 0."""
    day, clock = text.split(" ")
    hours, minutes = clock.split(":")
    return int(day) * DAY_MINUTES + int(hours) * 60 + int(minutes)


def _persons(ground: Ground, month: int) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Victim, suspect and child (a girl) of each pair."""
    pairs = [
        (story.name, name) for story in stories() for name in dict.fromkeys(r.pair for r in story.reports)
    ]
    rng = np.random.default_rng([ground.seed, STORIES])
    count, year = len(pairs), 1970 + month // 12
    age = rng.integers(21, 58, count)
    born = np.concatenate(
        [year - age, year - age - rng.integers(-3, 8, count), year - rng.integers(3, 15, count)]
    )
    sex = np.repeat([people.WOMAN, people.MAN, people.WOMAN], count)
    numbers = people.numbers(rng, month + MONTHS_AHEAD, born, sex).reshape(3, count)
    return {
        pair: (int(one), int(two), int(child))
        for pair, (one, two, child) in zip(pairs, numbers.T, strict=True)
    }


def _rows(
    ground: Ground, midnight: int, story: str, report: Report, persons: tuple[int, int, int], number: int
) -> list[Told]:
    """Every version of a report: a row for the offence, and one more where a child saw it."""
    clock, places = ground.clock, ground.places
    known = clock.utc_s(np.array([midnight + version.known for version in report.versions], np.int64)) + 7
    begun, over, entered = words(
        np.array(
            [midnight + report.at, midnight + report.at + LASTS_MIN, midnight + report.versions[0].known]
        )
    )
    year = entered[2:4]
    key = f"{STATION_SERIES}{number:04d}-{year}"
    victim, suspect, child = (people.written(person) for person in persons)
    found = []
    for version, registered_s, registered in zip(
        report.versions, known.tolist(), clock.iso(known), strict=True
    ):
        inside = np.flatnonzero(places.district_of == places.districts.index(version.district))
        place = inside[version.spot : version.spot + 1]
        [latitude], [longitude] = places.positions(place, np.array([version.house], np.int64))
        street = int(place[0])
        where = (
            f"{places.streets[street]};{version.house};{places.kommuner[places.kommun_of[street]]};"
            f"{latitude:.5f};{longitude:.5f}"
        ).replace(".", ",")
        state = "Makulerad" if version.withdrawn else "Aktiv"
        rest = (
            f"{'J' if version.protected else 'N'};{state};{registered};Anmälan upprättad av patrull på plats."
        )
        acts = [
            (version.code, victim, "parrelation"),
            *([(CHILD_CODE, child, "slakt")] if report.child else []),
        ]
        for code, person, close in acts:
            line = f"{key};{code};1;{begun};{over};{entered};{where};{person};{suspect};{close};{rest}"
            found.append(Told(story, key, registered_s, line + named.NOTHING * 2))
    return found


def document() -> str:
    """``docs/stories.md``: every story in both languages."""
    parts = [HEAD] + [
        f"## {story.title_sv} · {story.title_en}\n\n`{story.name}`, page `{story.page}`\n\n"
        f"{story.planted_sv}\n*{story.look_sv}*\n\n{story.planted_en}\n*{story.look_en}*\n"
        for story in stories()
    ]
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(document())

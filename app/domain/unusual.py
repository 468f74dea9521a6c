"""Unusual reading: facts about rows of the log, for an auditor to look at first.

Pure: rows in, findings out; thresholds and words are in ``unusual.toml``. A finding is a rule, whose readings, and
which rows. Nobody gets a score: findings are listed by time, and how many somebody has is told nowhere.
"""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import groupby
from zoneinfo import ZoneInfo

from app.domain.errors import SetupError
from app.domain.reasons import OTHER, catalogue

READING = frozenset({"read", "search", "export"})


@dataclass(frozen=True)
class Reading:
    """One row of the log. ``found`` of a denied attempt is how many attempts the row stands for."""

    log_id: int
    at: datetime
    actor: str
    name: str
    role: str
    action: str
    what: str
    reason: str
    persons: frozenset[bytes] = frozenset()
    areas: frozenset[str] = frozenset()
    found: int | None = None


@dataclass(frozen=True)
class Colleague:
    """Somebody who has a login: their own pseudonym and where they live, as far as they are recorded.

    ``home_areas``: the code of the home area and of every area within it.
    """

    actor: str
    person: bytes | None = None
    home_areas: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rule:
    """A threshold, in the units that its field's name tells."""

    id: str
    version: int
    sv: str
    en: str
    numbers: Mapping[str, int] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """The rule as a sentence, with its numbers."""
        return (self.en if language == "en" else self.sv).format(**self.numbers)

    def __getitem__(self, name: str) -> int:
        return self.numbers[name]


@dataclass(frozen=True)
class Unusual:
    """One finding: the readings of one actor that a rule is about. ``count`` is what the rule counts."""

    rule: str
    actor: str
    name: str
    role: str
    first_at: datetime
    last_at: datetime
    count: int
    persons: frozenset[bytes]
    log_ids: tuple[int, ...]


@cache
def rules() -> dict[str, Rule]:
    """The rules of ``unusual.toml``, by id. Raises ``SetupError`` where one is unknown or lacks a number."""
    told = tomllib.loads((files("app.domain") / "unusual.toml").read_text(encoding="utf-8"))
    found = {}
    for entry in told["rule"]:
        words = {name: entry.pop(name) for name in ("id", "version", "sv", "en")}
        rule = Rule(**words, numbers=entry)
        if rule.id not in CHECKS or rule.id in found:
            raise SetupError(f"unusual.toml: there is no rule {rule.id!r}, or it is there twice.")
        rule.text("sv"), rule.text("en")
        found[rule.id] = rule
    return found


def unusual(readings: Iterable[Reading], colleagues: Sequence[Colleague], zone: ZoneInfo) -> list[Unusual]:
    """What is unusual among ``readings``, newest first. ``zone``: in which nights and days are told."""
    ordered = sorted(readings, key=lambda reading: (reading.at, reading.log_id))
    by_actor: defaultdict[str, list[Reading]] = defaultdict(list)
    for reading in ordered:
        by_actor[reading.actor].append(reading)
    followed = _followed(ordered)
    asked = [
        finding
        for rule in rules().values()
        for actor, own in by_actor.items()
        for finding in CHECKS[rule.id](rule, Context(actor, own, colleagues, zone, followed))
    ]
    return sorted(asked, key=lambda finding: (finding.last_at, finding.log_ids), reverse=True)


@dataclass(frozen=True)
class Context:
    """What a rule looks at: the readings of one actor, oldest first, and what is known besides."""

    actor: str
    readings: Sequence[Reading]
    colleagues: Sequence[Colleague]
    zone: ZoneInfo
    followed: Mapping[bytes, Sequence[datetime]]

    @property
    def of_persons(self) -> list[Reading]:
        """Those that gave out something about persons."""
        return [reading for reading in self.readings if reading.action in READING and reading.persons]

    def day(self, reading: Reading) -> date:
        """The day in the region's calendar."""
        return reading.at.astimezone(self.zone).date()


def _followed(readings: Iterable[Reading]) -> dict[bytes, list[datetime]]:
    noted: defaultdict[bytes, list[datetime]] = defaultdict(list)
    for reading in readings:
        if reading.action == "change":
            for person in reading.persons:
                noted[person].append(reading.at)
    return noted


def _finding(
    rule: Rule, found: Sequence[Reading], count: int, persons: frozenset[bytes] | None = None
) -> Unusual:
    about = frozenset().union(*(reading.persons for reading in found)) if persons is None else persons
    last = found[-1]
    return Unusual(
        rule.id, last.actor, last.name, last.role, found[0].at, last.at, count, about,
        tuple(reading.log_id for reading in found),
    )  # fmt: skip


def _by_day(rule: Rule, context: Context, found: Iterable[Reading], fewest: int = 1) -> Iterator[Unusual]:
    for _, group in groupby(found, context.day):
        held = list(group)
        if len(held) >= fewest:
            yield _finding(rule, held, len(held))


def _own_person(rule: Rule, context: Context) -> Iterator[Unusual]:
    own = {one.person for one in context.colleagues if one.actor == context.actor and one.person}
    yield from _about(rule, context, own)


def _colleague(rule: Rule, context: Context) -> Iterator[Unusual]:
    others = {one.person for one in context.colleagues if one.actor != context.actor and one.person}
    own = {one.person for one in context.colleagues if one.actor == context.actor}
    yield from _about(rule, context, others - own)


def _about(rule: Rule, context: Context, people: set[bytes]) -> Iterator[Unusual]:
    found = [reading for reading in context.of_persons if reading.persons & people]
    for _, group in groupby(found, context.day):
        held = list(group)
        about = frozenset().union(*(reading.persons & people for reading in held))
        yield _finding(rule, held, len(held), about)


def _own_home_area(rule: Rule, context: Context) -> Iterator[Unusual]:
    homes = frozenset().union(*(one.home_areas for one in context.colleagues if one.actor == context.actor))
    # A reading of the whole region touches every area and is about none.
    found = [reading for reading in context.of_persons if reading.areas and reading.areas <= homes]
    yield from _by_day(rule, context, found)


def _bulk(rule: Rule, context: Context) -> Iterator[Unusual]:
    def persons(held: Sequence[Reading]) -> int:
        return len(frozenset().union(*(reading.persons for reading in held)))

    yield from _bursts(rule, context.of_persons, persons)


def _denied(rule: Rule, context: Context) -> Iterator[Unusual]:
    def attempts(held: Sequence[Reading]) -> int:
        return sum(reading.found or 1 for reading in held)

    yield from _bursts(rule, [one for one in context.readings if one.action == "denied"], attempts)


def _bursts(
    rule: Rule, readings: Sequence[Reading], count: Callable[[Sequence[Reading]], int]
) -> Iterator[Unusual]:
    """Stretches in which every window of ``within_minutes`` that ends in them counts ``at_least`` so many."""
    within = timedelta(minutes=rule["within_minutes"])
    first = 0
    spans: list[tuple[int, int]] = []
    for last, reading in enumerate(readings):
        while reading.at - readings[first].at > within:
            first += 1
        # No window counts enough that holds too little even if nothing in it is told twice.
        if (
            sum(max(len(one.persons), one.found or 1) for one in readings[first : last + 1])
            < rule["at_least"]
        ):
            continue
        if count(readings[first : last + 1]) >= rule["at_least"]:
            if spans and first <= spans[-1][1]:
                spans[-1] = (spans[-1][0], last)
            else:
                spans.append((first, last))
    for begins, ends in spans:
        held = readings[begins : ends + 1]
        yield _finding(rule, held, count(held))


def _night(rule: Rule, context: Context) -> Iterator[Unusual]:
    excused = {reason.id for reason in catalogue().values() if reason.in_progress}

    def hour(reading: Reading) -> int:
        return reading.at.astimezone(context.zone).hour

    found = [
        reading
        for reading in context.of_persons
        if (hour(reading) >= rule["from_hour"] or hour(reading) < rule["to_hour"])
        and reading.reason not in excused
    ]
    before_midnight = timedelta(hours=rule["to_hour"])
    for _, group in groupby(
        found, lambda reading: (reading.at.astimezone(context.zone) - before_midnight).date()
    ):
        held = list(group)
        yield _finding(rule, held, len(held))


def _again(rule: Rule, context: Context) -> Iterator[Unusual]:
    by_person: defaultdict[bytes, list[Reading]] = defaultdict(list)
    for reading in context.of_persons:
        for person in reading.persons:
            by_person[person].append(reading)
    within = timedelta(days=rule["within_days"])
    for person, held in by_person.items():
        days = Counter(context.day(reading) for reading in held)
        for last in sorted(days, reverse=True):
            inside = [day for day in days if timedelta() <= last - day < within]
            told = [reading for reading in held if context.day(reading) in inside]
            if len(inside) >= rule["at_least"] and not any(
                at >= told[0].at for at in context.followed.get(person, ())
            ):
                yield _finding(rule, told, len(inside), frozenset({person}))
                break


def _free_text(rule: Rule, context: Context) -> Iterator[Unusual]:
    found = [reading for reading in context.of_persons if reading.reason == OTHER]
    yield from _by_day(rule, context, found, rule["at_least"])


def _export(rule: Rule, context: Context) -> Iterator[Unusual]:
    for reading in context.readings:
        if reading.action == "export":
            yield _finding(rule, [reading], reading.found or 0)


CHECKS: Mapping[str, Callable[[Rule, Context], Iterator[Unusual]]] = {
    "own_person": _own_person,
    "colleague": _colleague,
    "own_home_area": _own_home_area,
    "bulk": _bulk,
    "night": _night,
    "again": _again,
    "free_text": _free_text,
    "denied": _denied,
    "export": _export,
}

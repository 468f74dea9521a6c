"""A source with 50,000 incidents: files for the inbox and bodies to push, and what they say, counted row by row.

The files hold corrections, withdrawals, reports of several offences, rows that cannot be read and files sent twice, so
that a load that loses, doubles or invents something gives another sum. The recount goes through the rows as they were
written, and knows nothing of the pipeline.
"""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

CALL_TYPES = {
    "Lägenhetsbråk": "uppdrag:lagenhetsbrak", "Misshandel": "uppdrag:misshandel", "Inbrott": "uppdrag:inbrott",
    "Bråk i relation": "uppdrag:brak-i-relation", "Fylleri": "uppdrag:fylleri",
}  # fmt: skip
CODES = ("9365", "9367", "9440", "0412", "4088")
PLACES = (  # kommun, latitude, longitude; none: by its name only
    ("Stockholm", "59.3137", "18.0745"), ("Stockholm", "59.3373", "18.0560"), ("Solna", "59.3600", "18.0009"),
    ("Nacka", "", ""), ("Södertälje", "", ""), ("Gotland", "", ""),
)  # fmt: skip
PEOPLE = ("189103122041", "188807211175", "18640823-3234", "")  # born 18xx: they can belong to nobody
HEADER = (
    "ID;BROTTSKOD;ANTAL;BROTTSDATUMTID_START;BROTTSDATUMTID_SLUT;KOMMUN;LATITUDE;LONGITUDE;MALSAGANDE;MISSTANKT;STATUS;"
    "FRITEXT\n"
)
DAYS = 60
CORRECTED = 0.06
WITHDRAWN = 0.02


@dataclass(frozen=True)
class Said:
    """What a source says of one incident: its day, state, the number of each offence, and a text that may change."""

    key: str
    day: date
    minute: int
    place: tuple[str, str, str]
    offences: tuple[tuple[str, int], ...]
    active: bool = True
    text: str = ""


@dataclass
class Delivery:
    """A file or body of one feed. ``said`` is in it row by row; ``wrong`` rows of it cannot be read."""

    feed: str
    said: list[Said]
    wrong: int = 0

    @property
    def records(self) -> int:
        return len(self.said) + self.wrong

    def body(self) -> bytes:
        return _ndjson(self) if self.feed == "uppdrag" else _csv(self)


@dataclass
class Work:
    """All that is to be loaded. ``files`` go into the inbox and ``pushed`` through the API, each in their order."""

    files: dict[str, list[Delivery]] = field(default_factory=dict)
    pushed: dict[str, list[Delivery]] = field(default_factory=dict)

    def all(self) -> Iterator[Delivery]:
        for many in (*self.files.values(), *self.pushed.values()):
            yield from many


def make(incidents: int, seed: int, today: date) -> Work:
    """``incidents`` in all: half of them calls in files, a quarter reports in files, the rest pushed."""
    chance = random.Random(seed)  # noqa: S311 - made-up data
    shares = {
        ("files", "uppdrag"): incidents // 2,
        ("files", "anmalan"): incidents // 4,
        ("pushed", "uppdrag"): incidents // 8,
    }
    shares["pushed", "anmalan"] = incidents - sum(shares.values())
    work = Work()
    begin = {"uppdrag": 0, "anmalan": 0}
    for (way, feed), share in shares.items():
        numbers = range(begin[feed], begin[feed] + share)
        begin[feed] += share
        largest = max(40, share // 8 if way == "files" else share // 40)
        getattr(work, way)[feed] = list(
            _deliveries(feed, numbers, largest, chance, today, wrong=way == "files")
        )
    return work


def _deliveries(
    feed: str, numbers: range, largest: int, chance: random.Random, today: date, *, wrong: bool
) -> Iterator[Delivery]:
    """Files of uneven size; after each, now and then, one that corrects and withdraws what the one before said."""
    begin = 0
    while begin < len(numbers):
        size = chance.randint(largest // 4, largest)
        said = [_first(feed, number, chance, today) for number in numbers[begin : begin + size]]
        begin += size
        yield Delivery(feed, said, chance.randint(0, 3) if wrong else 0)
        if again := [_later(one, chance) for one in said if chance.random() < CORRECTED + WITHDRAWN]:
            yield Delivery(feed, again, 0)


def _first(feed: str, number: int, chance: random.Random, today: date) -> Said:
    day = today - timedelta(days=chance.randint(2, DAYS))
    if feed == "uppdrag":
        offences = ((CALL_TYPES[chance.choice(list(CALL_TYPES))], 1),)
        key = f"S-2026-{number:07d}"
    else:
        codes = chance.sample(CODES, chance.choice((1, 1, 1, 2, 3)))
        offences = tuple((code, chance.choice((1, 1, 1, 2))) for code in codes)
        key = f"0201-K{number:06d}-26"
    # From 4 in the morning: no hour is skipped or repeated by the clocks then.
    return Said(key, day, chance.randint(4 * 60, 22 * 60), chance.choice(PLACES), offences)


def _later(said: Said, chance: random.Random) -> Said:
    words = dict(vars(said)) | {"text": "rättad"}
    if chance.random() < WITHDRAWN / (CORRECTED + WITHDRAWN):
        return Said(**words | {"active": False})
    if chance.random() < 0.5:
        return Said(**words | {"place": chance.choice(PLACES)})
    return Said(**words | {"day": said.day - timedelta(days=1)})


def _ndjson(delivery: Delivery) -> bytes:
    rows = []
    for said in delivery.said:
        ((code, _),) = said.offences
        kommun, latitude, longitude = said.place
        row = {
            "HAENDELSE_ID": said.key, "DATUM": f"{said.day}", "TID": _clock(said.minute),
            "AVSLUTAD": f"{said.day} {_clock(said.minute + 40)}", "PRIO_SLUTLIG": "2", "KOMMUN": kommun,
            "HAENDELSETYP": next(name for name, known in CALL_TYPES.items() if known == code),
            "STATUS": "Aktiv" if said.active else "Makulerad", "FRITEXT": said.text,
        }  # fmt: skip
        if latitude:
            row |= {"LATITUDE": float(latitude), "LONGITUDE": float(longitude)}
        rows.append(row)
    rows += [
        {"HAENDELSE_ID": f"fel {n}", "DATUM": "i går", "HAENDELSETYP": "Hot"} for n in range(delivery.wrong)
    ]
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


def _csv(delivery: Delivery) -> bytes:
    rows = []
    for place, said in enumerate(delivery.said):
        where = ";".join(part.replace(".", ",") for part in said.place)
        start, end = (f"{said.day} {_clock(said.minute + later)}" for later in (0, 25))
        state = "Aktiv" if said.active else "Makulerad"
        victim, suspect = PEOPLE[place % 4], PEOPLE[place % 3]
        rows += [
            f"{said.key};{code};{count};{start};{end};{where};{victim};{suspect};{state};{said.text}\n"
            for code, count in said.offences
        ]
    start = f"{date.min + timedelta(days=800_000)} 12:00"  # a day far ahead
    rows += [f"0201-K9{n:05d}-26;9365;1;{start};{start};Nacka;;;;;Aktiv;\n" for n in range(delivery.wrong)]
    return (HEADER + "".join(rows)).encode("utf-8-sig")


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


@dataclass
class Recount:
    """What must be there in the end."""

    keys: set[tuple[str, str]] = field(default_factory=set)
    versions: Counter[str] = field(default_factory=Counter)
    offences: Counter[tuple[str, date, str]] = field(default_factory=Counter)
    incidents: Counter[tuple[str, date]] = field(default_factory=Counter)
    kommuner: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)


def recount(work: Work) -> Recount:
    """Go through the rows in the order in which the source told them."""
    told: dict[tuple[str, str], list[Said]] = defaultdict(list)
    found = Recount()
    for delivery in work.all():
        found.wrong[delivery.feed] += delivery.wrong
        for said in delivery.said:
            history = told[delivery.feed, said.key]
            if not history or history[-1] != said:
                history.append(said)
    for (feed, key), history in told.items():
        found.keys.add((feed, key))
        found.versions[feed] += len(history)
        last = history[-1]
        if last.active:
            found.incidents[feed, last.day] += 1
            found.kommuner[feed, last.place[0]] += 1
            for code, count in last.offences:
                found.offences[feed, last.day, code] += count
    return found

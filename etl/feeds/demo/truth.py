"""What is planted, written down: a JSON file by which whatever looks for it can be judged.

It covers the world from a day on, up to a month ahead of now; every entry tells when it was or will be registered.
Personnummer are the made-up ones of the deliveries (``people``), not pseudonyms.
"""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from etl.feeds.demo import named, offences, people
from etl.feeds.demo.calls import LINKED_FROM, call_ids
from etl.feeds.demo.clock import DAY_MINUTES, day_number, day_of, moment, words
from etl.feeds.demo.planted import BURST_FACTOR, bursts, silences
from etl.feeds.demo.versions import CHANGES, WITHDRAWN

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from etl.feeds.demo.clock import Ints
    from etl.feeds.demo.cohorts import Flags
    from etl.feeds.demo.deliveries import Demo

LATE_DAYS = 14

ABOUT = (
    "Planted truth of Sealed Stockholm, a made-up region. Times are local without an offset, or ISO 8601 with one. "
    "pairs: victims and suspects with two reports or more; gaps_days between what happened, not between registrations. "
    "links: people of whom a report tells the name and no number, with their other reports."
)


def write_truth(file: Path, demo: Demo, from_day: date) -> None:
    """Replace ``file`` by the truth from ``from_day`` on."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(truth(demo, from_day), ensure_ascii=False), encoding="utf-8")
    fresh.replace(file)


def truth(demo: Demo, from_day: date) -> dict[str, Any]:
    """Everything planted among what is registered from ``from_day`` on."""
    world, from_s = demo.world, demo.midnight_s(from_day)
    registered = (world.filings.first_s >= from_s) & (world.ids != "")
    to_day = demo.local_day(world.end_s)
    whole = np.flatnonzero(registered)
    return {
        "about": ABOUT,
        "seed": demo.ground.seed,
        "from": from_day.isoformat(),
        "to": to_day.isoformat(),
        "reports": len(whole),
        "age_offset_years": people.AGE_OFFSET_YEARS,
        **_pairs(demo, whole),
        "delays": _delays(demo, whole),
        **_corrections(demo, from_s),
        "duplicates": _duplicates(demo, from_day, to_day, registered),
        "bursts": _bursts(demo, from_day, to_day, whole),
        "silences": [
            {
                "feed": "uppdrag",
                "from": moment(silence.from_s).isoformat(),
                "to": moment(silence.to_s).isoformat(),
            }
            for silence in silences(demo.ground, day_number(from_day), day_number(to_day))
        ],
        "links": _links(demo, whole),
        "protected": world.ids[whole[world.pairs.protected[world.events.pair[whole]]]].tolist(),
    }


def _pairs(demo: Demo, whole: Ints) -> dict[str, Any]:
    """Repeat pairs with their escalation; moves; suspects with several victims."""
    pairs, events, ids = demo.world.pairs, demo.world.events, demo.world.ids
    rows: dict[int, list[int]] = defaultdict(list)
    for event, pair in zip(whole.tolist(), events.pair[whole].tolist(), strict=True):
        rows[pair].append(event)
    at, group = events.at.tolist(), events.group.tolist()
    repeats, moves = [], []
    for pair, row in rows.items():
        if len(row) < 2:
            continue
        who = {
            "victim": people.written(int(pairs.victim[pair])),
            "suspect": people.written(int(pairs.suspect[pair])),
        }
        repeats.append(
            {
                **who,
                "relation": offences.RELATIONS[int(pairs.relation[pair])],
                "escalates_in_frequency": bool(pairs.in_frequency[pair]) and len(row) > 2,
                "escalates_in_severity": bool(
                    pairs.in_severity[pair] and pairs.relation[pair] <= offences.COUPLE_MAN
                ),
                "reports": [ids[event] for event in row],
                "offences": [offences.NAMES[group[event]] for event in row],
                "gaps_days": [
                    round((at[after] - at[before]) / DAY_MINUTES, 1) for before, after in pairwise(row)
                ],
            }
        )
        if pairs.moved_to[pair] >= 0:
            after = [event for event in row if events.place_in_row[event] >= pairs.moved_before[pair]]
            if after and after[0] != row[0]:
                moves.append(
                    {
                        **who,
                        "from_kommun": _kommun(demo, int(pairs.home[pair])),
                        "to_kommun": _kommun(demo, int(pairs.moved_to[pair])),
                        "first_report_after": ids[after[0]],
                    }
                )
    victims: dict[int, list[str]] = defaultdict(list)
    suspects = set(pairs.suspect[pairs.shared_suspect].tolist())
    for pair in rows:
        if (suspect := int(pairs.suspect[pair])) in suspects:
            victims[suspect].append(people.written(int(pairs.victim[pair])))
    shared = [
        {"suspect": people.written(suspect), "victims": known}
        for suspect, known in victims.items()
        if len(known) > 1
    ]
    return {"pairs": repeats, "moves": moves, "shared_suspects": shared}


def _links(demo: Demo, whole: Ints) -> list[dict[str, Any]]:
    """People on named reports of whom one report at least has no number: what the linkage may find.

    Their earlier reports are told too, for they may still be corrected.
    """
    world = demo.world
    rows: dict[int, list[int]] = defaultdict(list)
    here = named.named(world) & np.isin(np.arange(len(world.pairs.key)), world.events.pair[whole])
    for event in np.flatnonzero(here[world.events.pair] & (world.ids != "")).tolist():
        rows[int(world.events.pair[event])].append(event)
    found = []
    for pair, row in rows.items():
        missing = {event: named.without_number(world, event) for event in row}
        for role, word, persons in (
            (named.VICTIM, "victim", world.pairs.victim),
            (named.SUSPECT, "suspect", world.pairs.suspect),
        ):
            if len(row) > 1 and role in missing.values():
                mentions = [
                    {"report": world.ids[event], "role": word, "numbered": missing[event] != role}
                    for event in row
                ]
                name = named.true_name(world, demo.places, row[0], role)
                found.append(
                    {"person": people.written(int(persons[pair])), "name": name, "mentions": mentions}
                )
    return found


def _delays(demo: Demo, whole: Ints) -> dict[str, Any]:
    """How late reports were registered, by offence group and one by one when it was more than two weeks."""
    world = demo.world
    happened = demo.clock.utc_s(world.events.at[whole])
    days = (world.filings.first_s[whole] - happened) / 86_400
    group = world.events.group[whole]
    return {
        "by_offence": {
            name: {
                "reports": int((group == number).sum()),
                "within_a_day": round(float((days[group == number] < 1).mean()), 3),
                "median_days": round(float(np.median(days[group == number])), 2),
                "p95_days": round(float(np.quantile(days[group == number], 0.95)), 1),
            }
            for number, name in enumerate(offences.NAMES)
            if (group == number).any()
        },
        "late": [
            {"report": world.ids[event], "days": round(float(late), 1)}
            for event, late in zip(
                whole[days > LATE_DAYS].tolist(), days[days > LATE_DAYS].tolist(), strict=True
            )
        ],
    }


def _corrections(demo: Demo, from_s: int) -> dict[str, Any]:
    versions, ids = demo.world.versions, demo.world.ids
    later = np.flatnonzero((versions.change > 0) & (versions.registered_s >= from_s))
    listed = [
        {"report": ids[event], "version": int(number), "change": CHANGES[change], "registered": registered}
        for event, number, change, registered in zip(
            versions.event[later].tolist(),
            versions.number[later].tolist(),
            versions.change[later].tolist(),
            demo.clock.iso(versions.registered_s[later]),
            strict=True,
        )
    ]
    withdrawn = CHANGES[WITHDRAWN]
    return {
        "corrections": [entry for entry in listed if entry["change"] != withdrawn],
        "withdrawals": [entry for entry in listed if entry["change"] == withdrawn],
    }


def _duplicates(demo: Demo, from_day: date, to_day: date, registered: Flags) -> list[dict[str, str]]:
    """Reports that are also calls: the same event in both feeds."""
    found = []
    for day in range(day_number(from_day), day_number(to_day)):
        events = demo.world.called_on(day)
        calls = call_ids(day, LINKED_FROM + np.arange(len(events)))
        times = words(demo.world.filings.call_at[events])
        found += [
            {"report": str(demo.world.ids[event]), "call": call, "called": called}
            for event, call, called in zip(events.tolist(), calls, times, strict=True)
            if registered[event]
        ]
    return found


def _bursts(demo: Demo, from_day: date, to_day: date, whole: Ints) -> list[dict[str, Any]]:
    world, places = demo.world, demo.places
    of_report = np.where(
        world.events.place_in_row[whole] == 0, world.pairs.burst[world.events.pair[whole]], -1
    )
    found = []
    for burst in bursts(demo.ground, day_number(from_day), day_number(to_day)):
        extra = whole[of_report == burst.block]
        found.append(
            {
                "district": places.districts[burst.district],
                "kommun": _kommun(demo, int(np.flatnonzero(places.district_of == burst.district)[0])),
                "from": day_of(burst.from_day).isoformat(),
                "to": day_of(burst.to_day).isoformat(),
                "factor": BURST_FACTOR,
                "extra_reports": world.ids[extra].tolist(),
            }
        )
    return found


def _kommun(demo: Demo, place: int) -> str:
    return demo.places.kommuner[int(demo.places.kommun_of[place])]

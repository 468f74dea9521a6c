"""The words of the two sources: report versions as the CSV of ``anmalan``, calls as the NDJSON of ``uppdrag``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from etl.feeds.demo import call_types, named, offences, people
from etl.feeds.demo.calls import WITHDRAWN, call_ids
from etl.feeds.demo.clock import words
from etl.feeds.demo.versions import KOMMUN, POSITION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from etl.feeds.demo.calls import Calls
    from etl.feeds.demo.clock import Clock, Ints
    from etl.feeds.demo.places import Places
    from etl.feeds.demo.world import World

COLUMNS = (
    "ID", "BROTTSKOD", "ANTAL", "BROTTSDATUMTID_START", "BROTTSDATUMTID_SLUT", "INSKRIVNINGSDATUM", "GATA", "GATUNR",
    "KOMMUN", "LATITUDE", "LONGITUDE", "MALSAGANDE", "MISSTANKT", "RELATION", "SKYDDAD", "STATUS", "REGISTRERAD",
    "FRITEXT", *named.COLUMNS,
)  # fmt: skip
TEXTS = (
    "Anmälan upprättad av patrull på plats.",
    "Patrull på plats. Målsägande hörd.",
    "Anmälan inkommen via 114 14.",
    "Målsägande har anmält i reception.",
    "Patrull på plats. Dokumentation gjord med foto.",
    "Anmälan inkommen via annan myndighet.",
    "Grannar hörde bråk. Patrull på plats.",
    "Målsägande önskar kontakt med brottsofferhandläggare.",
    "Initialt förhör hållet. Inga vittnen.",
    "Vittne finns. Initialt förhör hållet.",
)


def report_csv(
    world: World, clock: Clock, places: Places, positions: Ints, besides: Iterable[str] = ()
) -> bytes:
    """Versions of reports (positions in ``world.versions``): semicolons, BOM, decimal comma, an offence a row.

    ``besides``: rows that are there already (``stories``).
    """
    lines = [";".join(COLUMNS), *_report_rows(world, clock, places, positions), *besides, ""]
    return "\r\n".join(lines).encode("utf-8-sig")


def _report_rows(world: World, clock: Clock, places: Places, positions: Ints) -> Iterator[str]:
    versions, pairs, events, filings = world.versions, world.pairs, world.events, world.filings
    event = versions.event[positions]
    pair = events.pair[event]
    relation = pairs.relation[pair]
    place, house = versions.place[positions], versions.house[positions]
    precision = versions.precision[positions]
    middle = events.at[event] + versions.shift_min[positions]
    begun = clock.existing(middle - filings.before_min[event])
    over = np.maximum(begun, clock.existing(middle + filings.after_min[event]))
    group, companion = versions.group[positions], events.companion[event]
    latitudes, longitudes = places.positions(place, house)
    with_names = named.named(world)[pair]
    rows = zip(
        event.tolist(), with_names.tolist(),
        world.ids[event].tolist(),
        offences.CODES[group, relation].tolist(),
        np.where(companion >= 0, offences.CODES[companion, relation], "").tolist(),
        np.where(events.child_saw[event], pairs.child[pair], people.UNKNOWN).tolist(),
        pairs.child_sex[pair].tolist(),
        filings.count[event].tolist(),
        words(begun),
        words(over),
        words(clock.wall_min(filings.first_s[event])),
        place.tolist(), house.tolist(), precision.tolist(), latitudes, longitudes,
        pairs.victim[pair].tolist(),
        np.where(versions.suspect_known[positions], pairs.suspect[pair], people.UNKNOWN).tolist(),
        relation.tolist(), pairs.protected[pair].tolist(), versions.withdrawn[positions].tolist(),
        clock.iso(versions.registered_s[positions]), filings.text[event].tolist(),
        strict=True,
    )  # fmt: skip
    for (
        happened, told, report, code, second, child, child_sex, count, start, end, entered, street, number, precise,
        latitude, longitude, victim, suspect, kinship, protected, withdrawn, registered, text,
    ) in rows:  # fmt: skip
        address = "" if precise == KOMMUN else places.streets[street]
        house_number = "" if precise == KOMMUN else number
        spot = f"{latitude:.5f};{longitude:.5f}".replace(".", ",") if precise == POSITION else ";"
        where = f"{address};{house_number};{places.kommuner[places.kommun_of[street]]};{spot}"
        when = f"{start};{end};{entered};{where}"
        by = people.written(suspect)
        said = TEXTS[text % len(TEXTS)]
        rest = f"{'J' if protected else 'N'};{'Makulerad' if withdrawn else 'Aktiv'};{registered};{said}"
        person, close = people.written(victim), offences.RELATIONS[kinship]
        who = whose = named.NOTHING
        if told:
            missing = named.without_number(world, happened)
            both = named.told(world, places, happened)
            who, whose = both[0].cells(), both[1].cells() if by else named.NOTHING
            person, by = "" if missing == named.VICTIM else person, "" if missing == named.SUSPECT else by
        yield f"{report};{code};{count};{when};{person};{by};{close};{rest}{who}{whose}"
        if second and second != code:
            yield f"{report};{second};1;{when};{person};{by};{close};{rest}{who}{whose}"
        if child:
            own = people.written(child)
            witnessed = offences.CHILD_CODES[1 - child_sex]
            yield f"{report};{witnessed};1;{when};{own};{by};slakt;{rest}{named.NOTHING}{whose}"


def call_ndjson(clock: Clock, places: Places, chosen: Iterable[tuple[Calls, Ints]]) -> bytes:
    """Versions of calls: of each day those at the given positions. One JSON object a line."""
    lines = (line for calls, positions in chosen for line in _call_lines(clock, places, calls, positions))
    return "".join(lines).encode()


def _call_lines(clock: Clock, places: Places, calls: Calls, positions: Ints) -> Iterator[str]:
    place, house = calls.place[positions], calls.house[positions]
    latitudes, longitudes = places.positions(place, house)
    starts = words(calls.start[positions])
    ends = words(np.maximum(calls.end[positions], 0))
    rows = zip(
        call_ids(calls.day, calls.number[positions]), starts, ends, (calls.end[positions] >= 0).tolist(),
        calls.kind[positions].tolist(), calls.priority[positions].tolist(), place.tolist(), house.tolist(),
        latitudes, longitudes, (calls.change[positions] == WITHDRAWN).tolist(),
        clock.iso(calls.registered_s[positions]), strict=True,
    )  # fmt: skip
    for (
        number,
        start,
        end,
        over,
        kind,
        priority,
        street,
        door,
        latitude,
        longitude,
        withdrawn,
        registered,
    ) in rows:
        before, after = places.as_json[street]
        yield (
            f'{{"HAENDELSE_ID":"{number}","DATUM":"{start[:10]}","TID":"{start[11:]}",'
            f'"AVSLUTAD":{f"{chr(34)}{end}{chr(34)}" if over else "null"},"HAENDELSETYP":"{call_types.NAMES[kind]}",'
            f'"PRIO_SLUTLIG":"{priority}",{before}"GATUNR":"{door}",{after}"LATITUDE":{latitude},"LONGITUDE":{longitude},'
            f'"STATUS":"{"Makulerad" if withdrawn else "Aktiv"}","REGISTRERAD":"{registered}"}}\n'
        )

"""How pairs are told by API and page: codes, days, opaque ids. Severity is a step among those of the pair, no more."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from app.domain.dyad import ELSEWHERE_EN, ELSEWHERE_SV

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from app.commands.pairs import Told
    from app.domain.dyad import Act, Dyad, Rung
    from app.domain.flags import Flag
    from app.domain.follow_up import FollowUp
    from app.domain.pair_id import PairIds
    from app.queries.pairs import Held, Place


def row(held: Held, places: Mapping[UUID, Place], ids: PairIds, today: date) -> dict[str, Any]:
    """A pair in a list."""
    dyad, flags = held
    return {
        "pair": ids.of(dyad.victim, dyad.suspect),
        "last_reported_at": dyad.last_told_at,
        "last_day": dyad.last.day,
        "days_since_last": dyad.days_since_last(today),
        "reports": [source(rung) for rung in dyad.rungs],
        "districts": sorted({name for rung in dyad.rungs if (name := _district(rung, places))}),
        "flags": [flag(one) for one in flags],
    }


def pair(told: Told, ids: PairIds, today: date) -> dict[str, Any]:
    """A pair by itself."""
    dyad, flags = told.held
    return {
        "pair": ids.of(dyad.victim, dyad.suspect),
        "last_reported_at": dyad.last_told_at,
        "days_since_last": dyad.days_since_last(today),
        "rungs": [rung(one, told.places.get(one.incident)) for one in dyad.rungs],
        "severity": severity(dyad),
        "frequency": [point._asdict() for point in dyad.frequency()],
        "flags": [flag(one) for one in flags],
        "follow_ups": [follow_up(one) for one in told.follow_ups],
        "elsewhere": {"sv": ELSEWHERE_SV, "en": ELSEWHERE_EN} if told.elsewhere else None,
    }


def source(rung: Rung) -> dict[str, Any]:
    """One report, as a source."""
    return {"uid": rung.incident, "feed": rung.feed, "day": rung.day}


def rung(one: Rung, place: Place | None) -> dict[str, Any]:
    """One report of a pair. Of a protected one the area only."""
    hidden = one.protected or place is None or place.protected
    return {
        **source(one),
        "occurred_from": one.occurred_from,
        "occurred_to": one.occurred_to,
        "reported_at": one.reported_at,
        "first_known_at": one.first_known_at,
        "known_at": one.known_at,
        "area": one.area,
        "area_name": place.area_name if place else None,
        "district": place.district if place else None,
        "district_name": place.district_name if place else None,
        "address": None if hidden or place is None else place.address,
        "protected": hidden,
        "relation": relations(one),
        "offences": [act(offence) for offence in one.offences],
        "beside": [act(offence) for offence in one.beside],
    }


def relations(one: Rung) -> list[str]:
    """What the report says of how the two are related; usually one word."""
    return sorted({offence.relation for offence in one.offences if offence.relation})


def act(offence: Act) -> dict[str, Any]:
    """One offence."""
    return {
        "offence": offence.code,
        "offence_sv": offence.name_sv,
        "offence_en": offence.name_en,
        "count": offence.count,
    }


def severity(dyad: Dyad) -> list[dict[str, Any]]:
    """One line: the gravest offence of each report, as a step among those that this pair has (1 is the least grave)."""
    steps = sorted({point.severity for point in dyad.severity()})
    return [
        {
            "day": one.day,
            "step": steps.index(one.offences[0].severity) + 1,
            "offence": one.offences[0].code,
            "offence_sv": one.offences[0].name_sv,
            "offence_en": one.offences[0].name_en,
        }
        for one in dyad.rungs
    ]


def flag(one: Flag) -> dict[str, Any]:
    """A fact, with what it rests on."""
    return {
        "rule": one.rule,
        "version": one.version,
        "text_sv": one.text_sv,
        "text_en": one.text_en,
        "day": one.day,
        "sources": [
            {"uid": told.incident, "feed": told.feed, "day": told.day, "offences": list(told.codes)}
            for told in one.sources
        ],
    }


def follow_up(one: FollowUp) -> dict[str, Any]:
    """An entry."""
    return {
        "id": one.id,
        "uid": one.incident,
        "kind": one.entry.kind,
        "text": one.entry.text,
        "decided": one.entry.decided,
        "due": one.entry.due,
        "noted_at": one.noted_at,
        "name": one.name,
        "role": one.role,
        "corrects": one.entry.corrects,
        "corrected": one.corrected,
    }


def _district(one: Rung, places: Mapping[UUID, Place]) -> str | None:
    place = places.get(one.incident)
    return None if place is None else place.district_name or place.area_name

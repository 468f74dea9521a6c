"""Made-up rungs for tests of pairs and flags."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from hypothesis import strategies as st

from app.domain.dyad import Act, Dyad, Rung

START = date(2024, 1, 1)
ACTS = {
    "9365": Act("9365", "misshandel", "Misshandel", "Assault", 500, 1),
    "9456": Act("9456", "ofredande", "Ofredande", "Molestation", 200, 1),
    "4090": Act("4090", "kontaktforbud", "Överträdelse av kontaktförbud", "Breach of contact ban", 363, 1),
    "9495": Act("9495", "barnfridsbrott", "Barnfridsbrott", "Violation of a child's integrity", 300, 1),
}


def rung(
    number: int,
    day: int,
    *codes: str,
    beside: tuple[str, ...] = (),
    areas: tuple[int, ...] = (1,),
    told_days: int = 0,
) -> Rung:
    at = datetime.combine(START + timedelta(days=day), time(12), UTC)
    told = at + timedelta(days=told_days)
    return Rung(
        incident=UUID(int=number),
        feed="anmalan",
        occurred_from=at,
        occurred_to=at,
        day=at.date(),
        reported_at=told,
        first_known_at=told,
        known_at=told,
        area="0180",
        area_ids=frozenset(areas),
        offences=tuple(ACTS[code] for code in codes or ("9365",)),
        beside=tuple(ACTS[code] for code in beside),
    )


@st.composite
def chains(draw: st.DrawFn, smallest: int = 1) -> tuple[Rung, ...]:
    """Some rungs in any order."""
    days = draw(st.lists(st.integers(0, 1500), min_size=smallest, max_size=8))
    some = st.lists(st.sampled_from(sorted(ACTS)), max_size=2).map(tuple)
    return tuple(
        rung(
            number,
            day,
            *(draw(some) or ("9365",)),
            beside=draw(some),
            areas=(draw(st.integers(1, 3)),),
            told_days=draw(st.integers(0, 60)),
        )
        for number, day in enumerate(days)
    )


def dyad(chain: tuple[Rung, ...], number: int = 0) -> Dyad:
    return Dyad(bytes([number]), b"s", chain)

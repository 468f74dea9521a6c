"""Small hierarchical plans for the tests: areas under districts, offence groups, months under quarters."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

from hypothesis import strategies as st

from app.disclosure.axis import TOTAL, Axis
from app.disclosure.cube import Counts, Cube, Plan, count
from app.disclosure.ledger import Pin
from app.disclosure.policy import Policy

MONTHS = ["2026-01", "2026-02", "2026-03"]
PIN = Pin(datetime(2026, 5, 1, tzinfo=UTC), (900, 12))


def area_plan(policy: Policy | None = None, *, areas: int = 4, offences: int = 2, months: int = 1) -> Plan:
    """Areas in two districts and in two other groups that cut across them, × offences × months with their sum."""
    names = [f"a{number}" for number in range(areas)]
    half = areas // 2
    area = Axis.of(
        "area", names,
        {"north": names[:half], "south": names[half:], "odd": names[1::2], "even": names[::2]},
    )  # fmt: skip
    offence = Axis.of("offence", [f"o{number}" for number in range(offences)])
    month = Axis.of("month", MONTHS[:months])
    every = {"offence": (*sorted(offence.leaves), TOTAL), "month": (*MONTHS[:months], TOTAL)}
    return Plan(
        "partners", "report offences", (area, offence, month), "month",
        (
            Cube("district", {"area": (*names, "north", "south", TOTAL), **every}),
            Cube("across", {"area": ("odd", "even", TOTAL), **every}),
        ),
        policy or Policy(),
    )  # fmt: skip


def counts_of(plan: Plan, numbers: list[int]) -> dict[tuple[str, ...], int]:
    """Counts for every base cell of a plan, in order."""
    keys = itertools.product(*(sorted(axis.leaves) for axis in plan.axes))
    return dict(zip(keys, numbers, strict=False))


def cells_with_counts(plan: Plan, counts: Counts):
    """Every cell of a plan with its count."""
    return {cell: count(cell, counts) for cell in plan.cells()}


def month_of(counts: Counts, month: str) -> dict[tuple[str, ...], int]:
    """The base cells of one month."""
    return {key: number for key, number in counts.items() if key[-1] == month}


# Small counts are what it is about: zeros and 1 to 4 come often.
small_counts = st.one_of(st.integers(0, 6), st.integers(0, 40))

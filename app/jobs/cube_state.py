"""What is published of a year, read back: the plan, what was decided, and the counts from the ledger at the pins."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import orjson

from app.disclosure.cube import Key, Plan
from app.disclosure.declared import Declared, Place, names_of, plan_of
from app.disclosure.ledger import Pin, Publications, extend
from app.disclosure.versions import came, in_version, stays, tagged, went
from app.domain.errors import BadInput, LagesbildError
from app.domain.window import KINDS
from app.queries import cubes as queries
from app.queries.ledger import latest_position

if TYPE_CHECKING:
    from app.db import Connection
    from app.domain.region import Region


class Mismatch(LagesbildError):  # noqa: N818 - reads as what it is
    """What was published is not what the ledger gives at its pins: first it must be found out why."""


@dataclass(frozen=True)
class State:
    """Everything that a publication is decided from."""

    declared: Declared
    so_far: Publications
    names: dict[str, Any]
    kept: dict[tuple[str, str, int], dict[str, Any]]
    rows: dict[str, list[dict[str, Any]]]
    pin: Pin


async def read_state(
    connection: Connection, region: Region, declared: Declared, year: int, at: datetime, key: bytes
) -> State:
    """One snapshot of all that is needed of a year. It writes nothing, so the live stream does not wait for it."""
    first, beyond = date(year, 1, 1), date(year + 1, 1, 1)
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        kept = await queries.plan_kept(connection, f"{region.code}-{year}")
        if kept is None:
            plan = declared.plan(region.code, year, await queries.places(connection, first, beyond))
            names = names_of(declared, plan, await queries.area_names(connection, first, beyond))
        else:
            plan, names = plan_of(kept["plan"]), kept["names"]
        contents = await queries.contents(connection, plan.name)
        pins: dict[str, dict[int, Pin]] = defaultdict(dict)
        for row in await queries.pins(connection, plan.name):
            pins[row["period"]][row["version"]] = Pin(row["as_of"], (row["xid"], row["ledger_id"]))
        position = await latest_position(connection)
        last = max([at, *(pin.known_at for of in pins.values() for pin in of.values())])
        rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in await queries.signed(connection, KINDS[declared.kind], first, beyond, last, position):
            rows[row["month"]].append(row)
    documents = {
        (row["cube"], row["period"], row["version"]): orjson.loads(row["content"]) for row in contents
    }
    so_far = replace(read_back(plan, pins, documents), key=key)
    counts: dict[Key, int] = {}
    for month, of in pins.items():
        counts |= counts_of(declared, rows[month], of)
    return State(
        declared,
        replace(so_far, counts=counts),
        names,
        documents,
        rows,
        Pin(at, (position.xid, position.ledger_id)),
    )


def read_back(
    plan: Plan,
    pins: Mapping[str, Mapping[int, Pin]],
    documents: Mapping[tuple[str, str, int], dict[str, Any]],
) -> Publications:
    """What was decided, from what partners were given: by cube, period and version."""
    shown: dict[tuple[frozenset[str], ...], bool] = {}
    made = Publications(plan, pins, shown=shown)
    for (name, period, number), document in sorted(documents.items(), key=lambda item: item[0][2]):
        if period not in plan.cube(name).shown[plan.time]:
            continue  # A year, which nobody decided about.
        told = {_place(row, plan): row for row in document["rows"]}
        for labels, cell in plan.rows(plan.cube(name)):
            if labels[plan.time] != period:
                continue
            row = told[_place(labels, plan)]
            if number == 1:
                shown[in_version(cell, 1)] = row["figure"] is not None
            elif row["version"] == number:
                last = made.last(cell, number - 1)
                shown |= dict.fromkeys((came(cell, last, number), went(cell, last, number)), True)
    return made


def _place(row: Mapping[str, Any], plan: Plan) -> tuple[str, ...]:
    return tuple(row[axis.name] for axis in plan.axes)


def require_same(so_far: Publications, state: State) -> None:
    """Refuse to go on from figures that the ledger does not give at their pins."""
    for (name, period, number), document in state.kept.items():
        if period in so_far.plan.cube(name).shown[so_far.plan.time]:
            again = [{**row.labels, "figure": row.figure, "version": row.version}
                     for row in so_far.edition(name, period, number).rows]  # fmt: skip
            if again != document["rows"]:
                raise Mismatch(f"The cube {name} of {period} is counted otherwise now than it was published.")


def with_new_cubes(so_far: Publications, declared: Declared, year: int) -> Publications:
    """The plan with the cubes that were declared since.

    Raises:
        BadInput: A cube that is published is declared otherwise now.
    """
    region = so_far.plan.name.rpartition("-")[0]
    places = [
        Place(*(None if code == "-" else code for code in leaf.split("/")))
        for leaf in so_far.plan.axes[0].leaves
    ]
    now = declared.plan(region, year, places)
    for cube in now.cubes:
        if cube.name not in {known.name for known in so_far.plan.cubes}:
            so_far = extend(so_far, cube)
        elif so_far.plan.cube(cube.name) != cube:
            raise BadInput(
                f"The cube {cube.name} is published otherwise than it is declared: give the new one a new name."
            )
    if now.policy != so_far.plan.policy:
        raise BadInput("The rule of a year cannot be changed once a month of it is published.")
    return so_far


def counts_of(
    declared: Declared, rows: Sequence[Mapping[str, Any]], pins: Mapping[int, Pin]
) -> dict[Key, int]:
    """Base cells, with the leaf of the versions that count each incident in them."""
    numbers = sorted(pins)
    sums: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * len(numbers))
    for row in rows:
        place = Place(row["polisomrade"], row["lokalpolisomrade"], row["kommun"])
        key: Key = (place.leaf, declared.offence(row["group_code"]), declared.hour(row["hour"]), row["month"])
        held = sums[(row["incident_id"], *key)]
        for slot, number in enumerate(numbers):
            pin = pins[number]
            if row["known_at"] <= pin.known_at and (row["xid"], row["ledger_id"]) <= pin.position:
                held[slot] += row["incidents"]
    made: Counter[Key] = Counter()
    for (incident, *of), present in sums.items():
        if not {*present} <= {0, 1}:
            raise Mismatch(
                f"The ledger counts incident {incident} {max(present, key=abs)} times in {of[-1]}."
            )
        made.update(
            (*of[:-1], tagged(of[-1], part)) for part in stays([bool(here) for here in present], numbers)
        )
    return dict(made)

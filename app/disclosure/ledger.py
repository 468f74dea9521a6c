"""The ledger of publications: what was published stays, and whatever is published next is decided beside it.

A reader who has kept yesterday's figures subtracts them from today's. So:

* a period is published once from one picture, pinned by (known at, ledger position); what was shown stays shown and
  what was hidden stays hidden. Each new period, total or cube is decided with all of that held fast;
* corrections are a new version of the period (`revise`). What came and what went between two versions are cells of
  the same system (`versions`): a figure is corrected where both may be known, and held back elsewhere;
* a cube that is added later is counted from the same pinned pictures;
* before anything is let out, the attack is run over everything, old and new together.

Periods that no published total ties together have nothing to subtract: each tied group is decided by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.disclosure.attack import gives_away
from app.disclosure.cube import CellId, Counts, Cube, Plan, atoms, counted
from app.disclosure.published import PublishedCube, Row
from app.disclosure.recover import recover
from app.disclosure.rounding import rounded
from app.disclosure.suppress import suppress
from app.disclosure.versions import MOST, came, in_version, leaf, periods_of, tagged, untagged, went
from app.domain.errors import BadInput, LagesbildError


class AlreadyPublished(LagesbildError):  # noqa: N818 - reads as what it is
    """The period is out, and is not published again."""


class GivesAway(LagesbildError):  # noqa: N818
    """The attack recovers or narrows down a hidden cell: nothing is published."""


@dataclass(frozen=True)
class Pin:
    """The picture that a period was counted from; the same pin gives the same counts for ever.

    Attributes:
        known_at: As known at this time, UTC.
        position: And up to this ledger row, as (xid, ledger_id): a back-fill carries an old ``known_at``.
    """

    known_at: datetime
    position: tuple[int, int]


@dataclass(frozen=True)
class Publications:
    """Everything published of one plan, and the counts it was made from.

    Only what `edition` and `cube` give may leave the house: ``counts`` holds what is hidden, and stays out of ``repr``.

    Attributes:
        plan: What is shown.
        pins: The published periods, with the picture that each version of them was counted from.
        counts: Base cells of the published periods, by the versions that count them. Secret.
        shown: Each cell that was decided, as first counted, and whether its figure may be known; and what came and what
            went between two versions, of each figure that was corrected.
        key: The secret of rounding, when the plan rounds.
    """

    plan: Plan
    pins: Mapping[str, Mapping[int, Pin]] = field(default_factory=dict)
    counts: Counts = field(default_factory=dict, repr=False)
    shown: Mapping[CellId, bool] = field(default_factory=dict, repr=False)
    key: bytes = field(default=b"", repr=False)

    @property
    def decided(self) -> dict[CellId, int | None]:
        """Each cell that was ever decided, with the figure first published, or nothing when it is hidden."""
        cells = [cell for cell in self.plan.cells() if in_version(cell, 1) in self.shown]
        return {cell: self._row({}, cell, 1).figure for cell in cells}

    def versions(self, time: str) -> list[int]:
        """The versions that a period or a total of periods has: those that all of its periods have."""
        of = [set(self.pins.get(period, {})) for period in self.plan.axes[-1].group(time)]
        return sorted(set.intersection(*of))

    def last(self, cell: CellId, number: int) -> int:
        """The version that the figure of a shown cell is of, as of version ``number`` of its periods."""
        at = 1
        periods = [self.pins.get(period, {}) for period in cell[-1]]
        for version in range(2, number + 1):
            both = (came(cell, at, version), went(cell, at, version))
            if all(version in of for of in periods) and all(self.shown.get(part, False) for part in both):
                at = version
        return at

    def edition(self, name: str, time: str, number: int) -> PublishedCube:
        """A cube of one period or total, in one version."""
        rows = (
            self._row(labels, cell, number)
            for labels, cell in self.plan.rows(self.plan.cube(name))
            if labels[self.plan.time] == time and in_version(cell, 1) in self.shown
        )
        return PublishedCube(self.plan, name, tuple(rows))

    def cube(self, name: str) -> PublishedCube:
        """A cube as far as it is published; a total appears with the last of its periods."""
        rows = (
            self._row(labels, cell, MOST)
            for labels, cell in self.plan.rows(self.plan.cube(name))
            if in_version(cell, 1) in self.shown
        )
        return PublishedCube(self.plan, name, tuple(rows))

    def _row(self, labels: Mapping[str, str], cell: CellId, number: int) -> Row:
        if not self.shown[in_version(cell, 1)]:
            return Row(labels, None, 1)
        version = self.last(cell, number)
        exact = counted([in_version(cell, version)], self.counts)[in_version(cell, version)]
        return Row(labels, rounded(exact, cell, self.plan.policy.rounding, self.key), version)


def publish(so_far: Publications, period: str, counts: Counts, pin: Pin) -> Publications:
    """Publish one more period, and the totals that it completes.

    Args:
        so_far: Everything published of the plan.
        period: A leaf of the time axis. Publish it when it is over and mostly reported.
        counts: The period's base cells; those that are not there count 0.
        pin: The picture that they were counted from.

    Raises:
        AlreadyPublished: The period is out.
        BadInput: The counts are not of this period and these axes, or there is no such period.
        GivesAway: The last attack found something; this would be a fault of ours.

    It never gets stuck: with everything of the new period hidden a reader knows no more than before.
    """
    plan = so_far.plan
    if period not in plan.periods:
        raise BadInput(f"The plan {plan.name} has no period {period}.")
    if period in so_far.pins:
        raise AlreadyPublished(f"{period} is published, as known at {so_far.pins[period][1].known_at}.")
    require_of(plan, [period], counts)
    counts = {(*key[:-1], tagged(key[-1], leaf(1))): number for key, number in counts.items()}
    pins = {**so_far.pins, period: {1: pin}}
    return _decide(replace(so_far, pins=pins, counts={**so_far.counts, **counts}), {period})


def revise(so_far: Publications, time: str, counts: Counts, pin: Pin) -> Publications:
    """Publish the corrections to a period, or to all periods of a total, as their next version.

    Args:
        so_far: Everything published of the plan.
        time: A period, or a total of periods that are all published.
        counts: The base cells of these periods, each `versions.tagged` with which of their versions, the next one
            included, count it.
        pin: The picture that the new version was counted from.

    Raises:
        BadInput: Something of it is not published, it has had as many versions as there can be, or the counts do not
            give what was counted before.
        GivesAway: Never by a correction: what may not be known is held back, all of it if need be.
    """
    number = next_version(so_far, time)
    periods = so_far.plan.axes[-1].group(time)
    require_of(
        so_far.plan, periods, {(*key[:-1], untagged(key[-1])[0]): held for key, held in counts.items()}
    )
    kept = {key: held for key, held in so_far.counts.items() if untagged(key[-1])[0] not in periods}
    pins = {**so_far.pins, **{period: {**so_far.pins[period], number: pin} for period in periods}}
    made = replace(so_far, pins=pins, counts={**kept, **counts})
    before = [cell for cell in so_far.shown if periods_of(cell) & periods]
    if counted(before, so_far.counts) != counted(before, made.counts):
        raise BadInput(f"The picture of {time} that was published before is counted otherwise now.")
    return _decide(made, periods, number)


def next_version(so_far: Publications, time: str) -> int:
    """The number of the next version of a period or total.

    Raises:
        BadInput: There is no such period, it is not published, or there can be no further version of it.
    """
    periods = so_far.plan.axes[-1].group(time)
    if any(period not in so_far.pins for period in periods):
        raise BadInput(f"{time} is not published: there is nothing to correct.")
    number = 1 + max(max(so_far.pins[period]) for period in periods)
    if number > MOST:
        raise BadInput(f"{time} has been published in {MOST} versions; there is no room for another.")
    return number


def extend(so_far: Publications, cube: Cube) -> Publications:
    """Add a cube to a plan that is already published, counted from the same pictures.

    Raises:
        BadInput: A cube of that name exists, or it is about axes that the plan does not have.
        Unprotectable: What is out narrows down a small cell of the new cube: it cannot be added.
        GivesAway: The last attack found something; this would be a fault of ours.
    """
    made = replace(so_far, plan=replace(so_far.plan, cubes=(*so_far.plan.cubes, cube)))
    for periods in _tied(made, made.pins.keys()):
        made = _decide(made, periods)
    return made


def require_apart(plan: Plan, others: Iterable[Plan]) -> None:
    """Refuse a second plan over what another one already shows: two breakdowns of the same counts are one plan.

    Raises:
        BadInput: Another plan counts the same source over a shared period.
    """
    for other in others:
        if other.source == plan.source and other.periods & plan.periods:
            raise BadInput(
                f"The plan {other.name} already shows {plan.source} for some of these periods: add a cube to it."
            )


def require_of(plan: Plan, periods: Iterable[str], counts: Counts) -> None:
    """Refuse counts of other periods or axes.

    Raises:
        BadInput: They are.
    """
    allowed = frozenset(periods)
    for cell, number in counts.items():
        known = len(cell) == len(plan.axes) and all(
            part in axis.leaves for axis, part in zip(plan.axes, cell, strict=True)
        )
        if not known or cell[-1] not in allowed or number < 0:
            raise BadInput(
                f"Counts of {', '.join(sorted(allowed))} must be of that period, of the plan's axes, and 0 or more."
            )


def _tied(made: Publications, periods: Iterable[str]) -> list[frozenset[str]]:
    """The published periods in groups that totals tie together, those groups that hold any of these periods."""
    out = frozenset(made.pins)
    groups = [frozenset({period}) for period in out]
    for time in {cell[-1] for cell in made.plan.cells() if cell[-1] <= out}:
        joined = [group for group in groups if group & time]
        groups = [group for group in groups if not group & time] + [frozenset().union(*joined)]
    return sorted((group for group in groups if group & set(periods)), key=min)


def _decide(made: Publications, periods: Iterable[str], number: int = 1) -> Publications:
    """Decide every cell about these periods that can be counted by now and was not decided before."""
    plan = made.plan
    near = frozenset().union(*_tied(made, periods))
    cells = [cell for cell in plan.cells() if cell[-1] <= near]
    first = [in_version(cell, 1) for cell in cells]
    decided = [cell for cell in made.shown if periods_of(cell) <= near]
    changes = _changes(made, cells, frozenset(periods), number) if number > 1 else {}
    new = [
        cell
        for cell in (*first, *(part for both in changes.values() for part in both))
        if cell not in made.shown
    ]
    numbers = counted([*decided, *new], made.counts)
    held = {cell for cell in decided if made.shown[cell]}
    # A figure that changed by 1 to 4 is held back, whatever came and went: the larger of the two stays unknown.
    little = {
        max(both, key=numbers.__getitem__)
        for both in changes.values()
        if plan.policy.small(abs(numbers[both[0]] - numbers[both[1]]))
    }
    pieces = counted(atoms(numbers), made.counts)
    hidden = suppress(numbers, plan.policy, held=held, hidden=little.union(decided) - held, pieces=pieces)
    shown = {cell: number for cell, number in numbers.items() if cell not in hidden}
    small = {cell for cell, number in pieces.items() if plan.policy.small(number)}
    if held & hidden or gives_away(shown, hidden | small, plan.policy) is not None:
        raise GivesAway(f"The plan {plan.name} would give away what it hides; nothing was published.")
    told = {cell: cell not in hidden for cell in first if cell not in made.shown}
    after = replace(made, shown={**made.shown, **told})
    # Whoever sees a corrected figure knows less than if told what came and what went.
    corrected = [part for both in changes.values() if hidden.isdisjoint(both) for part in both]
    corrected_too = replace(after, shown={**after.shown, **dict.fromkeys(corrected, True)})
    if number > 1 and not recover(_documents(corrected_too, near)).nothing:
        # Somebody who takes it that reports are only added could say something of a small change: correct nothing.
        return after
    return corrected_too


def _changes(
    made: Publications, cells: Iterable[CellId], periods: frozenset[str], number: int
) -> dict[CellId, tuple[CellId, CellId]]:
    """Of each shown cell that is counted in version ``number``: what came and what went since its last figure."""
    found = {}
    for cell in cells:
        if cell[-1] <= periods and made.shown.get(in_version(cell, 1), False):
            last = made.last(cell, number - 1)
            found[cell] = (came(cell, last, number), went(cell, last, number))
    return found


def _documents(made: Publications, near: frozenset[str]) -> Iterable[dict[str, object]]:
    """Everything that is out about these periods, in every version, as a reader has it."""
    times = made.plan.axes[-1]
    for cube in made.plan.cubes:
        for time in cube.shown.get(made.plan.time, ()):
            if times.group(time) <= near:
                for version in made.versions(time):
                    yield made.edition(cube.name, time, version).document()

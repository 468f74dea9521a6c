"""The ledger of publications: what was published is never published otherwise.

A reader who has kept yesterday's figures subtracts them from today's. So:

* a period is published **once**, from one picture, pinned by (known at, ledger position). Later corrections change
  the picture and never a published figure: there is nothing to subtract;
* what was shown stays shown and what was hidden stays hidden: each new period, total or cube is decided with all of
  that held fast, over one system that holds everything ever published;
* a cube that is added later is counted from the same pinned pictures;
* before anything is let out, the attack is run over everything, old and new together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.disclosure.attack import gives_away
from app.disclosure.cube import CellId, Counts, Cube, Plan, atoms, count
from app.disclosure.published import PublishedCube, Row
from app.disclosure.rounding import rounded
from app.disclosure.suppress import suppress
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

    Only `cube` may leave the house: ``counts`` and ``decided`` hold what is hidden, and stay out of ``repr``.

    Attributes:
        plan: What is shown.
        pins: The published periods, each with the picture it was counted from.
        counts: Base cells of the published periods, as of their pins. Secret.
        decided: Each cell that was decided, with its figure, or nothing when it is hidden.
    """

    plan: Plan
    pins: Mapping[str, Pin] = field(default_factory=dict)
    counts: Counts = field(default_factory=dict, repr=False)
    decided: Mapping[CellId, int | None] = field(default_factory=dict, repr=False)

    def cube(self, name: str) -> PublishedCube:
        """A cube as far as it is published; a total appears with the last of its periods."""
        rows = (
            Row(labels, self.decided[cell])
            for labels, cell in self.plan.rows(self.plan.cube(name))
            if cell in self.decided
        )
        return PublishedCube(self.plan, name, tuple(rows))


def publish(so_far: Publications, period: str, counts: Counts, pin: Pin, *, key: bytes = b"") -> Publications:
    """Publish one more period, and the totals that it completes.

    Args:
        so_far: Everything published of the plan.
        period: A leaf of the time axis. Publish it when it is over and mostly reported: it is not done again.
        counts: The period's base cells; those that are not there count 0.
        pin: The picture that they were counted from.
        key: The secret of rounding, when the plan rounds.

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
        raise AlreadyPublished(f"{period} is published, as known at {so_far.pins[period].known_at}.")
    for cell, number in counts.items():
        known = len(cell) == len(plan.axes) and all(
            leaf in axis.leaves for axis, leaf in zip(plan.axes, cell, strict=True)
        )
        if not known or cell[plan.time_at] != period or number < 0:
            raise BadInput(f"Counts of {period} must be of that period, of the plan's axes, and 0 or more.")
    return _decide(
        replace(so_far, pins={**so_far.pins, period: pin}, counts={**so_far.counts, **counts}), key
    )


def extend(so_far: Publications, cube: Cube, *, key: bytes = b"") -> Publications:
    """Add a cube to a plan that is already published, counted from the same pictures.

    Raises:
        BadInput: A cube of that name exists, or it is about axes that the plan does not have.
        Unprotectable: What is out narrows down a small cell of the new cube: it cannot be added.
        GivesAway: The last attack found something; this would be a fault of ours.
    """
    return _decide(replace(so_far, plan=replace(so_far.plan, cubes=(*so_far.plan.cubes, cube))), key)


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


def _decide(made: Publications, key: bytes) -> Publications:
    """Decide every cell that can be counted by now and was not decided before."""
    plan, out = made.plan, frozenset(made.pins)
    cells = [cell for cell in plan.cells() if cell[plan.time_at] <= out]
    counted = {cell: count(cell, made.counts) for cell in dict.fromkeys([*made.decided, *cells])}
    pieces = {cell: count(cell, made.counts) for cell in atoms(counted)}
    held = {cell for cell, figure in made.decided.items() if figure is not None}
    hidden = suppress(counted, plan.policy, held=held, hidden=made.decided.keys() - held, pieces=pieces)
    small = {cell for cell, number in pieces.items() if plan.policy.small(number)}
    shown = {cell: number for cell, number in counted.items() if cell not in hidden}
    if held & hidden or gives_away(shown, hidden | small, plan.policy) is not None:
        raise GivesAway(f"The plan {plan.name} would give away what it hides; nothing was published.")
    base = plan.policy.rounding
    new = {
        cell: None if cell in hidden else rounded(counted[cell], cell, base, key)
        for cell in counted
        if cell not in made.decided
    }
    return replace(made, decided={**made.decided, **new})

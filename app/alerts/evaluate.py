"""When a rule fires: the one function that both the live engine and the replay ask.

It looks at every point at which anything changed after ``since`` and up to ``until``, as known at that point, and says
what fired and how each series stands at the end. To evaluate in one go or in any number of parts, each beginning with
where the last one stood, gives the same firings (``tests/alerts``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from app.alerts.facts import Facts, Signed, moment, seconds
from app.alerts.rule import Geofence, Repeat, Rule
from app.alerts.series import DAY_S, HOUR_S, Series, series


class Standing(NamedTuple):
    """How a series stands: whether it holds, has fired and not rested enough since, and since when it is below."""

    holds: bool
    fired: bool
    below_since: float | None


State = Mapping[str, Standing]
"""By series. One that is not there is below and may fire."""
OUTSIDE = "-"
"""The place of a report that counts as an earlier one, and lies where the rule does not look."""
AT_REST = Standing(holds=False, fired=False, below_since=None)


class Firing(NamedTuple):
    """A rule fired. ``place`` is what firings are grouped by; ``incident`` only where one report is meant."""

    key: str
    place: str
    at: datetime
    value: float
    bound: float
    normal: float | None
    incident: int | None

    @property
    def name(self) -> str:
        """What tells it from every other firing of its rule."""
        return f"{self.key if self.incident is None else self.incident}|{self.at.isoformat()}"


class Evaluated(NamedTuple):
    """The firings, in the order of time, and how each series stands at the end."""

    firings: tuple[Firing, ...]
    state: State


def evaluate(rule: Rule, facts: Facts, since: datetime, until: datetime, state: State | None) -> Evaluated:
    """What fires after ``since`` and up to ``until``.

    Args:
        rule: Which.
        facts: What it may know; facts that became known after ``until`` change nothing.
        since: Up to here it was looked at already.
        until: Up to here it is looked at now.
        state: How the series stood at ``since``; None: the rule begins here, so what holds already fires at once (a
            repeat is news, and fires only for what comes).
    """
    begins, ends = seconds(since), seconds(until)
    if isinstance(rule, Repeat):
        return Evaluated(tuple(_in_order(_repeats(rule, facts, begins, ends))), {})
    found: list[Firing] = []
    standing: dict[str, Standing] = {}
    told = set()
    for one in series(rule, facts, begins, ends):
        name = facts.keys[one.key]
        told.add(name)
        fired, stands = _walk(rule, one, (state or {}).get(name, AT_REST))
        found.extend(_firing(rule, facts, one, index) for index in fired)
        if stands.holds or stands.fired:
            standing[name] = stands
    # A series of which nothing is told any more stands as it stood.
    standing |= {name: stands for name, stands in (state or {}).items() if name not in told}
    return Evaluated(tuple(_in_order(found)), standing)


def _walk(rule: Rule, one: Series, standing: Standing) -> tuple[list[int], Standing]:
    """The points at which a series fires, and how it stands after the last.

    The first point is where the last look ended. It differs from how the series stood then only if something that was
    known before has come in since: that counts from there.
    """
    holds_at = one.value >= one.bound
    holds, fired, below_since = standing
    points = []
    for number in np.flatnonzero(holds_at != np.concatenate([[holds], holds_at[:-1]])):
        index = int(number)
        if holds_at[index]:
            rested = below_since is not None and one.at[index] - below_since >= rule.rearm_hours * HOUR_S
            if rested or not fired:
                points.append(index)
            holds, fired, below_since = True, True, None
        else:
            holds, below_since = False, float(one.at[index])
    return points, Standing(holds, fired, below_since)


def _firing(rule: Rule, facts: Facts, one: Series, index: int) -> Firing:
    key = facts.keys[one.key]
    at = float(one.at[index])
    normal = float(one.normal[index])
    place = _place(rule, facts, at) if isinstance(rule, Geofence) else key
    return Firing(
        key, place, moment(at), float(one.value[index]), float(one.bound[index]),
        None if np.isnan(normal) else normal, None,
    )  # fmt: skip


def _place(rule: Geofence, facts: Facts, at: float) -> str:
    """The district of the newest of what counts at a moment; none where it lies in none.

    Only what counts: the live engine reads no more than that, and a replay must say the same.
    """
    signed = facts.signed
    counts = (np.maximum(signed.known, signed.happened) <= at) & (
        signed.happened + rule.window_hours * HOUR_S > at
    )
    found = np.flatnonzero(counts & (signed.n > 0) & (signed.place >= 0))
    if not len(found):
        return ""
    newest = found[np.lexsort((signed.incident[found], signed.known[found]))[-1]]
    return facts.places[int(signed.place[newest])]


def _repeats(rule: Repeat, facts: Facts, since: float, until: float) -> Iterator[Firing]:
    """A firing for each report that became known and with which its subject has enough in the days before it."""
    signed = _often(facts.signed.of(facts.signed.known <= until), rule.at_least)
    order = np.lexsort((signed.known, signed.key))
    key, known = signed.key[order], signed.known[order]
    news = (known > since) & (signed.n[order] > 0)
    for subject, at in sorted(set(zip(key[news].tolist(), known[news].tolist(), strict=True))):
        own = order[np.searchsorted(key, subject) : np.searchsorted(key, subject, side="right")]
        yield from _of_subject(rule, facts, signed.of(own), at)


def _often(signed: Signed, at_least: int) -> Signed:
    """The facts of subjects with so many incidents; of thousands most have one."""
    if not len(signed.key):
        return signed
    pairs = np.unique(np.stack([signed.key, signed.incident]), axis=1)
    many = np.bincount(pairs[0], minlength=int(signed.key.max()) + 1) >= at_least
    return signed.of(many[signed.key])


def _of_subject(rule: Repeat, facts: Facts, own: Signed, at: float) -> Iterator[Firing]:
    """Whether the reports of one subject that became known at a moment are repeats."""
    before, now = _believed(own, own.known < at), _believed(own, own.known <= at)
    for incident in sorted(now.keys() - before.keys()):
        happened, place = now[incident]
        count = sum(abs(other - happened) <= rule.within_days * DAY_S for other, _ in now.values())
        if count >= rule.at_least:
            where = facts.places[place] if place >= 0 else ""
            if where == OUTSIDE:
                continue
            # How many is not told: a chief learns that there are earlier reports elsewhere, and not how many.
            yield Firing("", where, moment(at), rule.at_least, rule.at_least, None, incident)


def _believed(own: Signed, chosen: np.typing.NDArray[np.bool_]) -> dict[int, tuple[float, int]]:
    """The incidents that are believed by some facts: when each happened, and where."""
    sums: dict[int, int] = {}
    last: dict[int, tuple[float, float, int]] = {}
    for index in np.flatnonzero(chosen):
        incident, n = int(own.incident[index]), int(own.n[index])
        sums[incident] = sums.get(incident, 0) + n
        told = (float(own.known[index]), float(own.happened[index]), int(own.place[index]))
        if n > 0 and told >= last.get(incident, told):
            last[incident] = told
    return {incident: last[incident][1:] for incident, n in sums.items() if n > 0 and incident in last}


def _in_order(firings: Iterator[Firing] | Sequence[Firing]) -> list[Firing]:
    return sorted(firings, key=lambda one: (one.at, one.place, one.key, one.incident or 0))


def pack(state: State) -> dict[str, list[float | bool | None]]:
    """A state as it is stored."""
    return {name: list(standing) for name, standing in state.items()}


def unpack(stored: Mapping[str, Sequence[float | bool | None]]) -> dict[str, Standing]:
    """The state that was stored."""
    return {
        name: Standing(bool(holds), bool(fired), None if below is None else float(below))
        for name, (holds, fired, below) in stored.items()
    }

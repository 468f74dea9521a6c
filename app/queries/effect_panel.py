"""Whom what was done in a district is compared with, and the weeks before and after, for the measures of effect.

The rule, the same for everybody: a control is a district that was there all the time, does not border on the one where
it was done, had nothing of its own going on then, and is like it, by inhabitants and by the reports of the time before
(``app.measures.district.similar``: within a factor of two, or the four nearest). Districts next door are where it could
have moved to. The week in which it began counts neither as before nor as after; the last two weeks are left out, for
their reports are still to come in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from app.measures.district.similar import alike_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.queries.measure_frames import Columns, District

WEEK = timedelta(days=7)
BEFORE_WEEKS = 104
AFTER_WEEKS = 52
STILL_COMING_WEEKS = 2
TIMES = 2.0
LEAST = 4
"""Controls at least: of fewer no figure is told, so that nobody's own can be made out."""


@dataclass(frozen=True)
class Done:
    """Something that was done in a district (its code) from a day on; ``ends`` None: it goes on."""

    entry: str
    area: str
    begins: date
    ends: date | None

    def meets(self, first: date, last: date) -> bool:
        """Whether it was going on at any time of these days."""
        return self.begins <= last and (self.ends is None or self.ends >= first)


@dataclass(frozen=True)
class Weeks:
    """The Mondays of the whole weeks before and after."""

    before: tuple[date, ...]
    after: tuple[date, ...]


@dataclass(frozen=True)
class Compared:
    """Districts by their codes: the controls, those next door, and the others that those are compared with."""

    controls: tuple[str, ...]
    beside: tuple[str, ...]
    others: tuple[str, ...]
    widened: bool


def weeks_of(done: Done, first: date, day: date) -> Weeks:
    """The weeks of an intervention: whole ones from ``first`` on, of which all is known by the morning of ``day``."""
    start = done.begins + timedelta(days=-done.begins.weekday() % 7)
    begun = start if start == done.begins else start - WEEK  # the week in which it began
    known = day - timedelta(days=day.weekday()) - STILL_COMING_WEEKS * WEEK
    beyond = min(known, start + AFTER_WEEKS * WEEK)
    if done.ends is not None:
        last = done.ends + timedelta(days=1)
        beyond = min(beyond, last - timedelta(days=last.weekday()))
    first_monday = first + timedelta(days=-first.weekday() % 7)
    earliest = max(first_monday, begun - BEFORE_WEEKS * WEEK)
    return Weeks(_mondays(earliest, begun), _mondays(start, beyond))


def _mondays(first: date, beyond: date) -> tuple[date, ...]:
    return tuple(first + number * WEEK for number in range(max(0, (beyond - first).days // 7)))


def compared(
    done: Done,
    weeks: Weeks,
    districts: Sequence[District],
    people: Mapping[str, int | None],
    counts: Mapping[tuple[str, date], int],
    bordering: Iterable[tuple[str, str]],
    others_done: Iterable[Done],
) -> Compared:
    """Who is compared with whom.

    Args:
        done: What is judged.
        weeks: Its weeks.
        districts: All that are there now.
        people: Inhabitants by code.
        counts: Reports by code and Monday.
        bordering: The pairs of districts that share a border.
        others_done: Everything that was done anywhere; itself may be among it.
    """
    first = min((*weeks.before, *weeks.after), default=done.begins)
    last = max((*weeks.before, *weeks.after), default=done.begins) + timedelta(days=6)
    busy = {one.area for one in others_done if one.area != done.area and one.meets(first, last)}
    next_door = {b if a == done.area else a for a, b in bordering if done.area in (a, b)}
    there = [one.code for one in districts if one.since <= first and one.code != done.area]
    free = [code for code in there if code not in busy]
    beside = tuple(code for code in free if code in next_door)
    far = [code for code in free if code not in next_door and (people.get(code) or 0) > 0]
    if not (people.get(done.area) or 0) or len(far) < LEAST:
        return Compared(tuple(far), beside, (), widened=True)
    known = [done.area, *far]
    volume = [sum(counts.get((code, week), 0) for week in weeks.before) for code in known]
    alike = alike_to(
        0,
        np.asarray([float(people[code] or 0) for code in known]),
        np.asarray(volume, dtype=np.float64),
        TIMES,
        LEAST,
    )
    controls = tuple(known[row] for row in alike.rows)
    return Compared(controls, beside, tuple(code for code in far if code not in controls), alike.widened)


def panel(done: Done, weeks: Weeks, with_whom: Compared, counts: Mapping[tuple[str, date], int]) -> Columns:
    """``area``, ``period`` (its Monday) and ``count`` of each district and week: what `effect` takes."""
    cells = [
        (code, week) for code in (done.area, *with_whom.controls) for week in (*weeks.before, *weeks.after)
    ]
    return {
        "area": [code for code, _ in cells],
        "period": [week.isoformat() for _, week in cells],
        "count": [counts.get(cell, 0) for cell in cells],
    }


def groups(done: Done, weeks: Weeks, with_whom: Compared, counts: Mapping[tuple[str, date], int]) -> Columns:
    """``role``, ``before`` and ``after``: what `displacement` takes; two roles where the other two are of too few."""
    held = {"treated": (done.area,), "control": with_whom.controls}
    if min(len(with_whom.beside), len(with_whom.others)) >= LEAST:
        held |= {"displacement": with_whom.beside, "displacement_control": with_whom.others}
    sums = {
        role: [
            sum(counts.get((code, week), 0) for code in codes for week in part)
            for part in (weeks.before, weeks.after)
        ]
        for role, codes in held.items()
    }
    return {
        "role": list(sums),
        "before": [before for before, _ in sums.values()],
        "after": [after for _, after in sums.values()],
    }


def sizes(
    columns: Columns, done: Done, with_whom: Compared, people: Mapping[str, int | None]
) -> dict[str, float]:
    """The inhabitants of each role in ``columns``, to which its counts are scaled."""
    held = {
        "treated": (done.area,),
        "control": with_whom.controls,
        "displacement": with_whom.beside,
        "displacement_control": with_whom.others,
    }
    return {role: float(sum(people.get(code) or 0 for code in held[role])) for role in columns["role"]}

"""What a worker process does in the tests of the daily run; another process loads it by where it stands."""

from __future__ import annotations

import os
import time

from app.domain.measure import Sentence
from app.jobs.working_out import Outcome, Part, Work, work_out

SAID = Sentence("Det är som vanligt.", "This is as usual.")


def at_once(work: Work) -> Outcome:
    """An answer for the region and for each area that is asked for."""
    areas = (None, *work.areas)
    return Outcome(
        1, dict(work.params), tuple(Part(area, (SAID,), {"n": 1}, refused=False, rows=1) for area in areas)
    )


def slowly(work: Work) -> Outcome:
    """The same after a third of a second."""
    time.sleep(0.3)
    return at_once(work)


def some_badly(work: Work) -> Outcome:
    """One dies, one asks for more memory than it may have, one never ends, one fails; the others answer."""
    match work.question:
        case "dies":
            os._exit(3)
        case "hungers":
            return _hungering(work)
        case "tarries":
            time.sleep(600)
        case "fails":
            return work_out(Work("fails", "no such measure", work.columns, {}, work.now))
    return at_once(work)


def _hungering(work: Work) -> Outcome:
    hoard = []
    try:
        while True:
            hoard.append(bytearray(50_000_000))
    except MemoryError:
        taken = 50_000_000 * len(hoard)
        hoard.clear()
        return Outcome(
            1, {"taken": taken}, (Part(None, (SAID,), None, refused=False, rows=0),), "MemoryError"
        )

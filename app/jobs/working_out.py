"""One question worked out in a process of its own: what it takes ends with it, and what goes wrong stays in it.

The processes are forked from a small server that has loaded the measures and nothing else (no connection, no thread),
so one begins within milliseconds and shares the measures' memory. Each may take so much memory and so much time; one
that takes more, or dies, is a question that failed, and the others go on.
"""

from __future__ import annotations

import hashlib
import logging
import multiprocessing
import os
import re
import resource
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from app.cluster.lifeline import die_with_parent
from app.domain.errors import BadInput
from app.domain.measure import Sentence
from app.domain.words import TOO_FEW
from app.measures import get_measure
from app.statistics.frames import conform

if TYPE_CHECKING:
    from multiprocessing.connection import Connection as Pipe
    from multiprocessing.context import ForkServerContext

    from app.domain.measure import Measure

MEMORY = 1_000_000_000
"""Bytes that a process may write to, beyond which it fails."""
NICENESS = 5
PRELOADED = ["app.jobs.ends_with_parent", "app.jobs.loaded"]
FAILED = Sentence(
    "Måttet kunde inte räknas ut den här gången. Felet är noterat i loggen.",
    "The measure could not be worked out this time. The error is in the log.",
)
STOPPED = Sentence(
    "Måttet tog för lång tid eller för mycket minne och avbröts.",
    "The measure took too long or too much memory and was stopped.",
)

log = logging.getLogger("lagesbild.measures")


@dataclass(frozen=True)
class Work:
    """What a process is given.

    ``areas`` are codes: with ``each`` the rows of an area are worked out by themselves as well as all together; without
    it what was said is divided among the areas by the result's columns ``divide``, each the first of a table's columns.
    An area is told its own rows of those tables, and the fields in ``shared``, which tell nothing of others. What is
    said in words calls areas by their ``names``, by code.
    """

    question: str
    measure: str
    columns: Mapping[str, Sequence[Any]]
    params: Mapping[str, Any]
    now: datetime
    areas: tuple[str, ...] = ()
    each: bool = False
    divide: tuple[str, ...] = ()
    shared: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """What was said of an area (its code), or of the region (None)."""

    area: str | None
    words: tuple[Sentence, ...]
    content: Mapping[str, Any] | None
    refused: bool
    rows: int


@dataclass(frozen=True)
class Outcome:
    """What came of it. ``error`` is for the log; then there is one part without content."""

    version: int
    params: Mapping[str, Any]
    parts: tuple[Part, ...]
    error: str = ""
    seconds: float = 0.0
    cpu_s: float = 0.0
    peak: int = 0
    """The most memory that the process had, bytes."""


def context() -> ForkServerContext:
    """Where processes come from; the first one starts the server, which loads the measures once."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(PRELOADED)
    return found


def failed(work: Work, error: str, words: Sentence = FAILED) -> Outcome:
    """A question that could not be answered."""
    rows = len(next(iter(work.columns.values()), ()))
    return Outcome(0, dict(work.params), (Part(None, (words,), None, refused=False, rows=rows),), error)


def in_process(work: Work, pipe: Pipe, how: Callable[[Work], Outcome]) -> None:
    """What a process does: work it out, send the outcome, end."""
    die_with_parent(os.getppid(), signal.SIGKILL)
    began = multiprocessing.parent_process()
    if began is None or not began.is_alive():
        return  # whoever asked was killed before we had begun
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl-C is for the one who waits for us
    os.nice(NICENESS)
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, most))
    outcome = how(work)
    with suppress(BrokenPipeError):  # whoever waited for it is gone
        pipe.send(outcome)
    pipe.close()


def work_out(work: Work) -> Outcome:
    """Work a question out; whatever goes wrong is in the outcome."""
    begun, used = time.perf_counter(), time.process_time()
    try:
        found = _work_out(work)
    except BadInput as error:
        found = failed(
            work, str(error), Sentence(f"Måttet fick en tabell som det inte kan läsa: {error}", str(error))
        )
    except Exception as error:
        log.exception("The question %s failed", work.question)
        found = failed(work, f"{type(error).__name__}: {error}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return replace(found, seconds=time.perf_counter() - begun, cpu_s=time.process_time() - used, peak=peak)


def _work_out(work: Work) -> Outcome:
    measure = get_measure(work.measure)
    params = measure.params.model_validate(dict(work.params))
    table = pd.DataFrame(dict(work.columns))
    parts = [_part(measure, None, conform(table, measure.columns), params, work)]
    if work.each:
        of = table["area"]
        parts += [
            _part(measure, area, conform(table[of == area], measure.columns), params, work)
            for area in work.areas
        ]
    elif work.divide:
        parts += _divided(measure, parts[0], work, table)
    return Outcome(measure.version, params.model_dump(mode="json"), tuple(parts))


def _part(measure: Measure[Any, Any], area: str | None, frame: pd.DataFrame, params: Any, work: Work) -> Part:
    result = measure.run(frame, params, now=work.now, rng=np.random.default_rng(seed(work, area)))
    content = result.model_dump(mode="json")
    return Part(
        area, _named(measure.say(result), work.names), content, result.refusal is not None, len(frame)
    )


def _named(words: Sequence[Sentence], names: Mapping[str, str]) -> tuple[Sentence, ...]:
    """The words with each area's code replaced by its name; a code that could be a figure is left as it is."""
    codes = sorted((code for code in names if len(code) > 3 and not code.isdecimal()), key=len, reverse=True)
    if not codes:
        return tuple(words)
    # A code that begins a sentence has got a capital there.
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, codes))})(?![\w-])", re.IGNORECASE)
    called = {code.lower(): names[code] for code in codes}
    return tuple(
        Sentence(*(pattern.sub(lambda found: called[found.group().lower()], text) for text in sentence))
        for sentence in words
    )


def seed(work: Work, area: str | None) -> int:
    """The same question of the same area on the same day begins with the same number."""
    told = f"{work.question} {area or ''} {work.now:%Y-%m-%d}"
    return int.from_bytes(hashlib.blake2b(told.encode(), digest_size=8).digest())


def _divided(measure: Measure[Any, Any], whole: Part, work: Work, table: pd.DataFrame) -> list[Part]:
    """What was said of all areas together, for each by itself: nothing of the others is left in it."""
    content = dict(whole.content or {})
    there = {named for column in work.divide for named in content.get(column) or ()}
    parts = []
    for area in work.areas:
        own = _own(content, work.divide, area, work.shared) if area in there else {"refusal": TOO_FEW}
        result = measure.result.model_validate(own)
        told = _named(measure.say(result), work.names)
        rows = int((table["area"] == area).sum())
        parts.append(Part(area, told, _content(result), result.refusal is not None, rows))
    return parts


def _own(
    content: Mapping[str, Any], divide: Sequence[str], area: str, shared: frozenset[str]
) -> dict[str, Any]:
    """An area's share of a result: its rows of each table, and what is shared.

    A table begins with the column of its areas; the columns after it are as long as that.
    """
    own: dict[str, Any] = {}
    areas: list[Any] | None = None
    for name, value in content.items():
        if name in divide:
            areas = value
        if name in shared:
            own[name] = value
        elif areas is not None and isinstance(value, list) and len(value) == len(areas):
            own[name] = [cell for cell, named in zip(value, areas, strict=True) if named == area]
    return own


def _content(result: Any) -> dict[str, Any]:
    """A result as it is stored: by its fields' own names, so that it can be read back."""
    content: dict[str, Any] = result.model_dump(mode="json", by_alias=False)
    return content

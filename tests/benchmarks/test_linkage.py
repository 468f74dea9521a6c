"""How well and how fast mentions are linked: on planted people unlike those trained on, and on a million records."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from app.linkage.evaluate import Judged, by_probability, judge
from app.linkage.link import link
from app.linkage.measured import BANDS
from app.linkage.model import read
from app.linkage.planted import HELD_OUT, TRAINED_ON, planted
from tests.benchmarks.febrl import as_mentions, febrl
from tests.benchmarks.report import Report

PRECISION, RECALL = 0.995, 0.90
MILLION_S = 600.0

Begin = Callable[[str, str, str], Report]


@pytest.mark.bench
@pytest.mark.timeout(3600)
def test_linkage(begin: Begin, small: bool) -> None:
    mentions, records = (10_000, 50_000) if small else (100_000, 1_000_000)
    report = begin(
        "linkage",
        "Linking mentions without a number",
        "Planted people of a seed and a mix of slips that the model was not trained on "
        f"({mentions:,} mentions), pairs judged of all there are; then {records:,} generated records in FEBRL's "
        "schema, half of them duplicates of the others, in a process of its own: from frame to pairs with evidence. "
        "No pair is proposed of which a given name is missing, which FEBRL's records often are.",
    )
    model = read()
    report.note(f"Model {model.version}; a pair is proposed from a probability of {model.propose_from}.")
    for name, mix, seed in (("another mix", HELD_OUT, 221), ("the mix trained on", TRAINED_ON, 222)):
        people = planted(seed, mentions, mix)
        judged = judge(people, link(people, model))
        _figures(report, f"{name}: ", judged, ok=True if mix is HELD_OUT else None)
    _by_probability(report, mentions)
    judged, named, seconds, peak_gb = _apart(records)
    size = f"FEBRL schema, {records:,}: "
    _figures(report, size, judged, ok=True, of_named=named)
    report.bound(
        f"{size}time",
        f"{seconds:.0f} s",
        f"{MILLION_S:.0f} s",
        ok=None if small else seconds <= MILLION_S,
    )
    report.figure(f"{size}memory at its peak", f"{peak_gb:.1f} GB")
    report.check()


def _by_probability(report: Report, mentions: int) -> None:
    """What a judge is told of a proposal with this probability, on the seeds that it was measured on."""
    counts = [[0, 0] for _ in BANDS]
    for seed in (501, 502, 503):
        people = planted(seed, mentions * 3 // 10, HELD_OUT)
        found = by_probability(people, link(people, read()), tuple(band.at_least for band in BANDS))
        counts = [[n + more, right + sure] for (n, right), (more, sure) in zip(counts, found, strict=True)]
    for band, (n, right) in zip(BANDS, counts, strict=True):
        report.figure(f"another mix: right of those from {band.at_least}", f"{right:,} of {n:,}")


def _figures(
    report: Report, name: str, judged: Judged, *, ok: bool | None, of_named: Judged | None = None
) -> None:
    """Precision and recall; small sizes judge both too, for they depend on no machine.

    ``of_named``: the recall that is judged, where it is of pairs with both given names.
    """
    report.figure(f"{name}true pairs, proposed", f"{judged.true:,}, {judged.proposed:,}")
    precise, found = judged.precision, (of_named or judged).recall
    report.bound(f"{name}precision", f"{precise:.4f}", f"≥ {PRECISION}", ok=ok and precise >= PRECISION)
    if of_named is not None:
        report.figure(f"{name}recall of all", f"{judged.recall:.4f}")
    what = "recall" if of_named is None else "recall of pairs with both given names"
    report.bound(f"{name}{what}", f"{found:.4f}", f"≥ {RECALL}", ok=ok and found >= RECALL)


def _apart(records: int) -> tuple[Judged, Judged, float, float]:
    """Link in a fresh process, so that its peak is its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(theirs, records))
    process.start()
    theirs.close()
    found: tuple[Judged, Judged, float, float] = ours.recv()
    process.join()
    assert process.exitcode == 0
    return found


def _measure(pipe: Any, records: int) -> None:
    people = as_mentions(febrl(31, records))
    begun = time.perf_counter()
    found: pd.DataFrame = link(people, read())
    seconds = time.perf_counter() - begun
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    named = people.dropna(subset=["given"])
    both = found[found["a"].isin(named["mention"]) & found["b"].isin(named["mention"])]
    pipe.send((judge(people, found), judge(named, both), seconds, peak_gb))

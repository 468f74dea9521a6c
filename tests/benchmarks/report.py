"""What a measurement says: a table that can stand in docs/measured.md as it is."""

from __future__ import annotations

import os
import platform
import statistics
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil

START, END = "<!-- {} -->", "<!-- end of {} -->"


@dataclass
class Report:
    """One case. ``bound`` asserts nothing itself: ``check`` does, when the whole table has been shown."""

    case: str
    title: str
    how: str
    rows: list[tuple[str, str, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def figure(self, what: str, value: str) -> None:
        """A figure that has no bound of its own."""
        self.rows.append((what, value, "", ""))

    def bound(self, what: str, value: str, bound: str, *, ok: bool | None) -> None:
        """A figure and what it must keep to; ``ok`` of None: not judged, as the small sizes are no measurement."""
        self.rows.append((what, value, bound, "not judged" if ok is None else "ok" if ok else "short"))
        if ok is False:
            self.missed.append(f"{what}: {value}, bound {bound}")

    def note(self, sentence: str) -> None:
        self.notes.append(sentence)

    def markdown(self) -> str:
        head = [
            f"## {self.title}",
            "",
            self.how,
            "",
            f'`make bench ARGS="-- -k {self.case}"`, {machine()}.',
            "",
        ]
        table = [
            "| what | figure | bound | |",
            "|---|---|---|---|",
            *(f"| {' | '.join(row)} |" for row in self.rows),
        ]
        return "\n".join([*head, *table, *(f"\n{note}" for note in self.notes)]) + "\n"

    def check(self) -> None:
        """Show the table, then fail if a bound was missed."""
        print("\n\n" + self.markdown())
        assert not self.missed, "; ".join(self.missed)


def write(file: Path, reports: list[Report]) -> None:
    """Put each case's section in the place of its old one, or at the end."""
    text = file.read_text(encoding="utf-8")
    for report in reports:
        start, end = START.format(report.case), END.format(report.case)
        section = f"{start}\n{report.markdown()}{end}\n"
        before, found, rest = text.partition(start)
        text = before + section + rest.partition(f"{end}\n")[2] if found else f"{text.rstrip()}\n\n{section}"
    file.write_text(text, encoding="utf-8")


def machine() -> str:
    """The machine, by what matters here."""
    memory = round(psutil.virtual_memory().total / 2**30)
    today = datetime.now(UTC).date()
    return f"{os.cpu_count()} cores, {memory} GB, Python {platform.python_version()}, {today}"


def median_ms(seconds: list[float]) -> float:
    return statistics.median(seconds) * 1000


def percentile_ms(seconds: list[float], share: float) -> float:
    """The smallest value that at least ``share`` of all are not above."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))] * 1000


def busy() -> str:
    """How much others used the machine: without this no figure can be judged."""
    load = os.getloadavg()[0]
    return f"Load average {load:.1f} at {time.strftime('%H:%M')}."

"""The attack as an outsider runs it: from published documents alone, of several cubes, zooms, days and versions."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.disclosure.attack import Interval, intervals, surely_small
from app.disclosure.cube import CellId, atoms
from app.disclosure.policy import Policy
from app.disclosure.rounding import meaning
from app.disclosure.versions import came, ever, in_version, number_of, periods_of, went
from app.domain.errors import BadInput

Told = dict[CellId, tuple[int, int]]


@dataclass
class Recovery:
    """What came out, by the cell's leaves; those of time say which versions count it (`versions`).

    Attributes:
        exact: Hidden cells that are recovered, with their count, and small pieces that no cube lists.
        narrow: Such cells that are not recovered but narrower than the publication's own rule promises.
        wide: Hidden cells that stay protected.
        differs: Cells that were published with two different figures for one version.
        changes: Cells of which two versions differ by a small number, with the difference.
    """

    exact: dict[CellId, int] = field(default_factory=dict)
    narrow: dict[CellId, Interval] = field(default_factory=dict)
    wide: set[CellId] = field(default_factory=set)
    differs: set[CellId] = field(default_factory=set)
    changes: dict[CellId, int] = field(default_factory=dict)

    def keep(self, found: Mapping[CellId, Interval]) -> None:
        """Take in cells that are recovered or narrowed down."""
        for cell, seen in found.items():
            if seen.exact:
                self.exact[cell] = seen.least
            else:
                self.narrow[cell] = seen

    @property
    def nothing(self) -> bool:
        """Whether the attack came away with nothing at all."""
        return not (self.exact or self.narrow or self.differs or self.changes)


def recover(documents: Iterable[Mapping[str, Any]]) -> Recovery:
    """Attack everything at hand. Documents about the same axes are one system; others have nothing to subtract.

    Args:
        documents: As `PublishedCube.document` makes them, from any days.
    """
    together: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for document in documents:
        about = (document["source"], *(axis["name"] for axis in document["axes"]))
        together.setdefault(about, []).append(document)
    made = Recovery()
    for group in together.values():
        _attack(group, made)
    return made


def _attack(documents: list[Mapping[str, Any]], made: Recovery) -> None:
    told, hidden, differs = _collect(documents)
    made.differs |= differs
    if differs and len(documents) > 1:
        # Figures of two pictures that are called the same version are no one system; each document still is one.
        for document in documents:
            _attack([document], made)
        return
    said = documents[0]["rule"]
    rule = Policy(said["threshold"], said["width"])
    if said["rounding"] == 1:
        made.changes |= _changes(told, rule)
    for some_told, some_hidden in _apart(told, hidden):
        _system(some_told, some_hidden, rule, made)


def _system(told: Told, hidden: set[CellId], rule: Policy, made: Recovery) -> None:
    """Figures that have to do with each other."""
    # Pieces that no cube lists can be small too, and are reached by subtracting groups that overlap.
    unlisted = {cell for cell in atoms([*told, *hidden]) if cell not in told} - hidden
    made.keep(surely_small(told, unlisted, rule.threshold))
    found = intervals(told, hidden, rule)
    made.keep(found)
    made.wide |= hidden - found.keys()
    if any(number_of(cell) > 1 for cell in told):
        # A reader may also take it that corrections only add, or only take away: no such thing need be true.
        *everything, _ = (frozenset().union(*leaves) for leaves in zip(*told, strict=True))
        periods = frozenset().union(*(periods_of(cell) for cell in told))
        for none, some in (
            (ever(periods, went=True), ever(periods, came=True)),
            (ever(periods, came=True), ever(periods, went=True)),
        ):
            guess: Told = {(*everything, none): (0, 0)}
            pieces = [cell for cell in atoms([*told, *hidden, *guess]) if cell[-1] <= some - none]
            cells = _sums(pieces, everything)
            try:
                made.keep(surely_small({**told, **guess}, cells, rule.threshold))
            except BadInput:
                continue  # The guess is refuted by what is shown.


def _sums(pieces: Iterable[CellId], everything: list[frozenset[str]]) -> list[CellId]:
    """Pieces, and what they add up to over each axis but the last and over several of them."""
    found: dict[CellId, None] = {}
    for piece in pieces:
        for over in itertools.product((False, True), repeat=len(everything)):
            groups = (
                full if all_ else part for part, full, all_ in zip(piece, everything, over, strict=False)
            )
            found[(*groups, piece[-1])] = None
    return list(found)


def _changes(told: Told, rule: Policy) -> dict[CellId, int]:
    """What two versions of a shown cell differ by, where that is small."""
    versions: dict[CellId, dict[int, int]] = {}
    for cell, (figure, _) in told.items():
        versions.setdefault((*cell[:-1], periods_of(cell)), {})[number_of(cell)] = figure
    found = {}
    for cell, figures in versions.items():
        for before, after in itertools.combinations(sorted(figures), 2):
            change = figures[after] - figures[before]
            if rule.small(abs(change)):
                found[came(cell, before, after) if change > 0 else went(cell, before, after)] = change
    return found


def _apart(told: Told, hidden: set[CellId]) -> Iterator[tuple[Told, set[CellId]]]:
    """The system in parts that no shown figure ties together: each group of periods by itself.

    A hidden cell that spans several of them is as wide as its parts together, and each of those is a cell or a piece.
    """
    groups: list[frozenset[str]] = []
    spans = {cell[-1] for cell in told}
    implied = {span for span in spans if _implied(span, spans, told)}
    for span in [*(spans - implied), *({cell[-1] for cell in hidden} if not told else ())]:
        joined = [group for group in groups if group & span]
        groups = [group for group in groups if not group & span] + [span.union(*joined)]
    for group in sorted(groups, key=min):
        yield (
            {cell: figure for cell, figure in told.items() if cell[-1] <= group and cell[-1] not in implied},
            {cell for cell in hidden if cell[-1] <= group},
        )


def _implied(span: frozenset[str], spans: Collection[frozenset[str]], told: Told) -> bool:
    """Whether all that is told of a span of periods is the sum of what is told of shorter ones: it says nothing new."""
    parts = [other for other in spans if other < span and not any(other < more < span for more in spans)]
    if sum(map(len, parts)) != len(span) or frozenset().union(*parts) != span:
        return False
    for cell, means in told.items():
        if cell[-1] == span:
            of = [told.get((*cell[:-1], part), (math.nan, math.nan)) for part in parts]
            if (
                means[0] != means[1]
                or any(low != high for low, high in of)
                or sum(low for low, _ in of) != means[0]
            ):
                return False
    return True


def _collect(documents: list[Mapping[str, Any]]) -> tuple[Told, set[CellId], set[CellId]]:
    """What is shown and what its figures can mean, what is hidden anywhere, what was shown in two versions."""
    told: Told = {}
    hidden, differs = set(), set()
    for document in documents:
        for row in document["rows"]:
            leaves = tuple(frozenset(axis["groups"][row[axis["name"]]]) for axis in document["axes"])
            cell = in_version(leaves, row.get("version", 1))
            if row["figure"] is None:
                hidden.add(cell)
                continue
            means = meaning(row["figure"], document["rule"]["rounding"])
            if told.setdefault(cell, means) != means:
                differs.add(cell)
    return told, hidden, differs

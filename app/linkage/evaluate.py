"""How well mentions are linked, judged by planted truth: of every pair there is, not of those looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from app.linkage.train import pairs


@dataclass(frozen=True)
class Judged:
    """Counts of pairs: ``true`` in the truth, ``proposed`` by the linkage, ``right`` in both."""

    true: int
    proposed: int
    right: int

    @property
    def precision(self) -> float:
        """Of what is proposed, the share that is right; 1 where nothing is proposed."""
        return self.right / self.proposed if self.proposed else 1.0

    @property
    def recall(self) -> float:
        """Of what is true, the share that is proposed; 1 where nothing is true."""
        return self.right / self.true if self.true else 1.0


def by_probability(
    people: pd.DataFrame, found: pd.DataFrame, edges: tuple[float, ...]
) -> list[tuple[int, int]]:
    """How many were proposed with a probability from each edge to the next, and how many of them are right.

    The last band has no end. ``people`` and ``found`` as for ``judge``.
    """
    true = pairs(people)[["a", "b"]].assign(right=True)
    right = found.merge(true, on=["a", "b"], how="left")["right"].eq(True).to_numpy()
    place = np.searchsorted(edges, found["probability"].to_numpy(), side="right") - 1
    return [(int((place == n).sum()), int(right[place == n].sum())) for n in range(len(edges))]


def judge(people: pd.DataFrame, found: pd.DataFrame) -> Judged:
    """``people``: mentions with their ``person``; ``found``: what ``link`` made of them."""
    true = pairs(people)
    right = true.merge(found[["a", "b"]], on=["a", "b"])
    return Judged(len(true), len(found), len(right))

"""What a measure is: a pure function of a table, with what it takes, what it gives, and how it says it.

A measure reads nothing and draws nothing. ``now`` and the random generator are passed in, so the same call gives the
same answer. What it gives is a model whose fields are columns of equal length or single figures; a figure that cannot
be told is None, and ``refusal`` says why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

ColumnKind = Literal["number", "integer", "text", "time", "day", "any"]


class Sentence(NamedTuple):
    """One thing said, in Swedish and in English."""

    sv: str
    en: str


class Params(BaseModel):
    """What can be set; every field has a default that is fit for the region, and says its unit."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Result(BaseModel):
    """What a measure gives. ``refusal`` is there when there is too little to say anything, and says what is missing."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")

    refusal: Sentence | None = None


P_contra = TypeVar("P_contra", bound=Params, contravariant=True)
R_co = TypeVar("R_co", bound=Result, covariant=True)
P = TypeVar("P", bound=Params)
R = TypeVar("R", bound=Result)


class Run(Protocol[P_contra, R_co]):
    """Work a table out."""

    def __call__(
        self, frame: pd.DataFrame, params: P_contra, /, *, now: datetime, rng: np.random.Generator
    ) -> R_co:
        """The result for the rows of ``frame``, as of ``now`` (UTC)."""
        ...


@dataclass(frozen=True)
class Column:
    """One column that a measure takes.

    A ``number`` is float64, an ``integer`` int64 without gaps, a ``text`` str, a ``time`` UTC, a ``day`` a calendar day
    without a zone. A column that is not ``required`` may be absent; a gap in a ``number`` is NaN.
    The column `OTHERS` (kind ``any``) stands for all that are not named: each comes as ``number`` where all its values
    are numbers or gaps, else as ``text`` with "" for a gap. So a measure can take covariates by names of their own.
    """

    name: str
    kind: ColumnKind
    about: str
    required: bool = True
    gaps: bool = False


OTHERS = "*"


@dataclass(frozen=True)
class Measure(Generic[P, R]):
    """A measure. ``version`` is raised whenever the same table could give another answer."""

    name: str
    version: int
    title: Sentence
    columns: tuple[Column, ...]
    params: type[P]
    result: type[R]
    run: Run[P, R]
    say: Callable[[R], tuple[Sentence, ...]]
    checks: tuple[str, ...] = field(default=())  # the reference results that it is held against, by name

    def schema(self) -> dict[str, Any]:
        """What it takes and gives, so that anyone can call it without having read its code."""
        return {
            "measure": self.name,
            "version": self.version,
            "title": self.title._asdict(),
            "columns": [
                {
                    "name": column.name,
                    "kind": column.kind,
                    "required": column.required,
                    "gaps": column.gaps,
                    "about": column.about,
                }
                for column in self.columns
            ],
            "params": self.params.model_json_schema(),
            "result": self.result.model_json_schema(mode="serialization"),
        }

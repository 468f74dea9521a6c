"""How many pairs, people and places came again in a district, and of how many pairs nobody has noted anything."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from app.domain.errors import BadInput
from app.domain.measure import Column, Measure, Params, Result, Sentence
from app.domain.words import PAIR, Language, Noun, counted, number
from app.statistics.frames import conform

Of = Literal["pair", "victim", "suspect", "address"]
OF: tuple[Of, ...] = ("pair", "victim", "suspect", "address")

COLUMNS = (
    Column("area", "text", "the district"),
    Column("of", "text", "pair, victim, suspect or address"),
    Column("times", "integer", "how often: reports of a pair or address, pairs of a victim or suspect"),
    Column("open", "integer", "1: nothing was noted of the pair in time after its last report; else 0"),
    Column("units", "integer", "how many pairs, people or addresses there are like that"),
)
LANGUAGES: tuple[Language, Language] = ("sv", "en")
VICTIM = Noun(Sentence("målsägande", "victim"), Sentence("målsägande", "victims"))
SUSPECT = Noun(Sentence("misstänkt", "suspect"), Sentence("misstänkta", "suspects"))
ADDRESS = Noun(Sentence("adress", "address"), Sentence("adresser", "addresses"))
EMPTY = Sentence(
    "Inget att räkna: tabellen har inga par, personer eller platser.",
    "Nothing to count: the table has no pairs, people or places.",
)


class RecurringParams(Params):
    """How often is again."""

    least: tuple[int, ...] = Field((2, 3), description="times from which on it is counted, each by itself")


class RecurringResult(Result):
    """One row for each district, kind and number of times. Counts of pairs, people and places; nobody is in it."""

    area: list[str] = Field([], description="the district")
    of: list[Of] = Field([], description="what is counted: pair, victim, suspect or address")
    least: list[int] = Field([], description="so many times or more")
    units: list[int] = Field([], description="how many there are")
    open: list[int] = Field([], description="of the pairs, those of which nothing was noted in time; else 0")


def run(
    frame: pd.DataFrame, params: RecurringParams, /, *, now: datetime, rng: np.random.Generator
) -> RecurringResult:
    """Add up; ``now`` and ``rng`` do not matter.

    Raises:
        BadInput: Something is counted that there is no word for, or a count is below 0.
    """
    del now, rng
    table = conform(frame, COLUMNS)
    if table.empty:
        return RecurringResult(refusal=EMPTY)
    if unknown := set(table["of"]) - set(OF):
        raise BadInput(f"The column of holds {min(unknown)!r}; it is one of {', '.join(OF)}.")
    if (table[["times", "units"]] < 0).any().any():
        raise BadInput("A count is negative: it is a number of reports or of units.")
    rows: list[tuple[str, Of, int, int, int]] = []
    for area, own in table.groupby("area", sort=True):
        for of in OF:
            for least in params.least:
                held = own[(own["of"] == of) & (own["times"] >= least)]
                unnoted = int(held.loc[held["open"] == 1, "units"].sum()) if of == "pair" else 0
                rows.append((str(area), of, least, int(held["units"].sum()), unnoted))
    names = ("area", "of", "least", "units", "open")
    columns: dict[str, Any] = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    return RecurringResult(**columns)


def figure_of(result: RecurringResult, of: Of, least: int) -> tuple[int, int]:
    """How many, and of how many of them nothing is noted; of all districts in the result together."""
    rows = [row for row, told in enumerate(result.of) if told == of and result.least[row] == least]
    return sum(result.units[row] for row in rows), sum(result.open[row] for row in rows)


def say(result: RecurringResult) -> tuple[Sentence, ...]:
    """The pairs that came three times, those without anything noted, then people in several pairs, and places."""
    if result.refusal is not None:
        return (result.refusal,)
    pairs, unnoted = figure_of(result, "pair", 3)
    victims, suspects = figure_of(result, "victim", 2)[0], figure_of(result, "suspect", 2)[0]
    places = figure_of(result, "address", 3)[0]
    noted = {language: _without(pairs, unnoted, language) for language in LANGUAGES}
    return (
        Sentence(
            f"{counted(pairs, PAIR, 'sv')} med tre eller fler anmälningar det senaste året{noted['sv']}.",
            f"{counted(pairs, PAIR, 'en')} with three or more reports in the last year{noted['en']}.",
        ),
        Sentence(
            f"{counted(victims, VICTIM, 'sv')} och {counted(suspects, SUSPECT, 'sv')} finns i flera par.",
            f"{counted(victims, VICTIM, 'en')} and {counted(suspects, SUSPECT, 'en')} in several pairs.",
        ),
        Sentence(
            f"{counted(places, ADDRESS, 'sv')} med tre eller fler anmälningar.",
            f"{counted(places, ADDRESS, 'en')} with three or more reports.",
        ),
    )


def _without(pairs: int, count: int, language: Language) -> str:
    if not pairs:
        return ""
    if not count:
        return ", alla med uppföljning i tid" if language == "sv" else ", all followed up in time"
    words = "av dem utan uppföljning i tid" if language == "sv" else "of them without a follow-up in time"
    return f", {number(count, language)} {words}"


RECURRING = Measure(
    name="recurring",
    version=1,
    title=Sentence("Att följa upp", "To follow up"),
    columns=COLUMNS,
    params=RecurringParams,
    result=RecurringResult,
    run=run,
    say=say,
)

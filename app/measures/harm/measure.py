"""Harm beside counts."""

from __future__ import annotations

from app.domain.measure import Column, Measure, Sentence
from app.measures.harm import harm, words
from app.measures.harm.model import HarmParams, HarmResult

MEASURES = (
    Measure(
        name="harm",
        version=1,
        title=Sentence("Antal och skada", "Counts and harm"),
        columns=(
            Column("area", "text", "the area; never a person or a pair, for whom harm is not added up"),
            Column("offence", "text", "the offence code (brottskod)"),
            Column(
                "n",
                "integer",
                "how many; below 0 takes back what was counted before; without the column one a row",
                required=False,
            ),
            Column("day", "day", "the day, for first_day and last_day", required=False, gaps=True),
            Column(
                "weight", "number", "what one offence weighs; a gap is no weight", required=False, gaps=True
            ),
            Column("provisional", "text", "true where the weight is provisional", required=False),
            Column("version", "text", "the version of the index that the weight is of", required=False),
        ),
        params=HarmParams,
        result=HarmResult,
        run=harm.run,
        say=words.say,
    ),
)

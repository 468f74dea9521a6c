"""How thick places lie, and at which hours of the week things happen."""

from __future__ import annotations

from app.domain.measure import Column, Measure, Sentence
from app.measures.density import aoristic, density
from app.measures.density.aoristic import AoristicParams, AoristicResult
from app.measures.density.density_model import DensityParams, DensityResult

MEASURES = (
    Measure(
        name="density",
        version=1,
        title=Sentence("Täthet av platser", "Density of places"),
        columns=(
            Column("x", "number", "easting of the place, metres"),
            Column("y", "number", "northing of the place, metres"),
            Column(
                "weight",
                "number",
                "how much the place weighs, at least 0; without the column one",
                required=False,
            ),
            Column(
                "control",
                "integer",
                "1 for a place to compare with (weight: its inhabitants), 0 for a place of a case",
                required=False,
            ),
        ),
        params=DensityParams,
        result=DensityResult,
        run=density.run,
        say=density.say,
    ),
    Measure(
        name="aoristic",
        version=1,
        title=Sentence(
            "Veckans timmar, där bara ett intervall är känt",
            "Hours of the week, where only an interval is known",
        ),
        columns=(
            Column("occurred_from", "time", "when it happened at the earliest; without a zone it is UTC"),
            Column(
                "occurred_to",
                "time",
                "when it happened at the latest; missing, or equal: it happened at that moment",
                required=False,
                gaps=True,
            ),
        ),
        params=AoristicParams,
        result=AoristicResult,
        run=aoristic.run,
        say=aoristic.say,
    ),
)

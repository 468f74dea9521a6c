"""One folder per measure: a pure function, its method, a sample and what is expected of it.

``measure.py`` names one or more `app.domain.measure.Measure` in ``MEASURES``; ``method.md`` says what they tell and
what not, their sources with DOI, the data they need at least, and their limits. For each measure ``NAME.csv`` is a
sample, ``NAME.params.json`` what was asked and ``NAME.expected.json`` what must come of it. A measure draws nothing and
reads nothing: figures are drawn in ``dashboards``. What several measures reckon with stands in `app.statistics`.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path
from typing import Any

from app.domain.errors import NotFound
from app.domain.measure import Measure

FOLDER = Path(__file__).parent


@cache
def folders() -> tuple[str, ...]:
    """The folders of measures, in the order of the alphabet."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules([str(FOLDER)]) if module.ispkg))


@cache
def of_folder(folder: str) -> tuple[Measure[Any, Any], ...]:
    """The measures of one folder."""
    found: tuple[Measure[Any, Any], ...] = importlib.import_module(f"app.measures.{folder}.measure").MEASURES
    return found


@cache
def all_measures() -> dict[str, Measure[Any, Any]]:
    """Every measure by its name."""
    return {measure.name: measure for folder in folders() for measure in of_folder(folder)}


def get_measure(name: str) -> Measure[Any, Any]:
    """The measure of that name.

    Raises:
        NotFound: There is none; the sentence names those that there are.
    """
    try:
        return all_measures()[name]
    except KeyError:
        raise NotFound(
            f"There is no measure {name}; there are {', '.join(sorted(all_measures()))}."
        ) from None

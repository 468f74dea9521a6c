"""The measures of what comes again."""

from __future__ import annotations

from typing import Any

from app.domain.measure import Measure
from app.measures.repeats.concentration import CONCENTRATION
from app.measures.repeats.cox import COX
from app.measures.repeats.rates import RATES
from app.measures.repeats.repeats import REPEATS
from app.measures.repeats.survival import SURVIVAL

MEASURES: tuple[Measure[Any, Any], ...] = (SURVIVAL, COX, RATES, CONCENTRATION, REPEATS)

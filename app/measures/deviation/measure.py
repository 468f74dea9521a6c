"""The measures of this folder."""

from __future__ import annotations

from typing import Any

from app.domain.measure import Measure
from app.measures.deviation.cusum import CUSUM
from app.measures.deviation.deviation import DEVIATION
from app.measures.deviation.ears import EARS
from app.measures.deviation.farrington import FARRINGTON

MEASURES: tuple[Measure[Any, Any], ...] = (DEVIATION, FARRINGTON, EARS, CUSUM)

"""The measures of a district."""

from __future__ import annotations

from typing import Any

from app.domain.measure import Measure
from app.measures.district.recurring import RECURRING
from app.measures.district.similar import SIMILAR

MEASURES: tuple[Measure[Any, Any], ...] = (SIMILAR, RECURRING)

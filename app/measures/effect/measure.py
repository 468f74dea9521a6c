"""The measures of this folder."""

from __future__ import annotations

from typing import Any

from app.domain.measure import Measure
from app.measures.effect.displacement import DISPLACEMENT
from app.measures.effect.effect import EFFECT

MEASURES: tuple[Measure[Any, Any], ...] = (DISPLACEMENT, EFFECT)

"""The measure of this folder."""

from __future__ import annotations

from typing import Any

from app.domain.measure import Measure
from app.measures.backtest.backtest import BACKTEST

MEASURES: tuple[Measure[Any, Any], ...] = (BACKTEST,)

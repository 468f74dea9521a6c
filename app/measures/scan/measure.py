"""The scan."""

from __future__ import annotations

from app.domain.measure import Measure, Sentence
from app.measures.scan.asked import EVENTS, ScanParams, ScanResult
from app.measures.scan.scan import run
from app.measures.scan.words import say

SCAN = Measure(
    name="scan",
    version=1,
    title=Sentence("Kluster just nu", "Clusters just now"),
    columns=EVENTS,
    params=ScanParams,
    result=ScanResult,
    run=run,
    say=say,
)
MEASURES = (SCAN,)

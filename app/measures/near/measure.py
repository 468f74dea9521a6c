"""The measures of near repeat."""

from __future__ import annotations

from app.domain.measure import Measure, Sentence
from app.measures.near import knox, space_time_k, words
from app.measures.near.asked import KnoxParams, KnoxResult
from app.measures.near.columns import EVENTS
from app.measures.near.space_time_k import SpaceTimeKParams, SpaceTimeKResult

KNOX = Measure(
    name="knox",
    version=1,
    title=Sentence("Upprepas nära", "Near repeat"),
    columns=EVENTS,
    params=KnoxParams,
    result=KnoxResult,
    run=knox.run,
    say=words.knox,
    checks=("knox_burkitt",),
)
SPACE_TIME_K = Measure(
    name="space_time_k",
    version=1,
    title=Sentence("Hur nära och hur länge", "How near and for how long"),
    columns=EVENTS,
    params=SpaceTimeKParams,
    result=SpaceTimeKResult,
    run=space_time_k.run,
    say=words.space_time_k,
)
MEASURES = (KNOX, SPACE_TIME_K)

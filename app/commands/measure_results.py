"""Store what the measures said. It is written once and never changed; a later edition is a row beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from app.db import Connection
    from app.domain.measure import Sentence
    from app.queries.measure_frames import Pin

MEASURING = 7_160_027
"""The lock that one run at a time holds."""

State = Literal["told", "refused", "failed"]

INSERT = """
insert into measure_result
    (question, measure, version, area_id, day, known_at, xid, ledger_id, params, state, words, content, rows, seconds)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
on conflict do nothing
"""


@dataclass(frozen=True)
class Said:
    """What a question's measure said of one area, or of the region (``area_id`` None)."""

    area_id: int | None
    state: State
    words: tuple[Sentence, ...]
    content: Mapping[str, Any] | None
    rows: int


@dataclass(frozen=True)
class Answered:
    """A question that was worked out: by which measure, from what, in how long, and what was said."""

    question: str
    measure: str
    version: int
    params: Mapping[str, Any]
    seconds: float
    said: Sequence[Said]


async def store(connection: Connection, day: date, pin: Pin, answered: Answered) -> None:
    """Write a question's results whole, or none of them. What is there already of that day and moment stays."""
    async with connection.transaction():
        await connection.executemany(
            INSERT,
            [
                (
                    answered.question, answered.measure, answered.version, one.area_id, day, *pin,
                    dict(answered.params), one.state, [sentence._asdict() for sentence in one.words], one.content,
                    one.rows, answered.seconds,
                )
                for one in answered.said
            ],
        )  # fmt: skip

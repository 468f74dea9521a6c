"""What the auditor writes: notes on unusual readings. Nothing is overwritten; a second note stands beside the first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, get_args

from app.commands.consult import masked
from app.domain.errors import BadInput
from app.domain.unusual import rules

if TYPE_CHECKING:
    from app.db import Connection

Outcome = Literal["justified", "asked", "reported"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
LONGEST = 2000

INSERT = """
insert into review_note (rule, about, log_ids, outcome, note) values ($1, $2, $3, $4, $5)
"""


async def note_review(
    connection: Connection, rule: str, about: str, log_ids: Sequence[int], outcome: str, note: str
) -> None:
    """Note what became of an unusual reading, in a transaction of the auditor's that can write.

    ``about``: whose readings (``user:12``); ``log_ids``: which rows of the log; ``outcome``: there was a need for them
    (justified), the reader was asked (asked), or it went further (reported). Personal numbers are masked.

    Raises:
        BadInput: No such rule or outcome, no rows, or no words.
    """
    text = masked(" ".join(note.split()))
    if rule not in rules():
        raise BadInput(
            f"There is no rule {rule!r}; choose one of {', '.join(rules())}.",
            sv=f"Det finns ingen regel {rule!r}; välj en läsning i listan på nytt.",
        )
    if outcome not in OUTCOMES:
        raise BadInput(
            f"There is no outcome {outcome!r}; choose one of {', '.join(OUTCOMES)}.",
            sv="Välj ett av utfallen: befogat, fråga ställd eller anmält vidare.",
        )
    if not log_ids:
        raise BadInput(
            "Choose the readings that the note is about.", sv="Välj de läsningar som noteringen gäller."
        )
    if not 3 <= len(text) <= LONGEST:
        raise BadInput(
            f"Write a note of 3 to {LONGEST} characters.", sv=f"Skriv en notering på 3 till {LONGEST} tecken."
        )
    await connection.execute(INSERT, rule, about, list(log_ids), outcome, text)

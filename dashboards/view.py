"""The question that the browser's ``query`` store asks, as the domain's nouns. Written by ``assets/view.js``."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, cast

from app.domain.errors import BadInput
from app.domain.window import KINDS, LAST_HOUR, Filters, Kind, Window


def question(query: dict[str, Any]) -> tuple[Window, Filters]:
    """The window and the filters that are asked for.

    Raises:
        BadInput: A day, a moment or a kind that cannot be understood.
    """
    try:
        known = query["known"]
        window = Window(
            date.fromisoformat(query["first"]),
            date.fromisoformat(query["last"]),
            datetime.fromisoformat(known).astimezone(UTC) if known else None,
            first_hour=int(query.get("first_hour", 0)),
            last_hour=int(query.get("last_hour", LAST_HOUR)),
        )
        kind = query["kind"]
        areas = (query["area"],) if query["area"] else ()
        offences = tuple(str(code) for code in query["offence"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(
            "The view's days or moment cannot be read; choose them again.",
            sv="Vyns dagar eller tidpunkt kunde inte läsas; välj dem på nytt.",
        ) from error
    if kind not in KINDS:
        raise BadInput(
            f"There is no kind {kind!r}; choose report, call or notice.",
            sv=f"Det finns inget slag {kind!r}; välj anmälningar, uppdrag eller notiser.",
        )
    return window, Filters(cast("Kind", kind), areas, offences)

"""The people of one row: what a source tells of somebody besides, or instead of, a personnummer.

Four roles, kept apart: victim (målsägande) and suspect (misstänkt) belong to the row's offence, witness (vittne) and
reporter (anmälare) to the whole report. A row that tells nothing of a role has nobody in it.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from etl.feed import IDENTITY_FIELDS, ROLES, PersonDraft, Problem
from etl.helpers.cells import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

OF_AN_OFFENCE = ("victim", "suspect")
COLUMNS = {role: tuple(f"{role}_{field}" for field in IDENTITY_FIELDS) for role in ROLES}
"""The fields of ``[columns]`` that tell of each role, in the order of ``IDENTITY_FIELDS``."""
PEOPLE_FIELDS = (
    *(role for role in ROLES if role not in OF_AN_OFFENCE),
    *(column for role in ROLES for column in COLUMNS[role]),
)

_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})", re.ASCII)
_PART_OF_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?", re.ASCII)
_SEX = {
    "kvinna": "female", "k": "female", "f": "female", "female": "female",
    "man": "male", "m": "male", "male": "male",
    "okänd": None, "okänt": None, "o": None, "annat": None, "unknown": None,
}  # fmt: skip


def told_roles(present: Iterable[str]) -> tuple[str, ...]:
    """The roles of which a heading with these fields tells something here."""
    held = set(present)
    return tuple(
        role
        for role in ROLES
        if held.intersection(COLUMNS[role]) or (role not in OF_AN_OFFENCE and role in held)
    )


def people(
    cells: dict[str, str], roles: Iterable[str], problem: Callable[[str, object, str], Problem]
) -> list[PersonDraft]:
    """The people of a row; ``problem`` makes the refusal of a cell.

    Raises:
        Problem: A birth date or a sex cannot be read.
    """
    found: list[PersonDraft] = []
    for role in roles:
        fields: dict[str, Any] = {}
        for field, column in zip(IDENTITY_FIELDS, COLUMNS[role], strict=True):
            text = cells.get(column)
            if text is None:
                continue
            try:
                value = READERS.get(field, words)(text)
            except ValueError as error:
                raise problem(column, text, str(error)) from error
            if value is not None:
                fields[field] = value
        number = cells.get(role)
        own = {"offence": 1} if role in OF_AN_OFFENCE else {}
        if fields or (number is not None and not own):
            found.append({"role": role, **own, "number": number, **fields})  # type: ignore[typeddict-item]
    return found


def born(text: str) -> str:
    """A birth date in ISO 8601, shorter where the day or the month is not known (1985-00-00 becomes 1985).

    Raises:
        ValueError: It is no such date; six digits do not tell the century.
    """
    if found := _DATE.fullmatch(text):
        year, month, day = found.groups()
        if day == "00":
            return born(year if month == "00" else f"{year}-{month}")
        try:
            return date(int(year), int(month), int(day)).isoformat()
        except ValueError:
            raise ValueError("there is no such day") from None
    found = _PART_OF_DATE.fullmatch(text)
    if found is None or not 1800 <= int(found[1]) <= 2200 or (found[2] and not 1 <= int(found[2]) <= 12):
        raise ValueError(
            "not a birth date that is understood; write it as 1985-03-12, or 1985 where no more is known"
        )
    return text


def sex(text: str) -> str | None:
    """``female``, ``male``, or None where the source does not know.

    Raises:
        ValueError: A word that is not known.
    """
    word = text.casefold()
    if word not in _SEX:
        raise ValueError("an unknown word; write kvinna or man")
    return _SEX[word]


READERS: dict[str, Callable[[str], str | None]] = {"born": born, "sex": sex}

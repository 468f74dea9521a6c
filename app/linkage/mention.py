"""From what reports tell of people to the frame that is linked: a name in one field becomes given and family name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from app.linkage.names import families, known_given
from app.linkage.normal import FIELDS, fold

PARTICLES = frozenset("af von van de der den di da la le el al bin ben abu".split())  # noqa: SIM905 - read at a glance


def split_name(name: str) -> tuple[str | None, str | None]:
    """Given and family name of ``Anna Lindqvist``, ``Lindqvist, Anna``, ``Carl von Berg`` and ``Eva Berg Lind``.

    A name of one word is the given name unless it is known as a family name alone.
    """
    family, comma, given = name.partition(",")
    if comma:
        return given.strip() or None, family.strip() or None
    words = name.split()
    surnames = frozenset(families()) - known_given()
    if len(words) < 2:
        only = words[0] if words else None
        return (None, only) if only and fold(only) in surnames else (only, None)
    start = len(words) - 1
    while start > 1 and (fold(words[start - 1]) in PARTICLES or fold(words[start - 1]) in surnames):
        start -= 1
    return " ".join(words[:start]), " ".join(words[start:])


def frame(told: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    """The mentions that are linked, one row each in the order given; ``mention`` is the place in it.

    Args:
        told: Of each mention some of name, born, sex, phone, street, postcode.
    """
    rows = []
    for number, fields in enumerate(told):
        given, family = split_name(fields.get("name", ""))
        own = {name: fields.get(name) for name in FIELDS if name not in {"given", "family"}}
        rows.append({"mention": number, "given": given, "family": family, **own})
    return pd.DataFrame(rows, columns=["mention", *FIELDS], dtype=object).astype({"mention": "int64"})

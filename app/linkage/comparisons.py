"""What is compared of two mentions and in which steps (Fellegi & Sunter 1969), in the SQL that splink gives to DuckDB.

Each field has levels, the best first; the first that holds counts. Fields that say the same thing twice are one field:
telephone, street and postcode are where somebody is, and people of one household share all three. Blocking
rules say which pairs are looked at at all; they are equalities, so that they become hash joins, and few.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Level:
    """One step. ``frequency``: the column whose value's rarity makes agreeing on it weigh more (or less)."""

    name: str
    sql: str
    frequency: str | None = None
    floor: float | None = None  # no value counts as rarer than this: a slip of the pen is no rare name


def _alike(one: str, other: str, strict: float) -> str:
    """One letter off (or two exchanged) in names of three or more, or alike by Jaro and Winkler's measure."""
    return (
        f"(least(length({one}), length({other})) >= 3 and damerau_levenshtein({one}, {other}) = 1)"
        f" or jaro_winkler_similarity({one}, {other}) >= {strict}"
    )


def _slip_of_part(one: str, other: str) -> str:
    """One of the given names is the other but for a slip. Two known names are two names: Anna and Hanna."""
    return f"(not ({one}_known_l and {other}_known_r) and ({_alike(f'{one}_l', f'{other}_r', 0.93)}))"


ELSE = "else"
BORN_APART = "damerau_levenshtein(born_l, born_r)"

FIELDS: dict[str, tuple[Level, ...]] = {
    "given": (
        Level("null", "given_l is null or given_r is null"),
        Level("same", "given_l = given_r", "given", 0.0005),
        Level("exchanged", "given_l = family_r and family_l = given_r"),
        Level("one name", "given_root_l = given_root_r"),
        Level("part", "given_other_l in (given_root_r, given_other_r) or given_root_l = given_other_r"),
        Level("slip", " or ".join(_slip_of_part(*two) for two in (
            ("given_first", "given_first"), ("given_root", "given_root")))),
        Level("sound", "not (given_root_known_l and given_root_known_r) and given_key_l = given_key_r"),
        Level("slip in part", " or ".join(_slip_of_part(*two) for two in (
            ("given_other", "given_other"), ("given_other", "given_root"), ("given_root", "given_other")))),
        Level("exchanged, slip", "given_key_l = family_key_r and family_key_l = given_key_r"),
        Level("other", ELSE),
    ),
    "family": (
        Level("null", "family_l is null or family_r is null"),
        Level("same", "family_l = family_r", "family", 0.0001),
        Level("exchanged", "given_l = family_r and family_l = given_r"),
        Level("part", "family_first_l in (family_first_r, family_last_r)"
              " or family_last_l in (family_first_r, family_last_r)"),
        Level("slip", f"{_alike('family_l', 'family_r', 0.94)} or family_key_l = family_key_r"),
        Level("exchanged, slip", "given_key_l = family_key_r and family_key_l = given_key_r"),
        Level("other", ELSE),
    ),
    "born": (
        Level("null", "born_l is null or born_r is null"),
        Level("same", "born_l = born_r"),
        Level("day and month exchanged", "year_l = year_r and substr(month_day_l, 1, 2) = substr(month_day_r, 3, 2)"
              " and substr(month_day_l, 3, 2) = substr(month_day_r, 1, 2)"),
        Level("one digit", f"{BORN_APART} = 1"),
        Level("year beside", "month_day_l = month_day_r"
              " and abs(cast(year_l as integer) - cast(year_r as integer)) <= 2"),
        Level("year and a part", "year_l = year_r and (substr(month_day_l, 1, 2) = substr(month_day_r, 1, 2)"
              " or substr(month_day_l, 3, 2) = substr(month_day_r, 3, 2))"),
        Level("month and day", "month_day_l = month_day_r"),
        Level("two digits", f"{BORN_APART} = 2"),
        Level("other", ELSE),
    ),
    "where": (
        Level("null", "(phone_l is null or phone_r is null) and (street_l is null or street_r is null)"
              " and (postcode_l is null or postcode_r is null)"),
        Level("telephone and street", "phone_l = phone_r and street_l = street_r"),
        Level("telephone", "phone_l = phone_r", "phone", 0.000001),
        Level("street", "street_l = street_r and coalesce(postcode_l = postcode_r, true)"),
        Level("telephone, one digit", "damerau_levenshtein(phone_l, phone_r) = 1"),
        Level("street, slip", "damerau_levenshtein(street_l, street_r) = 1 and postcode_l = postcode_r"),
        Level("postcode", "postcode_l = postcode_r"),
        Level("other", ELSE),
    ),
    "sex": (
        Level("null", "sex_l is null or sex_r is null"),
        Level("same", "sex_l = sex_r"),
        Level("other", ELSE),
    ),
}  # fmt: skip

BLOCKING = (
    ("born", "initial"),
    ("born", "family_key"),
    ("born", "postcode"),
    ("names_key", "year"),
    ("names_key", "month_day"),
    ("names_key", "postcode"),
    ("phone", "given_key"),
    ("phone", "year"),
    ("street", "given_key"),
    ("street", "family_key"),
    ("street", "year"),
)
"""Two mentions are compared when they agree in all columns of one of these."""


def levels(field: str) -> list[Level]:
    """The levels that are estimated, best first: all but the missing."""
    return [level for level in FIELDS[field] if level.name != "null"]


def comparisons(weights: dict[str, dict[str, tuple[float, float]]] | None = None) -> list[Any]:
    """The fields as splink takes them; ``weights`` gives each level's (m, u) by field and name."""
    return [
        {
            "output_column_name": field,
            "comparison_description": field,
            "comparison_levels": [
                _level(level, (weights or {}).get(field, {}).get(level.name)) for level in FIELDS[field]
            ],
        }
        for field in FIELDS
    ]


def _level(level: Level, weight: tuple[float, float] | None) -> dict[str, Any]:
    given: dict[str, Any] = {
        "sql_condition": level.sql if level.sql != ELSE else "ELSE",
        "label_for_charts": level.name,
    }
    if level.name == "null":
        return given | {"is_null_level": True}
    if weight is not None:
        given |= {"m_probability": weight[0], "u_probability": weight[1]}
    if level.frequency is not None:
        given |= {"tf_adjustment_column": level.frequency, "tf_minimum_u_value": level.floor}
    return given


def blocking() -> list[Any]:
    """The blocking rules as splink takes them."""
    return [{"blocking_rule": " and ".join(f"l.{name} = r.{name}" for name in rule)} for rule in BLOCKING]

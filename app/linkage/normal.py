"""A mention's identity fields brought to the forms that are compared: folded, rooted, keyed. Pure.

The frame that comes in has one row a mention and text columns, missing as None: ``mention`` (unique), ``given``,
``family``, ``born`` (ISO date or eight digits), ``sex``, ``phone``, ``street``, ``postcode``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date

import pandas as pd

from app.linkage.names import families, known_given, root_of

FIELDS = ("given", "family", "born", "sex", "phone", "street", "postcode")
SPLIT = re.compile(r"[^a-z]+")
# What sounds the same, in this order; then doubled letters become one and vowels after the first sound go.
SOUNDS = (
    (re.compile(r"sch|sj|stj|skj|sh"), "s"), (re.compile(r"ph"), "f"), (re.compile(r"th|dt"), "t"),
    (re.compile(r"dh"), "d"), (re.compile(r"kh|ch|ck|q|c"), "k"), (re.compile(r"gh|hg"), "g"),
    (re.compile(r"x"), "ks"), (re.compile(r"z"), "s"), (re.compile(r"w"), "v"), (re.compile(r"hj|lj|gj|dj"), "j"),
    (re.compile(r"y|j"), "i"), (re.compile(r"(?<=.)h"), ""),
)  # fmt: skip
DOUBLED = re.compile(r"(.)\1+")
VOWELS = re.compile(r"(?<=.)[aeiou]+")
LETTERS = str.maketrans({"ø": "o", "æ": "a", "ß": "ss", "ł": "l", "đ": "d", "ı": "i"})
PHONE_DIGITS = 8
"""The last digits of a telephone number: what stands before them is written in too many ways (+46, 0046, 0)."""


def fold(text: str) -> str:
    """Small letters without accents, dots and rings, a blank between words: ``Ann-Sofié Åberg``, ann sofie aberg."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(LETTERS))
    return " ".join(
        part for part in SPLIT.split("".join(c for c in plain if not unicodedata.combining(c))) if part
    )


def sound(name: str) -> str:
    """A key that slips and spellings of one name share: Mohammed and Muhamad mmd, Lindqvist and Lindkvist lndkvst."""
    key = name.replace(" ", "")
    for pattern, letter in SOUNDS:
        key = pattern.sub(letter, key)
    return VOWELS.sub("", DOUBLED.sub(r"\1", key))


def day(text: str) -> str | None:
    """``19840229``; None for what is no day."""
    digits = re.sub(r"\D", "", text)
    try:
        return (
            date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).strftime("%Y%m%d")
            if len(digits) == 8
            else None
        )
    except ValueError:
        return None


def phone(text: str) -> str | None:
    """The last digits of a number; None for what is too short to be one."""
    digits = re.sub(r"\D", "", text)
    return digits[-PHONE_DIGITS:] if len(digits) >= PHONE_DIGITS - 1 else None


def street(text: str) -> str | None:
    """Letters and digits, folded, without blanks: ``Åsö gata 12 B``, asogata12b."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(LETTERS))
    return re.sub(r"[^a-z0-9]", "", plain) or None


def postcode(text: str) -> str | None:
    """Digits alone."""
    return re.sub(r"\D", "", text) or None


def sex(text: str) -> str | None:
    """``w`` or ``m``; None for anything else."""
    return {"k": "w", "w": "w", "f": "w", "m": "m"}.get(text.strip()[:1].lower())


def prepare(mentions: pd.DataFrame) -> pd.DataFrame:
    """The columns that are compared and blocked on, one row a mention; each different value is worked out once."""
    given, family = _in_their_fields(_each(mentions["given"], fold), _each(mentions["family"], fold))
    roots, known = root_of(), known_given()
    first, last = _each(given, lambda name: name.split()[0]), _each(given, lambda name: name.split()[-1])
    root, other = (
        _each(first, lambda name: roots.get(name, name)),
        _each(last, lambda name: roots.get(name, name)),
    )
    born = _each(mentions["born"], day)
    given_key, family_key = _each(root, sound), _each(family, lambda name: sound(name.split()[-1]))
    frame = pd.DataFrame(
        {
            "mention": mentions["mention"].to_numpy(),
            "given": given,
            "given_first": first,
            "given_root": root,
            "given_other": other,
            "given_first_known": first.isin(known),
            "given_root_known": root.isin(known),
            "given_other_known": other.isin(known),
            "given_key": given_key,
            "initial": _each(root, lambda name: name[0]),
            "family": family,
            "family_first": _each(family, lambda name: name.split()[0]),
            "family_last": _each(family, lambda name: name.split()[-1]),
            "family_key": family_key,
            "born": born,
            "year": _each(born, lambda digits: digits[:4]),
            "month_day": _each(born, lambda digits: digits[4:]),
            "sex": _each(mentions["sex"], sex),
            "phone": _each(mentions["phone"], phone),
            "street": _each(mentions["street"], street),
            "postcode": _each(mentions["postcode"], postcode),
        }
    )
    # The same whichever of the two stands in which field.
    lower = given_key.where(given_key < family_key, family_key)
    upper = family_key.where(given_key < family_key, given_key)
    frame["names_key"] = (lower + "/" + upper).where(given_key.notna() & family_key.notna(), None)
    return frame


def _in_their_fields(given: pd.Series[str], family: pd.Series[str]) -> tuple[pd.Series[str], pd.Series[str]]:
    """Given and family name exchanged where one is known as a family name alone and the other as a given name alone."""
    names, surnames = known_given(), frozenset(families())
    first, last = _each(family, lambda name: name.split()[0]), _each(given, lambda name: name.split()[-1])
    exchanged = first.isin(names - surnames) & last.isin(surnames - names)
    return given.where(~exchanged, family), family.where(~exchanged, given)


def _each(values: pd.Series[str], change: Callable[[str], str | None]) -> pd.Series[str]:
    """``change`` of every value that is there; None where it is missing or nothing is left."""
    changed = {value: change(value) or None for value in values.dropna().unique() if value}
    return values.map(changed).astype(object).where(lambda found: found.notna(), None)

"""Mentions of made-up people as clerks write them down, with the truth of who is who. Pure and seeded.

Each person is mentioned once to five times; between mentions some move, change telephone or marry, and each mention is
written down with slips: neighbouring keys, letters that change places or get lost, given and family name in
each other's field, a short form or another spelling, a wrong day, month or year, day and month exchanged,
fields left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.linkage.names import forms_of
from app.linkage.normal import fold
from app.linkage.population import REPORTS, Ints, Names, People, Strings, _family, _streets, people

NEIGHBOURS = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl",
    "p": "oå", "a": "qsz", "s": "adw", "d": "sfe", "f": "dgr", "g": "fht", "h": "gjy", "j": "hku", "k": "jli",
    "l": "köo", "z": "ax", "x": "zcs", "c": "xvd", "v": "cbf", "b": "vng", "n": "bmh", "m": "nj", "å": "pä",
    "ä": "öå", "ö": "lä",
}  # fmt: skip


@dataclass(frozen=True)
class Mix:
    """How often what goes wrong: shares of mentions (of those that have what it happens to)."""

    typo_given: float = 0.07
    typo_family: float = 0.08
    typo_street: float = 0.05
    typo_phone: float = 0.03
    swapped: float = 0.02
    short_form: float = 0.10
    part_of_double: float = 0.30
    plain_letters: float = 0.08
    wrong_day: float = 0.03
    wrong_month: float = 0.015
    wrong_year: float = 0.02
    day_month: float = 0.01
    wrong_sex: float = 0.003
    no_given: float = 0.005
    no_family: float = 0.01
    no_born: float = 0.04
    no_sex: float = 0.10
    no_phone: float = 0.35
    no_street: float = 0.20
    no_postcode: float = 0.25
    moved: float = 0.15
    new_phone: float = 0.12
    married: float = 0.05
    institution: float = 0.01
    names: Names = field(default_factory=Names)


TRAINED_ON = Mix()
HELD_OUT = Mix(
    typo_given=0.09, typo_family=0.10, typo_street=0.08, typo_phone=0.05, swapped=0.05, short_form=0.06,
    part_of_double=0.4, plain_letters=0.15, wrong_day=0.04, wrong_month=0.02, wrong_year=0.03, day_month=0.02,
    wrong_sex=0.006, no_sex=0.2, no_born=0.03, new_phone=0.15, married=0.08, institution=0.02,
    names=Names(strange=0.15, double=0.10, double_family=0.06),
)  # fmt: skip
"""Another mix than the model is trained on: more slips, exchanges, changed names, a seventh of names unheard of."""


def planted(seed: int, mentions: int, mix: Mix) -> pd.DataFrame:
    """About ``mentions`` mentions, in random order: ``mention``, the identity fields, and ``person``, the truth."""
    rng = np.random.default_rng(seed)
    count = int(mentions / float(REPORTS @ np.arange(1, 6)))
    who = people(rng, count, mix.names)
    person = np.repeat(np.arange(count), rng.choice(5, count, p=REPORTS) + 1)
    later = np.diff(person, prepend=-1) == 0
    told = _lives(rng, who, person, later, mix)
    columns = _written(rng, told, mix)
    frame = pd.DataFrame({"mention": np.arange(len(person)), **columns, "person": person})
    order = rng.permutation(len(frame))
    return frame.iloc[order].assign(mention=np.arange(len(frame))).reset_index(drop=True)


def _lives(rng: np.random.Generator, who: People, person: Ints, later: NDArray[np.bool_], mix: Mix) -> People:
    """The people as they are at each mention: from the one in which they moved or married on it stays so."""
    now = People(**{column.name: getattr(who, column.name)[person] for column in fields(People)})
    moved = np.flatnonzero(later & (rng.random(len(person)) < mix.moved))
    streets, postcodes = _streets(rng, len(moved)), rng.integers(100, 199, len(moved)) * 100 + 11
    phones = np.flatnonzero(later & (rng.random(len(person)) < mix.new_phone))
    numbers = rng.integers(10_000_000, 99_999_999, len(phones))
    married = np.flatnonzero(later & (rng.random(len(person)) < mix.married))
    surnames = _family(rng, len(married), mix.names)
    double = rng.random(len(married)) < 0.25
    surnames[double] = now.family[married[double]] + " " + surnames[double]
    for rows, changes in ((moved, ((now.street, streets), (now.postcode, postcodes))), (phones, ((now.phone,
    numbers),)),
                          (married, ((now.family, surnames),))):  # fmt: skip
        changed = _from_there_on(person, rows)
        there = changed >= 0
        for column, values in changes:
            column[there] = values[changed[there]]
    return now


def _from_there_on(person: Ints, rows: Ints) -> Ints:
    """For each mention which change (position in ``rows``) holds: the last of the person's so far; -1 for none."""
    last = np.full(len(person), -1, np.int64)
    last[rows] = np.arange(len(rows))
    last = np.maximum.accumulate(last)
    owner = np.where(last >= 0, person[rows[last]] if len(rows) else -1, -1)
    return np.where(owner == person, last, -1)


def _written(rng: np.random.Generator, told: People, mix: Mix) -> dict[str, Strings]:
    count = len(told)
    given, family = told.given.copy(), told.family.copy()

    def some(share: float) -> Ints:
        return np.flatnonzero(rng.random(count) < share)

    def change(column: Strings, rows: Ints, how: Callable[[str], str]) -> None:
        column[rows] = [how(value) for value in column[rows].tolist()]

    change(given, some(mix.short_form), lambda name: other_form(rng, name))
    for column in (given, family):
        change(column, some(mix.part_of_double), lambda name: _part(rng, name))
        change(column, some(mix.plain_letters), lambda name: fold(name).title())
    change(given, some(mix.typo_given), lambda name: slip(rng, name))
    change(family, some(mix.typo_family), lambda name: slip(rng, name))
    swapped = some(mix.swapped)
    given[swapped], family[swapped] = family[swapped], given[swapped].copy()
    street = told.street.copy()
    change(street, some(mix.typo_street), lambda name: slip(rng, name))
    phone = np.char.add("070", told.phone.astype(str)).astype(object)
    phone[some(mix.institution)] = "08999" + "00001"
    change(phone, some(mix.typo_phone), lambda number: _other_digit(rng, number))
    told.sex[some(mix.wrong_sex)] ^= 1
    sex = np.where(told.sex == 1, "man", "kvinna").astype(object)
    columns = {
        "given": given, "family": family, "born": _dates(rng, told.day, mix), "sex": sex, "phone": phone,
        "street": street, "postcode": told.postcode.astype(str).astype(object),
    }  # fmt: skip
    for name, share in (("given", mix.no_given), ("family", mix.no_family), ("born", mix.no_born), ("sex", mix.no_sex),
                        ("phone", mix.no_phone), ("street", mix.no_street), ("postcode", mix.no_postcode)):  # fmt: skip
        columns[name][some(share)] = None
    return columns


def _dates(rng: np.random.Generator, days: Ints, mix: Mix) -> Strings:
    """ISO dates with what goes wrong in them; a day that does not exist is written as the clerk wrote it."""
    when = days.astype("M8[D]")
    month_number = when.astype("M8[M]").astype(np.int64)
    year, month, day = (
        month_number // 12 + 1970,
        month_number % 12 + 1,
        (when - when.astype("M8[M]")).astype(np.int64) + 1,
    )
    count = len(days)
    wrong = np.flatnonzero(rng.random(count) < mix.wrong_day)
    day[wrong] = np.where(
        rng.random(len(wrong)) < 0.5, rng.integers(1, 29, len(wrong)), np.clip(day[wrong] + 1, 1, 28)
    )
    wrong = np.flatnonzero(rng.random(count) < mix.wrong_month)
    month[wrong] = rng.integers(1, 13, len(wrong))
    wrong = np.flatnonzero(rng.random(count) < mix.wrong_year)
    year[wrong] += rng.choice([-10, -2, -1, 1, 2, 10], len(wrong))
    wrong = np.flatnonzero((rng.random(count) < mix.day_month) & (day <= 12))
    day[wrong], month[wrong] = month[wrong], day[wrong].copy()
    parts = zip(year.tolist(), month.tolist(), day.tolist(), strict=True)
    return np.array([f"{y}-{m:02d}-{d:02d}" for y, m, d in parts], object)


def other_form(rng: np.random.Generator, name: str) -> str:
    """A short form or another spelling of the first name, where there is one."""
    first, *rest = name.replace("-", " ").split(" ")
    forms = forms_of().get(fold(first))
    return " ".join([str(rng.choice(forms)).title(), *rest]) if forms else name


def _part(rng: np.random.Generator, name: str) -> str:
    """One of a double name's parts; a single name as it is."""
    parts = name.replace("-", " ").split(" ")
    return parts[0] if len(parts) == 1 or rng.random() < 0.85 else parts[-1]


def slip(rng: np.random.Generator, text: str) -> str:
    """One slip of the pen: a letter gets lost, comes twice, is its neighbour on the keyboard, or two change places."""
    if len(text) < 3:
        return text
    kind, place = int(rng.integers(4)), int(rng.integers(1, len(text) - 1))
    before, letter, after = text[:place], text[place], text[place + 1 :]
    if kind == 0:
        return before + after
    if kind == 1:
        return before + letter * 2 + after
    if kind == 2:
        near = NEIGHBOURS.get(letter.lower(), letter)
        return before + near[int(rng.integers(len(near)))] + after
    return before + after[0] + letter + after[1:]


def _other_digit(rng: np.random.Generator, number: str) -> str:
    place = int(rng.integers(3, len(number)))
    return number[:place] + str((int(number[place]) + 1 + int(rng.integers(9))) % 10) + number[place + 1 :]

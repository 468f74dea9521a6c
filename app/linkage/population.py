"""Made-up people in households, for training and judging: couples, children, twins, namesakes. Pure and seeded.

Nobody here is anybody: names are drawn from lists by frequency, days of birth lie between 1800 and 1899
(``etl.feeds.demo`` does the same: the people stand for others, 130 years younger), telephone numbers have a
digit too many, streets are made up of two words.

What makes linking hard is planted: a household shares its address, often its family name and now and then a
telephone; of the twins one is the other but for the given name; namesakes share both names, and some of them
the year of birth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.linkage.names import MEN, WOMEN, families, frequencies, written

Ints = NDArray[np.int64]
Strings = NDArray[np.object_]

FIRST_YEAR, LAST_YEAR = 1815, 1895
STREET_HEADS = [
    "Prov", "Test", "Mönster", "Påhitts", "Exempel", "Skiss", "Utkast", "Övnings", "Låtsas", "Fantasi", "Saga", "Dröm",
    "Teater", "Kuliss",
]  # fmt: skip
STREET_TAILS = ["gatan", "vägen", "stigen", "gränd", "torget", "backen", "allén", "slingan", "ringen"]
STREET_FIRST = ("", "Norra ", "Södra ", "Västra ", "Östra ", "Lilla ", "Stora ", "Gamla ", "Nya ")
REPORTS = np.array([0.52, 0.26, 0.13, 0.06, 0.03])
"""Shares of people with one mention, two, ... five."""


@dataclass(frozen=True)
class People:
    """One element a person; ``day`` is a day number (1970-01-01 is 0), ``sex`` 1 for a man."""

    household: Ints
    given: Strings
    family: Strings
    day: Ints
    sex: Ints
    phone: Ints
    street: Strings
    postcode: Ints

    def __len__(self) -> int:
        return len(self.day)


@dataclass(frozen=True)
class Names:
    """Where names are drawn from. ``strange`` of the given names are in no list that the linkage knows."""

    strange: float = 0.0
    double: float = 0.07
    double_family: float = 0.04


def people(rng: np.random.Generator, count: int, names: Names) -> People:
    """At least ``count`` people in whole households, less what is over."""
    sizes = rng.choice([1, 2, 3, 4, 5], count, p=[0.42, 0.27, 0.12, 0.13, 0.06])
    household = np.repeat(np.arange(count), sizes)[:count]
    place = np.arange(count) - np.searchsorted(
        household, household
    )  # 0 and 1 are adults, the others children
    homes = int(household[-1]) + 1
    sex = rng.integers(0, 2, count)
    second = np.flatnonzero(place == 1)
    sex[second] = np.where(rng.random(len(second)) < 0.95, 1 - sex[second - 1], sex[second])
    day = _days(rng, FIRST_YEAR, LAST_YEAR - 20, count)
    day[second] = np.clip(
        day[second - 1] + rng.normal(0, 4 * 365, len(second)).astype(np.int64), day.min(), None
    )
    children = np.flatnonzero(place >= 2)
    day[children] = day[children - place[children]] + rng.integers(20 * 365, 38 * 365, len(children))
    family = _family(rng, homes, names)[household]
    own = (place == 1) & (rng.random(count) < 0.35)  # couples of whom each kept the own name
    family[own] = _family(rng, int(own.sum()), names)
    given = _given(rng, sex, names)
    _twins(rng, place, (given, day, sex), names)
    _own_names(rng, household, given, sex, names)
    phone = rng.integers(10_000_000, 99_999_999, count)
    shared = (place >= 1) & (rng.random(count) < np.where(place >= 2, 0.7, 0.15))
    phone[shared] = phone[np.searchsorted(household, household)[shared]]
    street = _streets(rng, homes)[household]
    found = People(
        household, given, family, day, sex, phone, street, rng.integers(100, 199, homes)[household] * 100 + 11
    )
    _namesakes(rng, found)
    return found


def _days(rng: np.random.Generator, first: int, last: int, count: int) -> Ints:
    start, end = np.array([f"{first}-01-01", f"{last}-12-31"], "M8[D]").astype(np.int64)
    return rng.integers(start, end, count)


def _given(rng: np.random.Generator, sex: Ints, names: Names) -> Strings:
    found = np.empty(len(sex), object)
    for number, listed in enumerate((WOMEN.split(), MEN.split())):
        rows = np.flatnonzero(sex == number)
        pool = np.array([written(name) for name in listed], object)
        shares = frequencies(len(pool))
        found[rows] = rng.choice(pool, len(rows), p=shares)
        double = rows[rng.random(len(rows)) < names.double]
        hyphen = np.where(rng.random(len(double)) < 0.6, "-", " ")
        found[double] = found[double] + hyphen + rng.choice(pool[:60], len(double))
    strange = np.flatnonzero(rng.random(len(sex)) < names.strange)
    found[strange] = [_strange(rng, man) for man in sex[strange].tolist()]
    return found


def _strange(rng: np.random.Generator, man: int) -> str:
    """A name that no list has: two or three syllables."""
    heads, cores, ends = (
        ["b", "d", "f", "g", "h", "k", "l", "m", "n", "r", "s", "t", "v", "z", "sh"],
        ["a", "e", "i", "o", "u", "ae", "ia"],
        ("", "n", "r", "s", "l"),
    )
    syllables = [str(rng.choice(heads)) + str(rng.choice(cores)) for _ in range(int(rng.integers(2, 4)))]
    return ("".join(syllables) + (str(rng.choice(ends)) if man else "")).title()


def _family(rng: np.random.Generator, count: int, names: Names) -> Strings:
    pool = np.array([written(name) for name in families()], object)
    found: Strings = rng.choice(pool, count, p=frequencies(len(pool))).astype(object)
    double = np.flatnonzero(rng.random(count) < names.double_family)
    found[double] = (
        found[double] + np.where(rng.random(len(double)) < 0.5, "-", " ") + rng.choice(pool, len(double))
    )
    return found


def _twins(rng: np.random.Generator, place: Ints, of: tuple[Strings, Ints, Ints], names: Names) -> None:
    """Of children with an older sibling in the household, some are twins of that one; two in three of the same sex."""
    given, day, sex = of
    twin = np.flatnonzero((place == 3) & (rng.random(len(place)) < 0.06))
    day[twin] = day[twin - 1]
    sex[twin] = np.where(rng.random(len(twin)) < 0.67, sex[twin - 1], sex[twin])
    given[twin] = _given(rng, sex[twin], names)


def _own_names(rng: np.random.Generator, household: Ints, given: Strings, sex: Ints, names: Names) -> None:
    """In one household nobody has the first name of somebody else; who is named after a parent comes later."""
    while True:
        first = np.array([name.replace("-", " ").split(" ")[0] for name in given.tolist()], object)
        key = household.astype(str).astype(object) + first
        _, kept = np.unique(key.astype(str), return_index=True)
        twice = np.setdiff1d(np.arange(len(given)), kept)
        if not len(twice):
            return
        given[twice] = _given(rng, sex[twice], names)


def _namesakes(rng: np.random.Generator, found: People) -> None:
    """Two in a hundred have both names of somebody else; a quarter of these the year of birth too, some the month."""
    count = len(found)
    rows = np.flatnonzero(rng.random(count) < 0.02)
    other = rng.integers(0, count, len(rows))
    found.given[rows], found.family[rows], found.sex[rows] = (
        found.given[other],
        found.family[other],
        found.sex[other],
    )
    near = rng.random(len(rows)) < 0.25
    found.day[rows[near]] = found.day[other[near]] + rng.integers(40, 300, int(near.sum()))
    junior = np.flatnonzero((np.diff(found.household, prepend=-1) == 0) & (rng.random(count) < 0.001))
    found.given[junior] = found.given[junior - 1]  # a son named after his father, living with him
    found.sex[junior] = found.sex[junior - 1]


def _streets(rng: np.random.Generator, count: int) -> Strings:
    first, heads, tails = (
        rng.choice(STREET_FIRST, count),
        rng.choice(STREET_HEADS, count),
        rng.choice(STREET_TAILS, count),
    )
    number = rng.integers(1, 90, count).astype(str)
    letter = np.where(rng.random(count) < 0.2, rng.choice([" A", " B", " C"], count), "")
    parts = zip(first, heads, tails, number, letter, strict=True)
    return np.array([f"{a}{b}{c} {d}{e}" for a, b, c, d, e in parts], object)

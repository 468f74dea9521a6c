"""People who do not exist.

A personnummer here is of somebody born 18xx: its check digit (Luhn, SKV 704) is right, so that every step that checks
it is exercised, and no living person can hold it. The person it stands for is ``AGE_OFFSET_YEARS`` younger: a victim
of apparent age 34 in 2026 was "born" in 1862. ``apparent_birth_year`` turns it back.

Four in a hundred hold a samordningsnummer (day of birth + 60). The ninth digit of twelve's group is odd for men, even
for women, as in real ones. Numbers are never shared: (birth year, sex) have 12 x 28 x 499 numbers each, and each
month's newcomers have a block of their own in them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from etl.feeds.demo.clock import Ints

AGE_OFFSET_YEARS = 130
FIRST_YEAR, LAST_YEAR = 1800, 1899
SLOTS = 12 * 28 * 499
BLOCK = 520
"""Numbers per (birth year, sex) that one month's newcomers may take; blocks come round again after 26 years."""

BLOCKS = SLOTS // BLOCK
STRIDE = 72_469
"""Scatters neighbouring numbers over the year; it has no divisor in common with ``SLOTS``."""

COORDINATION_SHARE = 0.04
UNKNOWN = 0
MAN, WOMAN = 1, 0


def numbers(rng: np.random.Generator, month: int, born: Ints, sex: Ints) -> Ints:
    """Twelve-digit numbers, all different, for the newcomers of one month.

    Args:
        rng: Decides who holds a samordningsnummer.
        month: Months since 1970-01; chooses the block.
        born: Apparent birth years, 1930 to 2029.
        sex: 1 man, 0 woman.
    """
    year = np.clip(born - AGE_OFFSET_YEARS, FIRST_YEAR, LAST_YEAR)
    slot = (month % BLOCKS) * BLOCK + _rank_within(year * 2 + sex)
    slot = (slot * STRIDE + year * 7919) % SLOTS
    month_of_birth, rest = np.divmod(slot, 28 * 499)
    day, serial = np.divmod(rest, 499)
    day = day + 1 + np.where(rng.random(len(born)) < COORDINATION_SHARE, 60, 0)
    nine = ((year % 100) * 10_000 + (month_of_birth + 1) * 100 + day) * 1000 + (serial + 1) * 2 - sex * 1
    twelve: Ints = 18 * 10**10 + nine * 10 + _check_digit(nine)
    return twelve


def written(number: int) -> str:
    """``18YYMMDD-NNNC``; an unknown person is written as nothing."""
    if number == UNKNOWN:
        return ""
    text = str(number)
    return f"{text[:8]}-{text[8:]}"


def apparent_birth_year(number: str) -> int:
    """The birth year of the person that a demo personnummer stands for."""
    return int(number[:4]) + AGE_OFFSET_YEARS


def _rank_within(group: Ints) -> Ints:
    """0, 1, 2 ... within each group, in the order given."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    rank = np.empty(len(group), np.int64)
    rank[order] = np.arange(len(group)) - np.repeat(starts, np.diff(np.r_[starts, len(group)]))
    if len(rank) and rank.max() >= BLOCK:
        raise OverflowError(f"More than {BLOCK} newcomers of one birth year and sex in a month.")
    return rank


def _check_digit(nine: Ints) -> Ints:
    """The Luhn digit of nine digits."""
    total = np.zeros(len(nine), np.int64)
    rest = nine.copy()
    for place in range(9):
        digit = rest % 10 * (2 if place % 2 == 0 else 1)
        total += digit // 10 + digit % 10
        rest //= 10
    return (10 - total % 10) % 10

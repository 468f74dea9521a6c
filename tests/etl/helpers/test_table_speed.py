"""How much reading a table costs, told in the cost of splitting its text into cells: no machine changes that much."""

from __future__ import annotations

import csv
import io
from time import process_time
from typing import TYPE_CHECKING

import pytest

from etl.feed import get_feed
from etl.helpers import table

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_TIMES_THE_CELLS = 25.0
ROWS = 2_000

HEADING = (
    "ID;BROTTSKOD;ANTAL;BROTTSDATUMTID_START;BROTTSDATUMTID_SLUT;INSKRIVNINGSDATUM;GATA;GATUNR;KOMMUN;LATITUDE;"
    "LONGITUDE;MALSAGANDE;MISSTANKT;RELATION;SKYDDAD;STATUS;REGISTRERAD;FRITEXT"
)


def extract() -> bytes:
    rows = [
        f"0201-K{number:06}-26;9365;1;2026-01-{number % 28 + 1:02} {number % 24:02}:{number % 60:02};;"
        f"2026-02-{number % 28 + 1:02} 08:15;Provgatan;{number % 90};Stockholm;59,{number:06};18,{number:06};"
        f"källa-{number};källa-{number + 1};parrelation;N;Aktiv;2026-02-01T08:{number % 60:02}:10+01:00;En kort text"
        for number in range(ROWS)
    ]
    return "\r\n".join([HEADING, *rows]).encode("utf-8-sig")


def least_s(work: Callable[[], object]) -> float:
    spent = []
    for _ in range(7):
        begun = process_time()
        work()
        spent.append(process_time() - begun)
    return min(spent)


@pytest.mark.bench
def test_reading_a_row_costs_little_more_than_its_cells() -> None:
    feed, content = get_feed("anmalan"), extract()
    text = content.decode("utf-8-sig")

    def cells() -> int:
        return sum(1 for _ in csv.reader(io.StringIO(text, newline=""), delimiter=";"))

    def drafts() -> int:
        return sum(1 for record in table.records(content, feed) if table.draft(record, feed))

    assert cells() == drafts() + 1 == ROWS + 1
    cells_s, drafts_s = least_s(cells), least_s(drafts)
    print(f"a row: {drafts_s / ROWS * 1e6:.1f} µs, its cells {cells_s / ROWS * 1e6:.1f} µs")
    assert drafts_s < MOST_TIMES_THE_CELLS * cells_s

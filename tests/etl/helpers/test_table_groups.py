"""Several rows of one report."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import UnreadableFile
from etl.feed import get_feed
from etl.helpers import table

if TYPE_CHECKING:
    from etl.feed import Draft, Record

HEADING = "ID;BROTTSKOD;BROTTSDATUMTID_START;BROTTSDATUMTID_SLUT;STATUS;SKYDDAD;REGISTRERAD;FRITEXT"
FIRST = "2026-01-18 08:00"
LATER = "2026-01-20 08:00"


def row(key: str, code: str, registered: str = FIRST, **other: str) -> str:
    cells = {
        "start": "2026-01-17 21:00",
        "end": "2026-01-17 22:00",
        "status": "Aktiv",
        "protected": "N",
        "text": "",
        **other,
    }
    return ";".join(
        [
            key,
            code,
            cells["start"],
            cells["end"],
            cells["status"],
            cells["protected"],
            registered,
            cells["text"],
        ]
    )


def records(*rows: str) -> list[Record]:
    return list(table.records("\n".join([HEADING, *rows]).encode(), get_feed("anmalan")))


def drafts(*rows: str) -> list[Draft]:
    return [table.draft(record, get_feed("anmalan")) for record in records(*rows)]


def codes(draft: Draft) -> list[str]:
    return [offence["code"] for offence in draft["offences"]]


@pytest.fixture(params=["held", "streamed"])
def _size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large file is read in another way than a small one, with the same outcome."""
    if request.param == "streamed":
        monkeypatch.setattr(table, "SMALL_BYTES", 0)


@pytest.mark.usefixtures("_size")
def test_rows_of_one_registration_are_one_report() -> None:
    found = drafts(row("K1", "9365"), row("K1", "9440"), row("K2", "0412"), row("K1", "9365", LATER))

    assert [(draft["source_key"], codes(draft)) for draft in found] == [
        ("K1", ["9365", "9440"]),
        ("K2", ["0412"]),
        ("K1", ["9365"]),
    ]


@pytest.mark.usefixtures("_size")
def test_rows_of_one_report_may_lie_apart() -> None:
    found = records(
        row("K1", "9365"), row("K2", "0412"), row("K1", "9440"), "trasig", row("K1", "9456", LATER)
    )

    assert [(record.number, len(record.body.get("rows", ()))) for record in found] == [
        (1, 2),
        (2, 1),
        (4, 0),
        (5, 1),
    ]


@pytest.mark.usefixtures("_size")
def test_rows_without_an_id_are_never_joined() -> None:
    assert [record.number for record in records(row("", "9365"), row("", "9440"), row("", "9456"))] == [
        1,
        2,
        3,
    ]


def test_a_report_lasts_from_its_first_offence_to_its_last() -> None:
    [draft] = drafts(
        row("K1", "9365", start="2026-01-17 21:00", end="2026-01-17 21:30"),
        row("K1", "9440", start="2026-01-16 08:00", end=""),
    )

    assert draft["occurred_from"] == datetime(2026, 1, 16, 7, 0, tzinfo=UTC)
    assert draft["occurred_to"] == datetime(2026, 1, 17, 20, 30, tzinfo=UTC)


def test_one_protected_row_protects_the_report() -> None:
    [draft] = drafts(row("K1", "9365"), row("K1", "9440", protected="J"))

    assert draft["protected"] is True


def test_a_withdrawn_row_leaves_a_report_that_stands() -> None:
    [draft] = drafts(row("K1", "9365", status="Makulerad"), row("K1", "9440"))

    assert (draft["state"], codes(draft)) == ("active", ["9440"])


def test_a_report_is_withdrawn_when_all_its_rows_are() -> None:
    [draft] = drafts(row("K1", "9365", status="Makulerad"), row("K1", "9440", status="MAKULERAD"))

    assert (draft["state"], codes(draft)) == ("withdrawn", ["9365", "9440"])


def test_texts_of_all_rows_are_kept_once_each() -> None:
    [draft] = drafts(
        row("K1", "9365", text="slag"), row("K1", "9440", text="hot"), row("K1", "9456", text="slag")
    )

    assert draft["summary"] == "slag\nhot"


OLD = (
    "Inskrivningsdatum;Näpo;Basområde;Gata;Brottskod;Antal brott;"
    "Brottsdag start;Brottstid start;Brottsdag slut;Brottstid slut"
)


def test_the_older_extract_is_known_by_its_rows() -> None:
    rows = ["1/18/26;Södermalm ;;Provgatan  ;412;1;1/17/26;2140;1/17/26;2205", "1/18/26;;;;9365;;1/17/26;;;"]
    content = "\n".join([OLD, *rows, rows[1]]).encode("latin-1")

    def read() -> list[Draft]:
        return [
            table.draft(record, get_feed("anmalan")) for record in table.records(content, get_feed("anmalan"))
        ]

    first, second, third = read()
    assert first["occurred_from"] == datetime(2026, 1, 17, 20, 40, tzinfo=UTC)
    assert first["occurred_to"] == datetime(2026, 1, 17, 21, 5, tzinfo=UTC)
    assert first["place_text"] == "Provgatan"
    assert first["areas"] == ("lpo-sodermalm", "Södermalm")
    assert codes(first) == ["0412"]
    assert len({draft["source_key"] for draft in (first, second, third)}) == 3, (
        "two rows alike are two reports"
    )
    assert [draft["source_key"] for draft in read()] == [
        draft["source_key"] for draft in (first, second, third)
    ]


def test_a_newer_extract_without_its_id_is_refused() -> None:
    content = b"BROTTSKOD;BROTTSDATUMTID_START\n9365;2026-01-17 21:00\n"

    with pytest.raises(UnreadableFile, match="no column for source_key"):
        table.records(content, get_feed("anmalan"))


def test_calls_come_as_csv_too() -> None:
    feed = get_feed("uppdrag")
    heading = "HAENDELSE_ID,Datum,Tid,Händelsetyp,PrioSlutlig,Lokalpolisområde"
    content = f"{heading}\nS-1,2026-11-24,18:03,Lägenhetsbråk,2,Värde saknas\n"

    [draft] = [table.draft(record, feed) for record in table.records(content.encode("utf-16"), feed)]

    assert (draft["source_key"], draft["priority"], draft["areas"]) == ("S-1", 2, ())
    assert codes(draft) == ["uppdrag:lagenhetsbrak"]

"""Hostile text in every field of every feed arrives as the text that it is, or waits in quarantine; nothing runs."""

from __future__ import annotations

import csv
import html
import io
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import orjson
import pytest
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from etl.feed import Feed, get_feed
from tests.payloads import CORPUS

if TYPE_CHECKING:
    import asyncpg

    from etl.run import Intake

AT = datetime(2026, 11, 24, 11, tzinfo=UTC)
TEXTS = list(CORPUS.values())
PLAIN: dict[str, dict[str, str]] = {
    "anmalan": {
        "source_key": "K", "code": "9365", "count": "1", "occurred_from": "2026-11-20 10:00",
        "reported_at": "2026-11-20 12:00", "known_at": "2026-11-20T12:00:00+01:00", "kommun": "Stockholm",
    },
    "uppdrag": {
        "source_key": "U", "code": "Lägenhetsbråk", "occurred_from": "2026-11-20", "occurred_from_time": "10:00",
        "kommun": "Stockholm",
    },
}  # fmt: skip
PWNED = Path("/tmp/pwned")
EMPTY = {"null", "None", "NaN"}
"""What programs write into an empty cell; a table's reader takes it for one."""
LONGEST_CODE = 150
SHOWN = {"anmalan": ("street", "summary"), "uppdrag": ("title", "street", "summary")}
"""Columns whose text is shown as it is."""


def column_names(feed: Feed) -> dict[str, str]:
    return {field: names[0] for field, names in feed.settings["columns"].items()}


def rows(feed: Feed, changes: list[dict[str, str]], prefix: str) -> list[dict[str, str]]:
    names = column_names(feed)
    made = []
    for number, changed in enumerate(changes):
        row = {**PLAIN[feed.name], "source_key": f"{prefix}{number}", **changed}
        if "title" in changed:  # the same column as the type of call
            row["code"] = changed["title"]
        made.append({names[field]: text for field, text in row.items()})
    return made


def as_csv(table: list[dict[str, str]], names: list[str]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, names, delimiter=";", restval="")
    writer.writeheader()
    writer.writerows(table)
    return out.getvalue().encode()


def as_ndjson(table: list[dict[str, str]], _: list[str]) -> bytes:
    return b"\n".join(orjson.dumps(row) for row in table)


def as_sheet(table: list[dict[str, str]], names: list[str]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(names)
    for row in table:
        cells = []
        for name in names:
            cell = openpyxl.cell.WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub(" ", row.get(name, "")))
            cell.data_type = "s"  # text, also where it looks like a formula
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


FORMATS = {"csv": as_csv, "ndjson": as_ndjson, "xlsx": as_sheet}


def bare(text: str | None) -> str:
    """What remains of a text when blanks and signs that show nothing are taken off."""
    kept = (
        sign for sign in text or "" if not sign.isspace() and unicodedata.category(sign) not in {"Cc", "Cf"}
    )
    return unicodedata.normalize("NFC", "".join(kept))


async def holds(db: asyncpg.Connection) -> None:
    """The database is as it was: its tables, its roles, its settings."""
    assert (
        await db.fetchval(
            "select count(*) from pg_class where relname in ('incident', 'ledger', 'app_token')"
        )
        == 3
    )
    assert await db.fetchval(
        "select current_user = session_user and coalesce("
        "nullif(current_setting('lagesbild.scope', true), ''), '') = ''"
    )
    assert not PWNED.exists()  # noqa: ASYNC240


TABLES_ONLY = ("anmalan", "ndjson")
"""Reports come as tables."""


@pytest.mark.parametrize(
    ("name", "written"),
    [
        (name, written)
        for name in ("anmalan", "uppdrag")
        for written in FORMATS
        if (name, written) != TABLES_ONLY
    ],
)
async def test_free_text_is_kept_as_it_is(
    intake: Intake, db: asyncpg.Connection, name: str, written: str
) -> None:
    feed = get_feed(name)
    changes = [
        {field: text for field in SHOWN[name] if field != "title" or fits_a_code(text)} for text in TEXTS
    ]
    prefix = f"{written}-"
    content = FORMATS[written](rows(feed, changes, prefix), list(column_names(feed).values()))
    receipt = await intake.ingest(feed, content, name=f"x'; drop table incident; --.{written}", fetched_at=AT)
    assert (receipt.read, receipt.loaded) == (len(TEXTS), len(TEXTS)), receipt
    for number, text in enumerate(TEXTS):
        kept = await db.fetchrow(
            "select title, summary, place_text from incident_version join incident using (incident_id)"
            " where feed = $1 and source_key = $2", name, f"{prefix}{number}",
        )  # fmt: skip
        assert bare(kept["summary"]) == ("" if text in EMPTY else bare(text))
        if name == "uppdrag" and fits_a_code(text):
            assert bare(kept["title"]) == bare(text)
    await holds(db)


@pytest.mark.parametrize("name", ["anmalan", "uppdrag"])
async def test_any_column_may_hold_anything(intake: Intake, db: asyncpg.Connection, name: str) -> None:
    """Dates, numbers, codes, personal numbers, names: each text in each column is loaded or refused, never lost."""
    feed = get_feed(name)
    texts = [text for text in TEXTS if len(text) < 2000]
    changes = [{field: text} for field in column_names(feed) for text in texts]
    content = as_csv(rows(feed, changes, "any-"), list(column_names(feed).values()))
    receipt = await intake.ingest(feed, content, name="any.csv", fetched_at=AT)
    assert receipt.read == receipt.loaded + receipt.unchanged + receipt.quarantined + receipt.outside
    assert receipt.read > len(changes) * 0.9, "rows of the same key are one report"
    refused = await db.fetchval("select count(*) from quarantine where feed = $1", name)
    assert refused >= receipt.quarantined > 0
    await holds(db)


def fits_a_code(text: str) -> bool:
    """Whether a type of call or notice may be called so: it is there, and no longer than a code may be."""
    return text not in EMPTY and len(text) <= LONGEST_CODE


def notice(number: int, text: str) -> dict[str, Any]:
    return {
        "id": 910_000 + number, "datetime": "2026-11-20 10:00:00 +01:00", "name": f"20 november 09.00, {text}, Solna",
        "summary": text, "url": text, "type": text if fits_a_code(text) else "Brand",
        "location": {"name": "Solna", "gps": text},
    }  # fmt: skip


async def test_a_notice_is_kept_as_it_is_and_links_to_the_web_only(
    intake: Intake, db: asyncpg.Connection
) -> None:
    feed = get_feed("polisen")
    receipt = await intake.ingest(
        feed,
        orjson.dumps([notice(n, text) for n, text in enumerate(TEXTS)]),
        name="notices.json",
        fetched_at=AT,
    )
    assert (receipt.read, receipt.quarantined, receipt.outside) == (len(TEXTS), 0, 0), receipt
    found = await db.fetch(
        "select source_key, title, summary, url from incident_version join incident using (incident_id)"
        " where feed = 'polisen'"
    )
    kept = {int(row["source_key"]) - 910_000: row for row in found}
    for number, text in enumerate(TEXTS):
        assert bare(kept[number]["summary"]) == bare(html.unescape(text))
        assert bare(html.unescape(text)) in bare(kept[number]["title"])
    assert {row["url"][:8] for row in found if row["url"]} <= {"https://"}
    await holds(db)

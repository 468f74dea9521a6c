"""The ticker's snapshot: what last changed the picture, newest first, as known at the window's moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.db import Pool
from app.domain.window import Filters, Window
from app.queries.latest import codes_meant, latest
from etl.run import Intake
from tests.ledger.plain_feed import lines, plain_feed

FEED = plain_feed("latest")
NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
WINDOW = Window(NOW.date() - timedelta(days=7), NOW.date())


def report(key: str, **more: Any) -> dict[str, Any]:
    return {
        "source_key": key, "occurred_from": "2026-11-23T20:00:00+00:00", "latitude": 59.3137, "longitude": 18.0745,
        "offences": [{"code": "9365"}], **more,
    }  # fmt: skip


@pytest.fixture(name="told")
async def told_fixture(intake: Intake) -> None:
    for hours, draft in enumerate(
        [
            report("first"),
            report("second", areas=["Nacka"], latitude=None, longitude=None),
            report("first", offences=[{"code": "9367"}]),
            report("second", areas=["Nacka"], latitude=None, longitude=None, state="withdrawn"),
            report("secret", protected=True, title="Hemligt", summary="Hemligt"),
        ]
    ):
        await intake.ingest(FEED, lines(draft), name="push", fetched_at=NOW + timedelta(hours=hours))


@pytest.mark.usefixtures("told")
async def test_the_ticker_tells_what_is_new_corrected_and_withdrawn_newest_first(pool: Pool) -> None:
    async with pool.acquire() as db:
        rows = await latest(db, WINDOW, Filters())
        assert [(row["change"], row["offence"]) for row in rows] == [
            ("new", "9365"), ("withdrawn", "9365"), ("corrected", "9367"), ("new", "9365"), ("new", "9365"),
        ]  # fmt: skip
        assert [row["known_at"] for row in rows] == sorted((row["known_at"] for row in rows), reverse=True)
        past = Window(WINDOW.first, WINDOW.last, NOW + timedelta(hours=1, minutes=30))
        assert [row["change"] for row in await latest(db, past, Filters())] == ["new", "new"]
        assert len(await latest(db, WINDOW, Filters(), limit=2)) == 2


@pytest.mark.parametrize(
    ("place", "code", "moved"),
    [
        ("Solna", "0184", {"areas": ["Ekerö"]}),
        ("Sundbyberg", "0183", {"occurred_from": "2026-10-01T20:00:00+00:00"}),
        ("Täby", "0160", {"offences": [{"code": "9440"}]}),
    ],
    ids=["area", "day", "offence"],
)
async def test_what_moves_out_of_the_filters_is_corrected_and_not_withdrawn(
    intake: Intake, pool: Pool, place: str, code: str, moved: dict[str, Any]
) -> None:
    before = report(f"moves {code}", areas=[place], latitude=None, longitude=None)
    for hours, draft in enumerate([before, before | moved, before | moved | {"state": "withdrawn"}]):
        await intake.ingest(FEED, lines(draft), name="push", fetched_at=NOW + timedelta(hours=hours))
    async with pool.acquire() as db:
        rows = await latest(db, WINDOW, Filters(areas=(code,), offences=("9365",)))
        assert [(row["change"], row["state"]) for row in rows] == [("corrected", "active"), ("new", "active")]
        if "areas" in moved:
            rows = await latest(db, WINDOW, Filters(areas=("0125",), offences=("9365",)))
            assert [(row["change"], row["state"]) for row in rows] == [
                ("withdrawn", "withdrawn"), ("new", "active"),
            ]  # fmt: skip


@pytest.mark.usefixtures("told")
async def test_a_protected_incident_is_told_without_place_or_words(pool: Pool) -> None:
    async with pool.acquire() as db:
        (row,) = [row for row in await latest(db, WINDOW, Filters()) if row["protected"]]
    assert (row["lon"], row["lat"], row["title"]) == (None, None, None)


@pytest.mark.usefixtures("told")
async def test_filters_hold_for_the_ticker_and_for_the_stream_alike(pool: Pool) -> None:
    async with pool.acquire() as db:
        rows = await latest(db, WINDOW, Filters(areas=("0182",)))
        areas, offences = await codes_meant(db, WINDOW, Filters(areas=("0182",), offences=("misshandel",)))
    assert [row["change"] for row in rows] == ["withdrawn", "new"]
    assert areas is not None
    assert {row["area"] for row in rows} <= set(areas)
    assert offences is not None
    assert "9365" in offences

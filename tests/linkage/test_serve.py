"""Links are proposed by themselves when reports have told of people, and not again until more have."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from app.cli import link
from app.db import Pool
from app.queries.links import how_many_wait
from etl.feed import get_feed
from etl.keep import Keys
from etl.run import Intake

HEAD = (
    "ID;BROTTSKOD;BROTTSDATUMTID_START;KOMMUN;MALSAGANDE;MISSTANKT;"
    "MALSAGANDE_NAMN;MALSAGANDE_FODD;MALSAGANDE_TEL;MALSAGANDE_GATA;MALSAGANDE_POSTNR"
)
SUSPECT = "188807211175"
NAMED = "Solveig Tornfeldt;1891-03-12;07012345678;Provgatan 12;11111"
SLIP = "Solvieg Tornfelt;1891-03-12;07012345678;Provgatan 12;11111"


async def load(pool: Pool, keys: Keys, number: int, victim: str, told: str) -> None:
    row = f"0201-K{number}-26;9365;2026-11-0{number} 20:00;Stockholm;{victim};{SUSPECT};{told}"
    receipt = await Intake(pool, keys).ingest(
        get_feed("anmalan"), f"{HEAD}\n{row}".encode(), name=f"file {number}", fetched_at=datetime.now(UTC)
    )
    assert receipt.loaded == 1, receipt


async def test_what_reports_tell_of_people_is_proposed_once(
    pool: Pool, keys: Keys, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(link, "LOOK_S", 0.05)
    monkeypatch.setattr(link, "EVERY_S", 0)
    monkeypatch.setattr(link, "REST", 0)
    caplog.set_level(logging.INFO, "app.link")

    async def waiting(number: int) -> None:
        async with asyncio.timeout(60), pool.acquire() as connection:
            while await how_many_wait(connection) != number:  # noqa: ASYNC110 - another connection writes it
                await asyncio.sleep(0.05)

    await load(pool, keys, 1, "189103122041", NAMED)
    serving = asyncio.create_task(link._serve(pool, keys))
    try:
        await load(pool, keys, 2, "", SLIP)
        await waiting(1)
        runs = len(caplog.records)
        await asyncio.sleep(0.5)
        assert len(caplog.records) == runs, "nothing new was told, so nothing is read again"
        await load(pool, keys, 3, "", SLIP)
        await waiting(3)
    finally:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving
    assert all("Nobody is merged" in record.message for record in caplog.records)
    assert "Tornf" not in caplog.text

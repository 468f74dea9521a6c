"""Pages of incidents, one with its history, and what changed between two moments."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from app.domain.errors import BadInput, NotFound
from app.domain.window import Filters, Window
from app.queries.changes import ChangePlace, changes
from app.queries.incidents import Place, history, page
from tests.queries.picture import DAYS, START

if TYPE_CHECKING:
    import asyncpg

    from tests.queries.picture import Naive

FIRST, LAST = START.date(), START.date() + timedelta(days=DAYS)
FILTERS = (Filters(), Filters(areas=("lpo-norrmalm",)), Filters(offences=("9365",)), Filters(kind="notice"))


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("hours", [None, 500, 1000])
@pytest.mark.parametrize("limit", [1, 7, 1000])
async def test_the_pages_together_hold_each_incident_once(
    db: asyncpg.Connection, naive: Naive, filters: Filters, hours: int | None, limit: int
):
    window = Window(FIRST, LAST, START + timedelta(hours=hours) if hours else None)
    expected = {
        str(version["uid"]): version
        for version in naive.believed(window, filters)
        if not filters.offences or version["code"] in filters.offences
    }
    seen: list[dict[str, object]] = []
    after: Place | None = None
    while True:
        rows, after = await page(db, window, filters, after, limit)
        seen += rows
        assert len(rows) <= limit
        if after is None:
            break
        assert Place.parse(str(after)) == after
    assert [row["uid"] for row in seen] == list(dict.fromkeys(row["uid"] for row in seen))
    assert {row["uid"] for row in seen} == set(expected)
    assert [row["day"] for row in seen] == sorted((row["day"] for row in seen), reverse=True)
    for row in seen:
        assert row["known_at"] == expected[str(row["uid"])]["known_at"]
        assert (row["lon"] is None) == (expected[str(row["uid"])]["geom"] is None)


async def test_an_incident_is_told_with_all_its_versions(db: asyncpg.Connection, naive: Naive):
    uid = next(version["uid"] for version in naive.versions)
    told = await history(db, uid)
    assert (told["uid"], told["feed"], told["kind"]) == (str(uid), "plain", "report")
    assert [v["known_at"] for v in told["versions"]] == sorted(v["known_at"] for v in told["versions"])
    assert len(told["versions"]) == len([version for version in naive.versions if version["uid"] == uid])
    assert all(version["offences"] for version in told["versions"])


async def test_a_history_leaves_out_what_only_repeats_unless_asked_for(db: asyncpg.Connection, loaded: str):
    uid = await db.fetchval(
        """with newest as (select max(version_id) as version_id from incident_version where not repeats
               group by incident_id having count(*) > 1 order by incident_id limit 1)
           update incident_version as v set repeats = true from newest, incident as i
           where v.version_id = newest.version_id and i.incident_id = v.incident_id returning i.uid"""
    )
    told, everything = await history(db, uid), await history(db, uid, repeats=True)
    assert [version["repeats"] for version in told["versions"]] == [False] * len(told["versions"])
    assert told["versions"] == [version for version in everything["versions"] if not version["repeats"]]
    total = await db.fetchval(
        "select count(*) from incident_version join incident using (incident_id) where uid = $1", uid
    )
    assert len(everything["versions"]) == total > len(told["versions"])


async def test_a_history_tells_no_person_and_no_relation(db: asyncpg.Connection, loaded: str):
    uid = await db.fetchval("select uid from incident order by incident_id limit 1")
    await db.execute(
        """update incident_offence set victim = $2, suspect = $2, relation = 'parrelation' where version_id in
           (select version_id from incident_version join incident using (incident_id) where uid = $1)""",
        uid, bytes(range(16)),
    )  # fmt: skip
    told = repr(await history(db, uid))
    assert "offence_sv" in told
    assert not any(
        sign in told for sign in ("00010203", "'relation'", "'victim'", "'suspect'", repr(bytes(range(16))))
    )


async def test_an_unknown_incident_is_not_found(db: asyncpg.Connection, loaded: str):
    with pytest.raises(NotFound):
        await history(db, uuid4())


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize(("since", "until"), [(0, 400), (400, 900), (900, 2000), (700, 700)])
async def test_changes_are_the_difference_of_two_pictures(
    db: asyncpg.Connection, naive: Naive, filters: Filters, since: int, until: int
):
    ever = (FIRST - timedelta(days=9), LAST + timedelta(days=9))
    moments = [START + timedelta(hours=hours) for hours in (since, until)]
    before, after = (
        {
            str(v["uid"]): v
            for v in naive.believed(Window(*ever, moment), filters)
            if not filters.offences or v["code"] in filters.offences
        }
        for moment in moments
    )
    everything = [{str(v["uid"]): v for v in naive.believed(Window(*ever, m), Filters())} for m in moments]
    rows, place = [], None
    while True:
        found, place = await changes(db, *moments, filters, after=place, limit=13)
        rows += found
        if place is None:
            break
        assert ChangePlace.parse(str(place)) == place
    expected = {}
    for uid in set(before) | set(after):
        old, new = everything[0].get(uid), everything[1].get(uid)
        if old and new and old["content_hash"] == new["content_hash"]:
            continue
        moved = old and new and old["area_id"] != new["area_id"]
        expected[uid] = "added" if not old else "withdrawn" if not new else "moved" if moved else "corrected"
    assert {row["uid"]: row["change"] for row in rows} == expected
    assert len(rows) == len(expected)
    assert [row["known_at"] for row in rows] == sorted(row["known_at"] for row in rows)
    assert all(row["fields"] for row in rows)


async def test_a_window_of_knowing_that_runs_backwards_is_refused(db: asyncpg.Connection, loaded: str):
    with pytest.raises(BadInput, match="swap"):
        await changes(db, START + timedelta(1), START, Filters())


@pytest.mark.parametrize("text", ["", "x", "2026-01-01", "2026-13-01_5", "2026-01-01_x"])
def test_a_page_that_nobody_gave_out_is_refused(text: str):
    for place in (Place, ChangePlace):
        with pytest.raises(BadInput):
            place.parse(text)

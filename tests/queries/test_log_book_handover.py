"""A handover's figures against what the picture itself says, for each role that has a shift."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from app.config import ROOT
from app.db import Pool, Reader
from app.domain.region import Region
from app.domain.viewer import Role, Viewer
from app.domain.window import Filters
from app.queries.changes import changes
from app.queries.feed_health import Rhythms
from app.queries.log_book_handover import Feeds, figures
from tests.access.people import OWN
from tests.queries.picture import START, Naive

FEEDS = Feeds({}, Rhythms(), Region.read(ROOT / "geodata" / "regions" / "stockholm"))
SINCE, UNTIL = START + timedelta(days=20), START + timedelta(days=25)


async def told(web: Pool, who: Viewer) -> dict[str, Any]:
    async with Reader(web, who).transaction() as connection:
        return await figures(connection, who, FEEDS, UNTIL, SINCE)


async def test_the_changes_are_those_of_the_picture_and_the_gravest_are_new_in_it(
    web: Pool, people: dict[Role, Viewer], naive: Naive
):
    shown = await told(web, people["analyst"])
    async with Reader(web, people["analyst"]).transaction() as connection:
        rows, rest = await changes(connection, SINCE, UNTIL, Filters(), limit=10_000)
    assert rest is None
    for kind, n in shown["changes"].items():
        assert n == sum(row["change"] == kind for row in rows), kind
    assert shown["changes"]["added"] > 0
    known = {version["uid"] for version in naive.versions if version["known_at"] <= SINCE}
    assert shown["gravest"]
    assert not {UUID(row["uid"]) for row in shown["gravest"]} & known
    assert {row["uid"] for row in shown["gravest"]} <= {
        row["uid"] for row in rows if row["change"] == "added"
    }


async def test_a_commander_is_told_of_the_gravest_as_sums_and_of_no_incident(
    web: Pool, people: dict[Role, Viewer]
):
    shown = await told(web, people["commander"])
    assert shown["gravest"]
    assert {row["uid"] for row in shown["gravest"]} == {None}
    assert shown["changes"] == (await told(web, people["analyst"]))["changes"]


async def test_a_chiefs_handover_is_of_the_own_area(web: Pool, people: dict[Role, Viewer]):
    region, own = await told(web, people["analyst"]), await told(web, people["area_chief"])
    assert 0 < sum(own["changes"].values()) < sum(region["changes"].values())
    async with Reader(web, people["area_chief"]).transaction() as connection:
        inside = await connection.fetch(
            "select distinct a.code from rollup_place as p join area as a using (area_id) where p.code = $1",
            OWN,
        )
    assert {row["area"] for row in own["gravest"]} <= {row["code"] for row in inside}

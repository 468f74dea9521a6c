"""The log book in the database: as known at T, nothing edited away, and each told what concerns them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.commands.log_book import add_entry
from app.db import Pool, Reader
from app.domain.errors import BadInput, NotAllowed
from app.domain.log_book import NewEntry
from app.domain.viewer import Role, Viewer
from app.domain.window import Position
from app.queries import log_book
from tests.access.people import FOREIGN, OWN, viewer

SOON = datetime(2100, 1, 1, 7, tzinfo=UTC)
PAST = datetime(2026, 11, 24, 7, tzinfo=UTC)


class Desk:
    """Somebody at the log book."""

    def __init__(self, web: Pool, who: Viewer) -> None:
        self.reader = Reader(web, who)

    async def add(self, kind: str, text: str = "", **more: Any) -> dict[str, Any]:
        position = more.pop("position", None)
        return await add_entry(self.reader, NewEntry(kind, text, **more), position)

    async def entries(self, **asked: Any) -> list[dict[str, Any]]:
        async with self.reader.transaction() as connection:
            return await log_book.entries(connection, limit=1000, **asked)

    async def open(self, at: datetime | None = None) -> list[dict[str, Any]]:
        async with self.reader.transaction() as connection:
            return await log_book.open_items(connection, at)


@pytest.fixture
def analyst(web: Pool, people: dict[Role, Viewer]) -> Desk:
    return Desk(web, people["analyst"])


@pytest.fixture
def commander(web: Pool, people: dict[Role, Viewer]) -> Desk:
    return Desk(web, people["commander"])


@pytest.fixture
def chief(web: Pool, people: dict[Role, Viewer]) -> Desk:
    return Desk(web, people["area_chief"])


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["entry"] for row in rows]


async def test_an_entry_tells_who_wrote_it_when_and_what_was_looked_at(analyst: Desk, pool: Pool):
    uid = await pool.fetchval("select uid from incident limit 1")
    made = await analyst.add(
        "note", "Sett två gånger.", incident=uid, view="/?area=lpo-sodermalm&lang=en", known_at=PAST, lon=18.07,
        lat=59.31, position=Position(5, 6),
    )  # fmt: skip
    assert (made["name"], made["role"], made["text"]) == ("analyst", "analyst", "Sett två gånger.")
    assert (made["known_at"], made["position"], made["view"]) == (PAST, "5-6", "/?area=lpo-sodermalm")
    assert (made["incident"], made["lon"], made["lat"], made["area"]) == (str(uid), 18.07, 59.31, None)
    assert datetime.now(UTC) - made["noted_at"] < timedelta(minutes=1)
    assert made["entry"] == made["thread"]
    assert made == (await analyst.entries(incident=uid))[0]
    assert "actor" not in made


async def test_a_correction_stands_beside_what_it_replaces_which_still_is_what_was_known_then(analyst: Desk):
    first = await analyst.add("decision", "Tre bilar.", area=OWN)
    second = await analyst.add("decision", "Två bilar.", corrects=UUID(first["entry"]))
    assert second["area"] == OWN
    assert (second["corrects"], second["thread"]) == (first["entry"], first["entry"])
    told = {row["entry"]: row for row in await analyst.entries()}
    assert (told[first["entry"]]["corrected"], told[second["entry"]]["corrected"]) == (True, False)
    async with analyst.reader.transaction() as connection:
        begun = first["noted_at"] - timedelta(microseconds=1)
        then = await log_book.decisions(connection, begun, first["noted_at"])
        now = await log_book.decisions(connection, begun)
    assert (ids(then), then[0]["corrected"]) == ([first["entry"]], False)
    assert ids(now) == [second["entry"]]
    with pytest.raises(BadInput, match="already"):
        await analyst.add("decision", "Fyra bilar.", corrects=UUID(first["entry"]))
    with pytest.raises(BadInput, match="no such entry"):
        await analyst.add("note", "Av annat slag.", corrects=UUID(second["entry"]))
    with pytest.raises(BadInput, match="no such entry"):
        await analyst.add("note", "Av intet.", corrects=UUID(int=1))


async def test_a_follow_up_is_open_until_somebody_has_closed_it_whatever_was_corrected(
    analyst: Desk, commander: Desk
):
    asked = await analyst.add("follow_up", "Ring socialjouren.", owner="Yttre befäl", due=PAST)
    later = await analyst.add(
        "follow_up",
        "Ring socialjouren i Farsta.",
        owner="Yttre befäl",
        due=SOON,
        corrects=UUID(asked["entry"]),
    )
    assert ids(await commander.open()) == [later["entry"]]
    assert (await commander.open())[0]["overdue"] is False
    assert [row["overdue"] for row in await commander.open(asked["noted_at"])] == [True]
    done = await commander.add("done", "Ringt 21.40.", about=UUID(later["entry"]))
    assert (done["about"], done["area"]) == (asked["entry"], None)
    assert await commander.open() == []
    assert ids(await commander.open(later["noted_at"])) == [later["entry"]]
    closed = next(row for row in await analyst.entries() if row["entry"] == later["entry"])
    assert (closed["done_by"], closed["done_text"]) == ("commander", "Ringt 21.40.")
    assert later["entry"] not in ids(await analyst.entries(open_only=True))
    with pytest.raises(BadInput, match="no such entry"):
        await analyst.add("done", "Av ett klart.", about=UUID(done["entry"]))


async def test_the_first_due_comes_first_and_filters_keep_what_is_asked(analyst: Desk):
    late = await analyst.add("follow_up", "B", owner="x", due=SOON + timedelta(days=1), area=FOREIGN)
    soon = await analyst.add("follow_up", "A", owner="x", due=SOON)
    told = ids(await analyst.open())
    assert told.index(soon["entry"]) < told.index(late["entry"])
    assert late["entry"] in ids(await analyst.entries(area="po-nord", kinds=("follow_up",)))
    assert soon["entry"] not in ids(await analyst.entries(area="po-nord"))
    assert ids(await analyst.entries(before=soon["noted_at"]))[0] == late["entry"]
    assert ids(await analyst.entries(since=late["noted_at"])) == [soon["entry"]]


async def test_what_was_done_in_an_area_and_what_was_reviewed_is_found(analyst: Desk, pool: Pool):
    walk = await analyst.add("intervention", "Fotpatrull.", area=OWN, begins=date(2026, 11, 1))
    await analyst.add(
        "intervention", "Kamera.", area=FOREIGN, begins=date(2026, 10, 1), ends=date(2026, 10, 9)
    )
    uids = [row["uid"] for row in await pool.fetch("select uid from incident order by uid limit 2")]
    review = await analyst.add("review", "Akten läst; utredning pågår.", incident=uids[0])
    async with analyst.reader.transaction() as connection:
        assert ids(await log_book.interventions(connection, OWN)) == [walk["entry"]]
        everywhere = await log_book.interventions(connection)
        assert [row["begins"] for row in everywhere] == [date(2026, 11, 1), date(2026, 10, 1)]
        assert await log_book.interventions(connection, OWN, PAST - timedelta(days=9999)) == []
        found = await log_book.reviews(connection, uids)
        assert {uid: ids(rows) for uid, rows in found.items()} == {str(uids[0]): [review["entry"]]}
        assert await log_book.reviews(connection, uids, PAST - timedelta(days=9999)) == {}


async def test_a_chief_is_told_of_own_areas_and_what_is_for_all_and_writes_of_nothing_else(
    analyst: Desk, chief: Desk, pool: Pool
):
    own = await analyst.add("decision", "Hemma.", area=OWN)
    foreign = await analyst.add("decision", "Borta.", area=FOREIGN)
    region = await analyst.add("decision", "Regionen.")
    everybody = await analyst.add("follow_up", "Alla områden.", owner="Chefer", due=SOON, for_all=True)
    told = ids(await chief.entries())
    assert {own["entry"], everybody["entry"]} <= set(told)
    assert not {foreign["entry"], region["entry"]} & set(told)
    mine = await chief.add("decision", "Egen.", area=OWN)
    assert mine["entry"] in ids(await analyst.entries(area=OWN))
    corrected = await chief.add("decision", "Hemma, rättat.", corrects=UUID(own["entry"]))
    assert corrected["area"] == OWN
    closed = await chief.add("done", about=UUID(everybody["entry"]))
    assert closed["for_all"]
    for refused in ({"area": FOREIGN}, {}, {"for_all": True}):
        with pytest.raises(BadInput, match="your own areas"):
            await chief.add("decision", "Ej min.", **refused)
    with pytest.raises(BadInput):
        await chief.add("decision", "Ej sedd.", corrects=UUID(foreign["entry"]))
    away = await pool.fetchval(
        "select uid from incident as i where not exists (select from incident_version as v join rollup_place as p "
        "on p.area_id = v.rollup_area_id where v.incident_id = i.incident_id and p.code = $1) limit 1", OWN,
    )  # fmt: skip
    with pytest.raises(BadInput, match="your own areas"):
        await chief.add("note", "Främmande händelse.", area=OWN, incident=away)


async def test_a_chief_of_a_police_area_is_told_of_the_districts_in_it_and_of_the_smallest_areas_too(
    web: Pool, pool: Pool, analyst: Desk
):
    async with pool.acquire() as connection:
        north = Desk(web, await viewer(connection, "area_chief", "po-nord"))
        small = await connection.fetchval(
            "select small.code from area as small join area_within as w using (area_id) join area as a "
            "on a.area_id = w.ancestor_id where small.kind = 'regso' and a.code = $1 and w.valid_to is null limit 1",
            FOREIGN,
        )  # fmt: skip
    district = await analyst.add("note", "Järva.", area=FOREIGN)
    quarter = await analyst.add("note", "Ett kvarter i Järva.", area=small)
    elsewhere = await analyst.add("note", "Söder.", area=OWN)
    told = ids(await north.entries())
    assert {district["entry"], quarter["entry"]} <= set(told)
    assert elsewhere["entry"] not in told


@pytest.mark.parametrize("role", ["feed_admin", "auditor", "partner", "wall"])
async def test_who_has_no_part_in_the_shift_reads_and_writes_nothing(
    web: Pool, people: dict[Role, Viewer], analyst: Desk, role: Role
):
    await analyst.add("decision", "Hemligt.", for_all=True)
    desk = Desk(web, people[role])
    try:
        assert await desk.entries() == []
    except asyncpg.InsufficientPrivilegeError:
        assert role in {"feed_admin", "auditor", "partner"}
    with pytest.raises(NotAllowed):
        await desk.add("note", "Hej.")


async def test_nobody_changes_or_takes_away_what_stands_there_or_says_who_wrote_it(analyst: Desk, pool: Pool):
    made = await analyst.add("note", "Står kvar.")
    for statement in ("update log_entry set text = 'x'", "delete from log_entry", "truncate log_entry"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
            await pool.execute(statement)
    for column in ("name", "noted_at", "actor", "role", "thread"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with analyst.reader.writing() as connection:
                await connection.execute(
                    f"insert into log_entry (kind, text, known_at, xid, ledger_id, {column}) "
                    "select 'note', 'x', now(), '1', 1, "
                    f"{column} from log_entry limit 1"
                )
    assert made["entry"] in ids(await analyst.entries())

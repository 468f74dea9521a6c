"""What the linkage proposes a person judges over HTTP: accepted, pairs are of that person; undone, as before."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from app.domain.viewer import ROLES
from etl.identify import Pseudonyms
from etl.keep import Keys
from tests.pairs.asking import V1, WIDE, Clients, last_row, rows_after
from tests.pairs_world import CANARIES, PAIRS

if TYPE_CHECKING:
    from app.db import Pool

REASON = "other: samma telefon och adress enligt utredaren"


@pytest.fixture
async def proposal(pool: Pool, held: Keys) -> str:
    """The suspects of two pairs with the same reports' area may be one person, says the linkage."""
    names = Pseudonyms(held)
    one, other = (names.of(PAIRS[name][1], "") for name in ("plain", "court"))
    async with pool.acquire() as connection:
        await connection.execute("update link_proposal set withdrawn_at = now() where withdrawn_at is null")
        await connection.execute(  # what an earlier test decided is taken back
            """insert into link_judgement (a, b, decision, evidence, reason)
               values ($1, $2, 'undo', '{}', 'begin anew')""",
            one,
            other,
        )
        made = await connection.fetchval(
            """insert into link_proposal (a, b, probability, evidence, model_version) values ($1, $2, 0.9, $3, '2')
               returning proposal_id""",
            one, other, {"phone": {"level": "same", "bits": 9.1}},
        )  # fmt: skip
    return str(made)


async def test_a_proposal_is_shown_by_its_evidence_and_reports_and_by_no_value_of_anybody(
    clients: Clients, proposal: str
):
    answer = await (await clients.of("analyst")).post(V1 + "/links/waiting", json={"reason": REASON})
    (row,) = answer.json()["rows"]
    assert row["proposal"] == proposal
    assert row["evidence"] == {"phone": {"level": "same", "bits": 9.1}}
    assert {report["role"] for report in row["one"] + row["other"]} == {"suspect"}
    assert not [canary for canary in CANARIES if canary in answer.text]


async def test_accepted_two_are_one_and_undone_they_are_two_again(clients: Clients, proposal: str):
    before = await clients.post("analyst", "/pairs/search", **WIDE)
    assert (
        await clients.post("analyst", f"/links/{proposal}/judgements", 201, decision="accept", reason=REASON)
    )["decision"] == "accept"
    assert (await clients.post("analyst", "/links/waiting", reason=REASON))["rows"] == []
    again = await clients.post(
        "analyst", f"/links/{proposal}/judgements", 400, decision="accept", reason=REASON
    )
    assert again["error"].startswith("That holds already")
    linked = await clients.post("analyst", "/pairs/search", **WIDE)
    assert {row["pair"] for row in linked["rows"]} != {row["pair"] for row in before["rows"]}
    await clients.post("analyst", f"/links/{proposal}/judgements", 201, decision="undo", reason=REASON)
    undone = await clients.post("analyst", "/pairs/search", **WIDE)
    assert [row["pair"] for row in undone["rows"]] == [row["pair"] for row in before["rows"]]


async def test_each_look_and_each_judgement_is_one_row_of_the_log(
    clients: Clients, proposal: str, pool: Pool
):
    before = await last_row(pool)
    await clients.post("analyst", "/links/waiting", reason=REASON)
    await clients.post("analyst", f"/links/{proposal}/judgements", 201, decision="reject", reason=REASON)
    async with pool.acquire() as connection:
        rows = await rows_after(connection, before)
    assert [(row["action"], row["what"]) for row in rows] == [
        ("search", "links/waiting"), ("change", "links/judge"),
    ]  # fmt: skip
    assert len(rows[0]["persons"]) == 2


async def test_without_a_reason_or_for_a_made_up_proposal_nothing_is_judged(clients: Clients, proposal: str):
    await clients.post("analyst", "/links/waiting", 400, reason="x")
    await clients.post("analyst", "/links/nothing/judgements", 404, decision="accept", reason=REASON)
    made_up = "00000000-0000-0000-0000-000000000000"
    await clients.post("analyst", f"/links/{made_up}/judgements", 404, decision="accept", reason=REASON)


async def test_where_each_report_lay_and_how_many_wait_is_told(clients: Clients, proposal: str):
    told = await clients.post("analyst", "/links/waiting", reason=REASON)
    (row,) = told["rows"]
    assert (told["waiting"], told["next"]) == (1, None)
    assert {report["district"] for report in row["one"] + row["other"]} == {"Södermalm"}


async def test_what_was_decided_is_listed_until_it_is_undone(clients: Clients, proposal: str):
    before = (await clients.post("analyst", "/links/decided", reason=REASON))["rows"]
    await clients.post(
        "analyst", f"/links/{proposal}/judgements", 201, decision="reject", reason="quality: syskon", seen="undo"
    )  # fmt: skip
    (row, *rest) = (await clients.post("analyst", "/links/decided", reason=REASON))["rows"]
    assert rest == before
    assert (row["proposal"], row["decision"], row["reason"]) == (proposal, "reject", "quality: syskon")
    assert row["name"] == "en analyst"
    assert row["evidence"] == {"phone": {"level": "same", "bits": 9.1}}
    await clients.post(
        "analyst", f"/links/{proposal}/judgements", 201, decision="undo", reason=REASON, seen="reject"
    )
    assert (await clients.post("analyst", "/links/decided", reason=REASON))["rows"] == before
    assert [
        one["proposal"] for one in (await clients.post("analyst", "/links/waiting", reason=REASON))["rows"]
    ] == [proposal]


async def test_somebody_elses_decision_is_not_overruled_unseen(clients: Clients, proposal: str):
    path = f"/links/{proposal}/judgements"
    await clients.post("analyst", path, 201, decision="reject", reason=REASON)
    late = await clients.post("analyst", path, 400, decision="accept", reason=REASON, seen="undo")
    assert late["error"].startswith("Somebody has decided")
    await clients.post("analyst", path, 400, decision="undo", reason=REASON, seen="accept")
    assert (await clients.post("analyst", "/links/waiting", reason=REASON))["rows"] == []
    await clients.post("analyst", path, 201, decision="accept", reason=REASON, seen="reject")
    await clients.post("analyst", path, 201, decision="undo", reason=REASON)


async def test_a_reason_for_a_decision_holds_no_number(clients: Clients, proposal: str, pool: Pool):
    number = PAIRS["plain"][0]
    told = await clients.post(
        "analyst", f"/links/{proposal}/judgements", 400, decision="accept", reason=f"samma som {number}"
    )
    assert number not in str(told)
    async with pool.acquire() as connection:
        assert not [
            row
            for row in await connection.fetch("select reason from link_judgement")
            if number in row["reason"]
        ]


async def test_pages_leave_out_nobody_who_was_proposed_at_the_same_moment(
    clients: Clients, proposal: str, pool: Pool
):
    async with pool.acquire() as connection:
        made = await connection.fetch(
            """insert into link_proposal (a, b, probability, evidence, model_version, proposed_at)
               select a, decode(md5(n::text), 'hex'), 0.8, evidence, '2', '2026-11-01'
               from link_proposal, generate_series(1, 5) as n where proposal_id = $1 returning proposal_id""",
            UUID(proposal),
        )
    seen, asked = [], {"reason": REASON, "limit": 2}
    while True:
        told = await clients.post("analyst", "/links/waiting", **asked)
        assert told["waiting"] == 6
        seen += [row["proposal"] for row in told["rows"]]
        if told["next"] is None:
            break
        asked["before"] = told["next"]
    assert seen[0] == proposal
    assert sorted(seen[1:]) == sorted(str(row["proposal_id"]) for row in made)
    moment = await clients.post("analyst", "/links/waiting", reason=REASON, before="2026-11-02T00:00:00Z")
    assert len(moment["rows"]) == 5
    for wrong in ("2026-11-02", "x", "2026-11-02T00:00:00Z_x"):
        await clients.post("analyst", "/links/waiting", 400, reason=REASON, before=wrong)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "analyst"])
async def test_nobody_but_an_analyst_judges(clients: Clients, proposal: str, role: str):
    await clients.post(role, "/links/waiting", 403, reason=REASON)
    await clients.post(role, "/links/decided", 403, reason=REASON)
    await clients.post(role, f"/links/{proposal}/judgements", 403, decision="accept", reason=REASON)

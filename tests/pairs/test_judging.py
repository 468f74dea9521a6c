"""What the linkage proposes a person judges over HTTP: accepted, pairs are of that person; undone, as before."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


@pytest.mark.parametrize("role", [role for role in ROLES if role != "analyst"])
async def test_nobody_but_an_analyst_judges(clients: Clients, proposal: str, role: str):
    await clients.post(role, "/links/waiting", 403, reason=REASON)
    await clients.post(role, f"/links/{proposal}/judgements", 403, decision="accept", reason=REASON)

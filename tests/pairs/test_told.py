"""What is told of a pair, and what never comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.api import pair_examples as examples
from app.domain.viewer import ROLES
from tests.pairs.asking import (
    ASKING,
    MAY,
    V1,
    WIDE,
    Clients,
    listed,
    yesterday,
)
from tests.pairs_world import CANARIES, PAIRS

if TYPE_CHECKING:
    import asyncpg


async def test_answers_look_like_their_examples(clients: Clients, ids: dict[str, str]):
    def keys(example: Any, *inside: str) -> set[str]:
        told = next(answer for status, answer in example.items() if status in {200, 201})
        told = told["content"]["application/json"]["example"]
        for name in inside:
            told = told[name][0]
        return set(told)

    found = await clients.post("analyst", "/pairs/search", **WIDE)
    assert set(found) == keys(examples.SEARCH)
    assert set(found["rows"][0]) == keys(examples.SEARCH, "rows")
    assert set(found["rows"][0]["flags"][0]) == keys(examples.SEARCH, "rows", "flags")
    noted = await clients.post(
        "analyst", f"/pairs/{ids['foreign']}/follow-ups", 201, kind="visit", text="Besök.", **ASKING
    )
    assert set(noted) == keys(examples.FOLLOW_UP)
    pair = await clients.post("analyst", f"/pairs/{ids['foreign']}")
    assert set(pair) == keys(examples.PAIR)
    for name in ("rungs", "severity", "frequency", "flags", "follow_ups"):
        assert set(pair[name][0]) == keys(examples.PAIR, name), name
    assert pair["rungs"][0]["relation"] == ["sambo"]
    assert pair["flags"][0]["sources"][0]["uid"] == pair["rungs"][1]["uid"]


async def test_severity_is_a_step_within_the_pair_and_frequency_a_line_of_its_own(
    clients: Clients, ids: dict[str, str]
):
    pair = await clients.post("analyst", f"/pairs/{ids['foreign']}")
    assert sorted(point["step"] for point in pair["severity"]) == [1, 2]
    assert [point["offence"] for point in pair["severity"]] == ["9365", "4090"]
    assert [point["days_since_previous"] for point in pair["frequency"]] in ([None, 28], [None, 29])
    assert pair["days_since_last"] in {1, 2}


async def test_protected_victims_are_in_no_list_and_of_a_protected_report_there_is_the_area_only(
    clients: Clients, ids: dict[str, str]
):
    for role in MAY:
        for asked in (WIDE, {**WIDE, "at_least": 1}, {**WIDE, "at_least": 1, "known_at": yesterday()}):
            found = await listed(clients, role, ids, **asked)
            assert not {"hidden", "beside"} & set(found), role
        for number, part in ((PAIRS["hidden"][0], "victim"), (PAIRS["hidden"][1], "suspect")):
            told = await clients.post(role, "/persons/search", personnummer=number, role=part, **ASKING)
            assert told["rows"] == []
    pair = await clients.post("analyst", f"/pairs/{ids['hidden']}")
    assert [rung["address"] for rung in pair["rungs"]] == [None, None], (
        "not on the victim's other reports either"
    )
    assert [rung["protected"] for rung in pair["rungs"]] == [True, True], (
        "the marker is of the person: it is told on every rung"
    )
    assert pair["rungs"][1]["district_name"]


async def test_somebody_is_found_by_their_number_however_it_is_written(clients: Clients, ids: dict[str, str]):
    victim, suspect = PAIRS["everywhere"]
    for number, part in ((victim, "victim"), (victim.replace("-", ""), "victim"), (suspect, "suspect")):
        told = await clients.post("analyst", "/persons/search", personnummer=number, role=part, **ASKING)
        assert [row["pair"] for row in told["rows"]] == [ids["everywhere"]]
    other = await clients.post("analyst", "/persons/search", personnummer=victim, role="suspect", **ASKING)
    assert other["rows"] == []
    plain = await clients.post(
        "commander", "/persons/search", personnummer=PAIRS["plain"][0], role="victim", **ASKING
    )
    assert plain["rows"] == []


@pytest.mark.parametrize(
    "number", ["18620304-0000", "hemligt", "862034", "", "18620399-1234", "'; drop table"]
)
async def test_what_is_no_number_is_refused_and_not_repeated(clients: Clients, number: str):
    answer = await clients.post(
        "analyst", "/persons/search", 400, personnummer=number, role="victim", **ASKING
    )
    assert not number or number not in answer["error"]


async def test_no_response_holds_a_number_a_name_or_a_protected_address(
    clients: Clients, ids: dict[str, str], db: asyncpg.Connection
):
    told = []
    for role in ROLES:
        client = await clients.of(role)
        for path, asked in (
            ("/pairs/search", {**WIDE, "at_least": 1}),
            *((f"/pairs/{made}", ASKING) for made in ids.values()),
            *(
                ("/persons/search", {"personnummer": n, "role": "victim", **ASKING})
                for n, _ in PAIRS.values()
            ),
            *(
                ("/persons/search", {"personnummer": n, "role": "suspect", **ASKING})
                for _, n in PAIRS.values()
            ),
            ("/persons/search", {"personnummer": PAIRS["plain"][0], "role": "x", **ASKING}),
        ):
            told.append((await client.post(V1 + path, json=asked)).text)
    text = "\n".join(told)
    assert len(text) > 10_000
    assert [canary for canary in CANARIES if canary in text] == []
    logged = str([dict(row) for row in await db.fetch("select * from read_log")])
    assert [canary for canary in CANARIES if canary in logged] == []

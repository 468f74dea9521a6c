"""The log book over HTTP: what is told, what is refused in a sentence, and a handover signed and acknowledged."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from app.api import log_book_examples as examples
from tests.queries.picture import load

if TYPE_CHECKING:
    import httpx

PATH = "/api/v1/log-book"


@pytest.fixture(scope="module", autouse=True)
def loaded(dsn: str) -> None:
    asyncio.run(load(dsn, 7, keys=range(40), files=8))


async def post(client: httpx.AsyncClient, path: str = "", status: int = 201, /, **sent: Any) -> Any:
    answer = await client.post(PATH + path, json=sent)
    assert answer.status_code == status, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()


async def get(client: httpx.AsyncClient, path: str = "", status: int = 200, /, **asked: Any) -> Any:
    answer = await client.get(PATH + path, params=asked)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_what_is_entered_is_told_as_the_examples_say(client: httpx.AsyncClient):
    for example in examples.ADD_BODY.values():
        sent = {name: value for name, value in example["value"].items() if name != "uid"}
        made = await post(client, **sent)
        assert set(made["entry"]) == set(examples.ENTRY)
    told = await get(client)
    assert set(told) == {"rows", "known_at", "position"}
    assert told["rows"][0] == made["entry"]
    assert made["entry"]["area_name"]


async def test_filters_keep_what_is_asked_and_known_at_goes_back(client: httpx.AsyncClient):
    first = (await post(client, kind="decision", text="Två bilar.", area="lpo-jarva"))["entry"]
    second = (await post(client, kind="decision", text="Tre bilar.", corrects=first["entry"]))["entry"]
    kept = await get(client, kind="decision,note", area="po-nord")
    assert [row["entry"] for row in kept["rows"]] == [second["entry"], first["entry"]]
    assert [row["corrected"] for row in kept["rows"]] == [False, True]
    then = await get(client, kind="decision", known_at=first["noted_at"])
    assert [row["corrected"] for row in then["rows"]] == [False]
    assert then["known_at"] == first["noted_at"]
    assert (await get(client, open="true", kind="decision"))["rows"] != kept["rows"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"kind": "note", "text": "Talat med 18620304-0123."}, "personnummer"),
        ({"kind": "note"}, "Say what"),
        ({"kind": "gossip", "text": "Hört."}, "one of these kinds"),
        ({"kind": "note", "text": "x", "area": "lpo-ingenstans"}, "no area"),
        ({"kind": "note", "text": "x", "uid": "00000000-0000-0000-0000-000000000001"}, "no such incident"),
        ({"kind": "note", "text": "x", "view": "https://example.org"}, "view"),
        ({"kind": "follow_up", "text": "x", "owner": "y", "due": "2026-11-24T07:00:00"}, "offset"),
        ({"kind": "handover", "text": "x"}, "figures"),
        ({"kind": "note", "text": "x", "name": "Någon Annan"}, "name"),
    ],
)
async def test_what_cannot_be_entered_is_refused_in_a_sentence(
    client: httpx.AsyncClient, sent: dict[str, Any], said: str
):
    refused = await post(client, "", 400, **sent) if "name" not in sent else None
    if refused is None:
        answer = await client.post(PATH, json=sent)
        assert answer.status_code == 400
        refused = answer.json()
    assert said in refused["error"]
    assert "18620304" not in refused["error"]


async def test_a_shift_is_handed_over_with_its_figures_and_acknowledged(client: httpx.AsyncClient):
    item = await post(
        client, kind="follow_up", text="Ring.", owner="Yttre befäl", due="2020-01-01T12:00:00+01:00"
    )
    shown = await get(client, "/handover")
    assert set(shown["figures"]) == set(examples.FIGURES)
    assert shown["figures"]["follow_ups"][0]["overdue"] is True
    signed = (await post(client, "/handover", text="Lugnt.", until=shown["figures"]["until"]))["entry"]
    assert signed["figures"] == {**shown["figures"], "position": signed["position"]}
    assert (signed["kind"], signed["text"], signed["known_at"]) == (
        "handover", "Lugnt.", shown["figures"]["until"],
    )  # fmt: skip
    await post(client, kind="done", about=signed["entry"], text="Mottaget.")
    again = next(row for row in (await get(client))["rows"] if row["entry"] == signed["entry"])
    assert (again["done_by"], again["done_text"]) == ("test", "Mottaget.")
    next_shift = (await get(client, "/handover"))["figures"]
    assert next_shift["since"] == signed["noted_at"]
    assert item["entry"]["entry"] in [row["entry"] for row in next_shift["follow_ups"]]
    stale = await post(client, "/handover", 400, text="Sent.", until="2026-01-01T00:00:00Z")
    assert "no longer of this moment" in stale["error"]

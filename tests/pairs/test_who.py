"""Which role gets which pairs, in lists and one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from app.domain.dyad import ELSEWHERE_EN, ELSEWHERE_SV
from app.domain.viewer import ROLES
from tests.api.conftest import BASE
from tests.pairs.asking import (
    ASKING,
    MAY,
    V1,
    Clients,
    listed,
)

if TYPE_CHECKING:
    from starlette.types import ASGIApp


async def test_each_role_finds_the_pairs_it_needs_the_last_reported_first(
    clients: Clients, ids: dict[str, str]
):
    assert await listed(clients, "analyst", ids) == ["foreign", "everywhere", "moving", "court", "plain"]
    assert await listed(clients, "area_chief", ids) == ["everywhere", "moving", "court", "plain"]
    assert await listed(clients, "commander", ids) == ["foreign", "everywhere"], "flagged pairs only"


@pytest.mark.parametrize("role", [*ROLES, None])
@pytest.mark.parametrize(
    "path",
    [
        "/pairs/search",
        "/pairs/of-incident",
        "/pairs/{everywhere}",
        "/pairs/{everywhere}/follow-ups",
        "/persons/search",
        "/suspicions",
    ],
)
async def test_a_role_without_the_permission_gets_nothing(
    clients: Clients, app: ASGIApp, ids: dict[str, str], role: str | None, path: str
):
    where = V1 + path.format(**ids)
    if role is None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE) as nobody:
            assert (await nobody.post(where, json=ASKING)).status_code == 401
        return
    answer = await (await clients.of(role)).post(where, json=ASKING)
    if role in MAY:
        assert answer.status_code in {200, 400}, answer.text  # 400: this body is not this route's
    else:
        assert answer.status_code == 403
        assert set(answer.json()) == {"error"}


@pytest.mark.parametrize(
    ("role", "name", "status"),
    [
        ("analyst", "foreign", 200),
        ("commander", "foreign", 200),
        ("area_chief", "foreign", 404),
        ("analyst", "plain", 200),
        ("commander", "plain", 404),  # only a follow-up that was not noted: that opens nothing
        ("area_chief", "plain", 200),
    ],
)
async def test_a_pair_that_one_may_not_see_is_like_one_that_was_made_up(
    clients: Clients, ids: dict[str, str], role: str, name: str, status: int
):
    answer = await clients.post(role, f"/pairs/{ids[name]}", status)
    if status == 404:
        for made_up in ("A" * 64, "x", ids[name][:-1] + "A", ids[name][:-1], ids[name].swapcase()):
            assert await clients.post(role, f"/pairs/{made_up}", 404) == answer
        assert (
            await clients.post(
                role, f"/pairs/{ids[name]}/follow-ups", 404, kind="visit", text="Besök.", **ASKING
            )
            == answer
        )


async def test_a_chief_gets_own_rungs_and_one_sentence_about_the_others(
    clients: Clients, ids: dict[str, str]
):
    whole = await clients.post("analyst", f"/pairs/{ids['everywhere']}")
    own = await clients.post("area_chief", f"/pairs/{ids['everywhere']}")
    assert [rung["district"] for rung in whole["rungs"]] == ["lpo-sodermalm", "lpo-jarva", "lpo-sodermalm"]
    assert own["rungs"] == [whole["rungs"][0], whole["rungs"][2]]
    assert own["elsewhere"] == {"sv": ELSEWHERE_SV, "en": ELSEWHERE_EN}
    assert whole["elsewhere"] is None
    assert [point["days_since_previous"] for point in own["frequency"]] == [None, 38]
    assert {flag["rule"] for flag in whole["flags"]} == {"third-report-12-months"}
    assert own["flags"] == [], "the third report is only seen by who sees all three"
    for name in ("plain", "court"):
        assert (await clients.post("area_chief", f"/pairs/{ids[name]}"))["elsewhere"] is None


async def test_the_pairs_of_an_incident(clients: Clients, ids: dict[str, str]):
    rungs = (await clients.post("analyst", f"/pairs/{ids['everywhere']}"))["rungs"]
    for role, expected in (("analyst", [1, 1, 1]), ("area_chief", [1, 0, 1]), ("commander", [1, 1, 1])):
        found = [
            len((await clients.post(role, "/pairs/of-incident", uid=rung["uid"], **ASKING))["rows"])
            for rung in rungs
        ]
        assert found == expected
    nobody = await clients.post(
        "analyst", "/pairs/of-incident", uid="00000000-0000-4000-8000-000000000000", **ASKING
    )
    assert nobody["rows"] == []

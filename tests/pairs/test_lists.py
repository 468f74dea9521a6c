"""Pages of a list, what is refused, and why somebody sees something."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.viewer import ROLES
from tests.pairs.asking import (
    MAY,
    V1,
    WIDE,
    Clients,
)


async def test_pages_follow_on_each_other(clients: Clients, ids: dict[str, str]):
    whole = (await clients.post("analyst", "/pairs/search", **WIDE, at_least=1))["rows"]
    rows, after = [], None
    for _ in range(20):
        page = await clients.post("analyst", "/pairs/search", **WIDE, at_least=1, limit=2, after=after)
        rows += page["rows"]
        after = page["next"]
        if after is None:
            break
    assert rows == whole
    assert [row["last_reported_at"] for row in rows] == sorted(
        (row["last_reported_at"] for row in rows), reverse=True
    )


@pytest.mark.parametrize(
    "asked",
    [
        {"after": "x"},
        {"after": "2026-11-24T00:00:00Z_x_y"},
        {"flag": "dangerous"},
        {"at_least": 0},
        {"within_days": -1},
        {"limit": 0},
        {"order": "severity"},
        {"window": {"from": "2026-11-24", "to": "2026-11-01"}},
        {"window": {"from": "igår", "to": "2026-11-01"}},
        {"known_at": "07:00"},
    ],
)
async def test_what_makes_no_sense_is_refused(clients: Clients, asked: dict[str, Any]):
    assert "error" in await clients.post("analyst", "/pairs/search", 400, **{**WIDE, **asked})


@pytest.mark.parametrize("role", ROLES)
async def test_why_is_answered_from_the_policy_itself(clients: Clients, role: str):
    client = await clients.of(role)
    for what in ("figures", "incidents", "pairs", "follow_ups", "quarantine", "log", "cubes"):
        told = (await client.get(f"{V1}/why", params={"what": what})).json()
        assert len(told["sentences_sv"]) == len(told["sentences_en"]) >= 3
        assert (role in told["roles"]) == told["allowed"] == (told["group"] is not None), (role, what)
        assert bool(told["policies"]) == told["allowed"] or what in {"cubes", "quarantine"}, (role, what)
    if role == "area_chief":
        assert [area["code"] for area in told["areas"]] == ["lpo-sodermalm"]
        assert "Södermalm" in " ".join(told["sentences_sv"])
    if role in MAY:
        pairs = (await client.get(f"{V1}/why", params={"what": "pairs"})).json()
        looks = "audited()" if role == "area_chief" else "audited('region_persons'"
        assert any(looks in policy["using"] for policy in pairs["policies"])
    assert (await client.get(f"{V1}/why", params={"what": "everything"})).status_code == 400

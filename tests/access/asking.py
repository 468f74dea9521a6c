"""What the routes and callbacks are asked with, and what no answer may tell: marked incidents and their ids."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from app.api.main import create_api
from app.api.routing import Route
from app.domain.viewer import Role
from tests.access import planted
from tests.access.people import FOREIGN, OWN
from tests.access.planted import Planted

HOME = "kanariehem"
AWAY = "kanarieborta"
HIDDEN = "kanarieskydd"
PERSONS = ("18890118-9806", "188901189806", "18890219-9804", "18890320-9800")
SOURCE = "kanarienummer"
PLACES = {HOME: (59.3137, 18.0745), AWAY: (59.4040, 17.9440), HIDDEN: (59.4040, 17.9440)}
ASKED_OF = {HOME: planted.HERE, AWAY: planted.THERE, HIDDEN: planted.REGION}
"""Beside an incident of each mark, which of the planted rows is asked for."""
LINK = "00000000-0000-0000-0000-000000000000"
MEASURED = {"region": "kanariemattalla", OWN: "kanariematthem", FOREIGN: "kanariemattborta"}
"""Marks in ready results of measures: of the region, of the own district and of a foreign one."""
SHOWS_RESULTS: dict[str, set[str]] = {
    **{role: set(MEASURED.values()) for role in ("analyst", "commander", "wall")}, "area_chief": {MEASURED[OWN]},
}  # fmt: skip
SHOWS_INCIDENTS: tuple[Role, ...] = ("analyst", "area_chief")
KNOWN = datetime(2026, 11, 24, 9, tzinfo=UTC)


def report(mark: str, number: int) -> dict[str, Any]:
    latitude, longitude = PLACES[mark]
    words = f"{mark}{number}"
    victim = PERSONS[3 if mark == HIDDEN else 0]  # who is protected once is so on every report
    return {
        "source_key": f"{SOURCE}-{words}", "occurred_from": f"2026-11-{number:02}T20:00:00+01:00",
        "latitude": latitude + number / 9000, "longitude": longitude, "title": f"Misshandel {words}",
        "summary": f"Sammanfattning {words}", "place_text": f"{words}gatan 1", "url": f"https://example.org/{words}",
        "protected": mark == HIDDEN, "attributes": {"notering": words},
        "offences": [{"code": "9365", "victim": victim, "suspect": PERSONS[2], "relation": f"relation{words}"}],
    }  # fmt: skip


@dataclass
class Asked:
    """A server with marked incidents, a token of each role, and the public ids of incidents at home and away."""

    base: str
    tokens: dict[Role, str]
    uids: dict[str, str]
    spec: dict[str, Any]
    planted: Planted

    def client(self, role: Role) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {self.tokens[role]}"}
        return httpx.AsyncClient(base_url=self.base, headers=headers, timeout=20)


def routes() -> list[Route]:
    """Every route of the API, with the permission that it names."""
    api = create_api(None)  # type: ignore[arg-type]
    return [route for route in _all_routes(api.routes) if isinstance(route, Route)]


def _all_routes(found: Any) -> list[Any]:
    return list(
        itertools.chain.from_iterable(
            _all_routes(route.original_router.routes) if hasattr(route, "original_router") else [route]
            for route in found
        )
    )


def values(asked: Asked, mark: str) -> dict[str, str]:
    """What stands for the parameters of a path."""
    uid = next(uid for name, uid in asked.uids.items() if name.startswith(mark))
    return {
        "uid": uid, "feed": "uppdrag", "layer": "points", "z": "13", "x": "4505", "y": "2408", "name": "unknown",
        "pair": "unknown", "edition_id": "1", "id": "1", "quarantine_id": "1", "proposal": LINK, "question": "canary",
        **asked.planted.paths(ASKED_OF[mark]),
    }  # fmt: skip


def path_of(route: Route, asked: Asked, mark: str) -> str:
    """The path of a route, filled in; an alert's and an incident's id have the same name."""
    filled = values(asked, mark)
    if route.path.startswith("/alerts/"):
        filled["uid"] = planted.ALERTS[ASKED_OF[mark]]
    return "/api/v1" + route.path.removeprefix("/v1").format_map(_Filled(filled))


def body_of(operation: dict[str, Any], mark_values: dict[str, str]) -> Any:
    """The example of a body, with the incident's id put in."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    example = content.get("example")
    if example is None and content.get("examples"):
        example = next(iter(content["examples"].values()))["value"]
    if isinstance(example, dict) and "uid" in example:
        example = {**example, "uid": mark_values["uid"]}
    return example


def told_too_much(role: Role, text: str) -> list[str]:
    """Marks in an answer that this role must never be told."""
    never = [HIDDEN, SOURCE, *PERSONS, "relationkanarie", *(() if role == "analyst" else (AWAY,))]
    if role not in SHOWS_INCIDENTS:
        never.append(HOME)
    never += set(MEASURED.values()) - SHOWS_RESULTS.get(role, set())
    never += [mark for mark, roles in planted.TOLD.items() if role not in roles]
    if role == "auditor":
        never = [mark for mark in never if mark not in planted.IN_THE_LOG]
    return [mark for mark in never if mark in text]


async def ask(client: httpx.AsyncClient, method: str, path: str, body: Any = None) -> tuple[int, str]:
    """The status and the whole of the answer, of a stream what it tells in the first moment."""
    arguments = {"json": body} if body is not None else {"content": b"{}"} if method == "POST" else {}
    async with client.stream(method, path, **arguments) as answer:
        heard = b""
        try:
            async with asyncio.timeout(
                0.7 if "event-stream" in answer.headers.get("content-type", "") else 20
            ):
                async for chunk in answer.aiter_raw():
                    heard += chunk
        except TimeoutError:
            pass
        text = repr(dict(answer.headers)) + heard.decode("utf-8", "replace")
        if answer.headers.get("content-encoding") in {"gzip", "br", "deflate"}:
            raise AssertionError(f"{path} is compressed: the test would not see into it")
        return answer.status_code, text


class _Filled(dict[str, str]):
    def __missing__(self, name: str) -> str:
        raise AssertionError(f"a route has a parameter {name} that this test has no value for: give it one")


def filled(asked: Asked, mark: str) -> dict[str, str]:
    """What a callback is asked about, beside an incident of this mark."""
    place = ASKED_OF[mark]
    return {
        **values(asked, mark), "rule_id": asked.planted.rules[place],
        "alert": planted.ALERTS[planted.FEED if place == planted.REGION else place],
        "number": PERSONS[3 if mark == HIDDEN else 0],
        "entry": asked.planted.entries[place], "done": asked.planted.interventions.get(place, LINK),
        "of": planted.AREAS[place] or "region", "area": planted.AREAS[place] or OWN,
    }  # fmt: skip

"""Every operation of the API's description, asked by every role with data that fits it and data that does not.

No answer may be an error of the server's own, have a status that the description does not name, or another form than
it says. The quick test asks a few hundred times; `make faults ARGS="tests/access/test_schema.py"` asks 10,000 times.
"""

from __future__ import annotations

import asyncio
import functools
import random
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import hypothesis
import pytest
import requests
import schemathesis
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.commands.tokens import create_token
from app.config import Settings
from app.db import open_pool
from app.domain.pair_id import PairIds
from app.domain.viewer import ROLES, Role
from etl.identify import Pseudonyms
from etl.keep import Keys
from tests.access.people import OWN
from tests.access.threaded import threaded_server
from tests.pairs_world import PAIRS, load

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
ANSWER_S = 60
KNOWN_SHARES = (0.0, 0.5, 1.0)
"""How many of a request's values are ones that mean something here: else nearly all would end at the first 400."""


@dataclass
class World:
    """A server with pairs in it, a token of each role, and values that mean something there."""

    base: str
    tokens: dict[Role, str]
    known: dict[str, list[Any]]
    operations: list[APIOperation[Any, Any, Any, Any]]


@dataclass
class Told:
    """What came back."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def asked(self) -> int:
        return self.statuses.total()


@pytest.fixture(scope="module")
def world(dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    settings = Settings(var=tmp_path_factory.mktemp("var"), person_requests_per_minute=1_000_000)
    keys = Keys.read(settings.master_key_file)
    tokens, uids = asyncio.run(_fill(dsn, keys))
    names, ids = Pseudonyms(keys), PairIds(keys.lasting(b"pair ids"))
    pairs = [ids.of(*(names.of(one, "") or b"" for one in pair)) for pair in PAIRS.values()]
    with threaded_server(dsn, settings) as base:
        signed_in = {"Authorization": f"Bearer {tokens['analyst']}"}
        described = requests.get(f"{base}/api/v1/openapi.json", headers=signed_in, timeout=20).json()
        schema = schemathesis.openapi.from_dict(described)
        schema.config.update(base_url=f"{base}/api")
        schema.config.max_stream_events = 1  # a stream has no end
        yield World(base, tokens, _known(uids, pairs), [found.ok() for found in schema.get_all_operations()])


async def _fill(dsn: str, keys: Keys) -> tuple[dict[Role, str], list[str]]:
    async with open_pool(dsn, size=2, name="tests") as pool:
        await load(pool, keys)
        async with pool.acquire() as connection:
            tokens = {
                role: await create_token(connection, role, role, (OWN,) if role == "area_chief" else ())
                for role in ROLES
            }
            uids = [row["uid"] for row in await connection.fetch("select uid::text from incident")]
    return tokens, uids


def _known(uids: list[str], pairs: list[str]) -> dict[str, list[Any]]:
    days, moments = (
        ["2026-11-01", "1900-01-01", "2200-12-31"],
        ["2026-11-24T07:00:00+01:00", "2200-12-31T23:59:59Z"],
    )
    return {
        "uid": uids, "pair": pairs, "feed": ["anmalan", "uppdrag", "polisen", "demo"], "from": [*days, "0-0"],
        "to": days, "on": days, "due": days, "final_on": days, "known_at": moments, "since": moments,
        "until": [*moments, "0-0", "1-1"], "kind": ["report", "call", "notice", "contact"],
        "area": [[OWN], ["lpo-jarva"]], "offence": [["9365"], ["4090"]],
        "by": [["day", "area"], ["hour"], ["offence"], ["kind"], ["week"]], "quarantine_id": [1, 2],
        "area_kind": ["lokalpolisomrade", "kommun", "polisomrade"], "layer": ["points", "density", "areas"],
        "z": [0, 9, 13, 22], "x": [0, 281, 4505], "y": [0, 150, 2408], "what": ["pairs", "figures", "log", "cubes"],
        "reason": ["follow_up", "ongoing", "För uppföljning av ärendet"], "flag": ["repeat-12-months", None],
        "after": ["2026-11-23_1", "2026-11-24T06:00:00+00:00_1"], "geometry": [True], "versions": [True],
        "delimiter": ["comma", "tab"], "lang": ["sv", "en"], "role": ["victim", "suspect"],
        "decided": ["Nytt samtal"], "text": ["Målsäganden uppringd."], "offset": [0], "limit": [1, 100],
        "question": ["nowcast", "deviation"], "day": days,
        "statement": ["dismissed", "acquitted", "discontinued"], "corrects": [None],
        "personnummer": ["18620304-0125", "186203040125"], "window": [{"from": days[0], "to": days[2]}],
    }  # fmt: skip


@functools.cache
def cases(operation: Any) -> Any:
    """Data that fits the operation's description, and where it takes any, data that does not."""
    fitting = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    takes_any = any(True for _ in operation.iter_parameters()) or len(operation.body) > 0
    return fitting | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE) if takes_any else fitting


def with_known(case: Case, known: dict[str, list[Any]], dice: random.Random) -> None:
    """Put values that mean something here in the place of some."""
    share = dice.choice(KNOWN_SHARES)
    for container in (case.path_parameters, case.query, case.body):
        if isinstance(container, dict):
            for name in list(container):
                if name in known and dice.random() < share:
                    container[name] = dice.choice(known[name])


def ask(world: World, role: Role, operation: Any, times: int, seed: int, told: Told) -> None:
    """Ask one operation in one role, each time with other data; the same data for the same seed."""
    dice = random.Random(f"{seed} {role} {operation.label}")  # noqa: S311 - repeatable, not secret
    session = requests.Session()
    headers = {"Authorization": f"Bearer {world.tokens[role]}"}

    @hypothesis.seed(zlib.crc32(f"{seed} {role} {operation.label}".encode()))
    @hypothesis.settings(
        max_examples=times, deadline=None, database=None, phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    @hypothesis.given(case=cases(operation))
    def one(case: Case) -> None:
        with_known(case, world.known, dice)
        try:
            answer = case.call(session=session, headers=headers, timeout=ANSWER_S)
        except requests.RequestException as error:
            told.wrong.append(f"{role} {operation.label}: no answer: {error}"[:900])
            return
        told.statuses[operation.label, answer.status_code] += 1
        try:
            case.validate_response(answer, checks=CHECKS, headers=headers)
        except FailureGroup as failures:
            told.wrong.append(f"{role} {operation.label} {answer.status_code}: {failures}"[:900])

    one()
    session.close()


def ask_all(world: World, times: int, seed: int) -> Told:
    told = Told()
    for role in ROLES:
        for operation in world.operations:
            ask(world, role, operation, times, seed, told)
        print(f"{role}: {told.asked} asked, {len(told.wrong)} wrong", flush=True)
    return told


def hold(told: Told) -> None:
    for (label, status), number in sorted(told.statuses.items()):
        print(f"{number:6} {status} {label}")
    assert told.wrong == [], "\n\n".join([f"{len(told.wrong)} of {told.asked} answers", *told.wrong[:5]])
    assert not any(status >= 500 for _, status in told.statuses)


def test_no_role_and_no_data_gets_an_answer_that_is_not_described(world: World):
    told = ask_all(world, 3, seed=1)
    hold(told)
    assert told.asked >= 2 * len(ROLES) * len(world.operations)
    good = {label for label, status in told.statuses if status < 300}
    assert len(good) >= len(world.operations) // 2, "what is asked must also be answered"


@pytest.mark.parametrize("number", [2**63, 2**64, 10**40, -1, -(2**63) - 1])
def test_a_number_in_a_path_that_the_database_cannot_count_with_is_no_error_of_ours(
    world: World, number: int
):
    tried = 0
    for operation in world.operations:
        taken = {
            one.name for one in operation.path_parameters if one.definition["schema"].get("type") == "integer"
        }
        for name in taken:
            values = dict.fromkeys((one.name for one in operation.path_parameters), "1") | {name: str(number)}
            path = f"{world.base}/api{operation.path.format_map(values | {'layer': 'density'})}"
            for token in world.tokens.values():
                headers = {"Authorization": f"Bearer {token}"}
                answer = requests.request(operation.method, path, headers=headers, timeout=ANSWER_S)
                assert answer.status_code in {400, 403, 404}, (path, answer.text)
                tried += 1
    assert tried >= 4 * len(ROLES)


@pytest.mark.faults
@pytest.mark.timeout(3600)
def test_ten_thousand_answers_are_all_described(world: World):
    told, seed = Told(), 100
    while told.asked < 10_000:
        more = ask_all(world, 64, seed)
        told.statuses += more.statuses
        told.wrong += more.wrong
        seed += 1
    hold(told)


def test_the_description_names_the_refusals_that_can_come_and_no_other(world: World):
    named = {one.label: {int(status) for status in one.responses.status_codes} for one in world.operations}
    assert all({400, 421, 503} <= statuses and 422 not in statuses for statuses in named.values())
    assert {label for label, statuses in named.items() if 401 not in statuses} == {"GET /v1/health"}
    assert all(404 in statuses for label, statuses in named.items() if "{" in label)
    assert 403 in named["GET /v1/counts"]
    assert 403 not in named["GET /v1/offences"]
    assert {label for label, statuses in named.items() if 429 in statuses} >= {"POST /v1/pairs/search"}

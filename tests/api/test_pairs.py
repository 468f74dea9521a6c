"""Pairs over HTTP: who gets which, what is told and what never, and that each call is in the log before the answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from app.api import pair_examples as examples
from app.commands import consult as consulting
from app.commands.tokens import create_token
from app.config import Settings
from app.db import open_pool
from app.domain.dyad import ELSEWHERE_EN, ELSEWHERE_SV
from app.domain.pair_id import PairIds
from app.domain.viewer import ROLES
from app.main import create_app
from etl.identify import Pseudonyms
from etl.keep import Keys
from tests.api.conftest import BASE, running
from tests.pairs_world import CANARIES, FOREIGN, PAIRS, load, person, report

if TYPE_CHECKING:
    import asyncpg
    from starlette.types import ASGIApp

    from app.db import Pool

V1 = "/api/v1"
ASKING = {"reason": "follow_up"}
WIDE = {"window": {"from": "2020-01-01", "to": "2099-12-31"}, **ASKING}
MAY = ("analyst", "commander", "area_chief")


@pytest.fixture(scope="module")
def held(var: Path) -> Keys:
    """The keys that the server has: the world must be made under the same."""
    return Keys.read(Settings(var=var).master_key_file)


@pytest.fixture(scope="module", autouse=True)
def world(dsn: str, held: Keys) -> None:
    async def fill() -> None:
        async with open_pool(dsn, size=2, name="world") as pool:
            await load(pool, held)

    asyncio.run(fill())


@pytest.fixture(scope="module")
async def app(dsn: str, var: Path) -> AsyncIterator[ASGIApp]:
    app = create_app(Settings(var=var, person_requests_per_minute=1_000_000), dsn)
    async with running(app):
        yield app


@pytest.fixture(scope="module")
def ids(held: Keys) -> dict[str, str]:
    """The opaque id of each pair of the world."""
    names, made = Pseudonyms(held), PairIds(held.lasting(b"pair ids"))
    return {name: made.of(*(names.of(one, "") for one in pair)) for name, pair in PAIRS.items()}  # type: ignore[arg-type]


class Clients:
    """A client for each role; the chief is Södermalm's."""

    def __init__(self, app: ASGIApp, pool: Pool) -> None:
        self._app, self._pool, self._open = app, pool, {}

    async def of(self, role: str) -> httpx.AsyncClient:
        if role not in self._open:
            async with self._pool.acquire() as connection:
                areas = ["lpo-sodermalm"] if role == "area_chief" else []
                token = await create_token(connection, role, f"en {role}", areas)
            self._open[role] = httpx.AsyncClient(
                transport=httpx.ASGITransport(self._app),
                base_url=BASE,
                headers={"Authorization": f"Bearer {token}"},
            )
        return self._open[role]

    async def post(self, role: str, path: str, status: int = 200, /, **asked: Any) -> Any:
        answer = await (await self.of(role)).post(V1 + path, json=asked or ASKING)
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture
async def clients(app: ASGIApp, pool: Pool) -> AsyncIterator[Clients]:
    made = Clients(app, pool)
    yield made
    for client in made._open.values():
        await client.aclose()


async def listed(clients: Clients, role: str, ids: dict[str, str], **asked: Any) -> list[str]:
    """The names of the pairs that a search gives, in its order."""
    rows = (await clients.post(role, "/pairs/search", **{**WIDE, **asked}))["rows"]
    names = {made: name for name, made in ids.items()}
    return [names[row["pair"]] for row in rows]


# Who gets which


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


# What is told, and what never


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
    assert [rung["address"] for rung in pair["rungs"]] == [None, None], "not on the victim's other reports either"
    assert [rung["protected"] for rung in pair["rungs"]] == [False, True]
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


# The log


async def rows_after(db: asyncpg.Connection, before: int) -> list[asyncpg.Record]:
    return await db.fetch("select * from read_log where log_id > $1 order by log_id", before)  # type: ignore[no-any-return]


async def last_row(pool: Pool) -> int:
    async with pool.acquire() as connection:
        found: int = await connection.fetchval("select coalesce(max(log_id), 0) from read_log")
        return found


@pytest.mark.parametrize("role", MAY)
async def test_each_call_is_one_row_that_says_who_was_read_about_and_why(
    clients: Clients, ids: dict[str, str], pool: Pool, held: Keys, role: str
):
    names = Pseudonyms(held)
    everywhere = {names.of(number, "") for number in PAIRS["everywhere"]}
    uid = (await clients.post("analyst", f"/pairs/{ids['everywhere']}"))["rungs"][0]["uid"]
    number = PAIRS["everywhere"][0]
    reports = 2 if role == "area_chief" else 3
    found = len((await clients.post(role, "/pairs/search", **WIDE))["rows"])
    for path, asked, action, expected in (
        ("/pairs/search", WIDE, "search", found),
        ("/pairs/of-incident", {"uid": uid}, "read", 1),
        (f"/pairs/{ids['everywhere']}", {}, "read", reports),
        (f"/pairs/{'A' * 64}", {}, "denied", 1),
        (
            "/persons/search",
            {"personnummer": number, "role": "victim"},
            "search",
            1,
        ),
        (f"/pairs/{ids['everywhere']}/follow-ups", {"kind": "contact", "text": "Ringt."}, "change", 1),
    ):
        before = await last_row(pool)
        await (await clients.of(role)).post(V1 + path, json={**asked, "reason": "ongoing: patrull på plats"})
        async with pool.acquire() as connection:
            rows = await rows_after(connection, before)
        assert len(rows) == 1, path
        row = rows[0]
        assert (row["action"], row["role"], row["name"]) == (action, role, f"en {role}")
        assert row["found"] == expected, path
        if action == "denied":
            assert (row["reason_text"], row["filter"]["pair"], row["persons"]) == ("404", "A" * 64, [])
        else:
            assert (row["reason"], row["reason_text"]) == ("ongoing", "patrull på plats")
            assert everywhere <= set(row["persons"])


@pytest.mark.parametrize("role", ROLES)
async def test_what_was_denied_is_in_the_log_with_the_id_that_was_asked_for(
    clients: Clients, ids: dict[str, str], pool: Pool, role: str
):
    before = await last_row(pool)
    await (await clients.of(role)).post(f"{V1}/pairs/{ids['foreign']}", json=ASKING)
    async with pool.acquire() as connection:
        rows = await rows_after(connection, before)
    assert [row["action"] for row in rows] == ["read" if role in {"analyst", "commander"} else "denied"]
    assert rows[0]["role"] == role
    assert rows[0]["filter"]["pair"] == ids["foreign"]


async def test_without_a_reason_nothing_is_read_and_nothing_is_logged(
    clients: Clients, ids: dict[str, str], pool: Pool
):
    before = await last_row(pool)
    for reason in ("", "x", "aaaaaaaaaaaa", " "):
        await clients.post("analyst", "/pairs/search", 400, reason=reason)
        await clients.post("analyst", f"/pairs/{ids['plain']}", 400, reason=reason)
    await clients.post("analyst", "/pairs/search", 400, window=WIDE["window"])
    assert await last_row(pool) == before


async def test_whoever_leaves_the_log_out_gets_nothing_from_the_database(
    clients: Clients, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    silent = consulting.INSERT.replace("returning log_id", "returning log_id").replace(
        "insert into read_log (session_ref, action, what, reason, reason_text, filter, persons, areas)\n"
        "values ($1, $2, $3, $4, $5, $6, $7, $8) returning log_id",
        "select 0 where $1::text is null and $2 <> $3::text and $4 <> $5::text and $6::jsonb is not null "
        "and $7::bytea[] is not null and $8::text[] is not null union all select 0 limit 1",
    )
    assert silent != consulting.INSERT
    monkeypatch.setattr(consulting, "INSERT", silent)
    for role in MAY:
        assert (await clients.post(role, "/pairs/search", **WIDE))["rows"] == []
        await clients.post(role, f"/pairs/{ids['everywhere']}", 404)
        told = await clients.post(
            role, "/persons/search", personnummer=PAIRS["everywhere"][0], role="victim", **ASKING
        )
        assert told["rows"] == []


# Follow-ups


async def test_what_was_noted_stays_and_a_correction_stands_beside_it(clients: Clients, ids: dict[str, str]):
    where = f"/pairs/{ids['court']}/follow-ups"
    first = await clients.post(
        "analyst", where, 201, kind="visit", text="Besök,  ingen hemma.", decided="Nytt besök.",
        due="2099-01-01", **ASKING,
    )  # fmt: skip
    second = await clients.post(
        "area_chief", where, 201, kind="contact", text="Talat i telefon.", corrects=first["id"], **ASKING
    )
    told = (await clients.post("analyst", f"/pairs/{ids['court']}"))["follow_ups"]
    assert [(one["id"], one["corrected"]) for one in told] == [(first["id"], True), (second["id"], False)]
    assert (told[0]["text"], told[0]["due"], told[0]["role"]) == (
        "Besök, ingen hemma.",
        "2099-01-01",
        "analyst",
    )
    assert told[1]["corrects"] == first["id"]
    other = await clients.post(
        "analyst",
        f"/pairs/{ids['plain']}/follow-ups",
        400,
        kind="visit",
        text="x y",
        corrects=first["id"],
        **ASKING,
    )
    assert "no such entry" in other["error"]


async def test_a_chief_sees_the_follow_ups_of_own_reports_only(clients: Clients, ids: dict[str, str]):
    rungs = (await clients.post("analyst", f"/pairs/{ids['everywhere']}"))["rungs"]
    for rung, text in zip(rungs, ("om den första", "om den i Järva", "om den sista"), strict=True):
        await clients.post(
            "analyst", f"/pairs/{ids['everywhere']}/follow-ups", 201, kind="visit", text=text, uid=rung["uid"], **ASKING
        )  # fmt: skip
    seen = {
        one["text"] for one in (await clients.post("area_chief", f"/pairs/{ids['everywhere']}"))["follow_ups"]
    }
    assert {"om den första", "om den sista"} <= seen
    assert "om den i Järva" not in seen
    await clients.post(
        "area_chief", f"/pairs/{ids['everywhere']}/follow-ups", 404, kind="visit", text="x y", uid=rungs[1]["uid"],
        **ASKING,
    )  # fmt: skip


@pytest.mark.parametrize(
    "entry",
    [
        {"kind": "gissning", "text": "x"},
        {"kind": "visit", "text": "  "},
        {"kind": "visit", "text": "Ringde 18620304-0122"},
        {"kind": "visit", "text": "x", "decided": "620304-0122"},
        {"kind": "visit", "text": "x" * 2001},
        {"kind": "visit", "text": "x", "due": "i morgon"},
        {"kind": "visit", "text": "x", "due": "9999-01-01"},
        {"kind": "visit", "text": "x", "who": "somebody else"},
    ],
)
async def test_what_says_nothing_or_too_much_is_not_noted(
    clients: Clients, ids: dict[str, str], entry: dict[str, str]
):
    answer = await clients.post("analyst", f"/pairs/{ids['plain']}/follow-ups", 400, **entry, **ASKING)
    assert "620304-0122" not in answer["error"]


async def test_that_nobody_noted_anything_within_seven_days_is_a_fact_until_somebody_did(
    clients: Clients, ids: dict[str, str], db: asyncpg.Connection, pool: Pool
):
    rule = "no-follow-up-7-days"

    async def held(**asked: Any) -> bool:
        told = await clients.post("analyst", f"/pairs/{ids['plain']}", **{**ASKING, **asked})
        return rule in {flag["rule"] for flag in told["flags"]}

    assert await held()
    assert not await held(known_at=days_ago(4)), "six days after the report there were still some left"
    assert await held(known_at=days_ago(1))
    assert "plain" in await listed(clients, "analyst", ids, flag=rule)
    await clients.post(
        "analyst", f"/pairs/{ids['plain']}/follow-ups", 201, kind="visit", text="Sent.", **ASKING
    )
    assert await held(), "what was noted later was not noted within seven days"
    async with pool.acquire() as connection:  # as if it had been noted in time
        await connection.execute("update follow_up set noted_at = $1 where text = 'Sent.'", moment_ago(8))
    assert not await held()
    assert not await held(known_at=days_ago(1))


# Suspicions that ended, corrections and withdrawals


async def test_a_suspicion_that_ended_comes_up_nowhere_at_whatever_moment(
    clients: Clients, ids: dict[str, str]
):
    name, number = ids["court"], PAIRS["court"][1]
    rungs = (await clients.post("analyst", f"/pairs/{name}"))["rungs"]
    stated = {"pair": name, "final_on": "2026-01-01", "source": "Stockholms tingsrätt", **ASKING}
    for rung in rungs:
        await clients.post("analyst", "/suspicions", 201, uid=rung["uid"], statement="acquitted", **stated)
    for known_at in (None, days_ago(5)):
        asked = {**ASKING, "known_at": known_at}
        await clients.post("analyst", f"/pairs/{name}", 404, **asked)
        told = await clients.post("analyst", "/persons/search", personnummer=number, role="suspect", **asked)
        assert told["rows"] == []
        assert "court" not in await listed(clients, "analyst", ids, known_at=known_at, at_least=1)
        for rung in rungs:
            told = await clients.post("analyst", "/pairs/of-incident", uid=rung["uid"], **asked)
            assert told["rows"] == []
    for rung in rungs:
        await clients.post("analyst", "/suspicions", 201, uid=rung["uid"], statement="reopened", **stated)
    assert (await clients.post("analyst", f"/pairs/{name}"))["rungs"] == rungs
    await clients.post(
        "analyst",
        "/suspicions",
        404,
        **{**stated, "pair": "A" * 64},
        uid=rungs[0]["uid"],
        statement="acquitted",
    )
    await clients.post("analyst", "/suspicions", 400, uid=rungs[0]["uid"], statement="guilty", **stated)
    foreign = (await clients.post("analyst", f"/pairs/{ids['foreign']}"))["rungs"][0]["uid"]
    await clients.post(
        "area_chief",
        "/suspicions",
        404,
        **{**stated, "pair": ids["foreign"]},
        uid=foreign,
        statement="acquitted",
    )


async def test_a_correction_and_a_withdrawal_are_in_the_next_answer(
    clients: Clients, ids: dict[str, str], pool: Pool, held: Keys
):
    async def rungs(role: str) -> list[Any]:
        told: list[Any] = (await clients.post(role, f"/pairs/{ids['moving']}"))["rungs"]
        return told

    before = await rungs("analyst")
    assert len(await rungs("area_chief")) == 2
    now = datetime.now(UTC)
    await load(pool, held, [report(15, 6.5, *PAIRS["moving"], place=(59.4040, 17.9440), registered=now)])
    assert [rung["district"] for rung in await rungs("analyst")] == ["lpo-sodermalm", "lpo-jarva"]
    chief = await clients.post("area_chief", f"/pairs/{ids['moving']}")
    assert len(chief["rungs"]) == 1
    assert chief["elsewhere"] == {"sv": ELSEWHERE_SV, "en": ELSEWHERE_EN}
    then = await clients.post("analyst", f"/pairs/{ids['moving']}", known_at=yesterday(), **ASKING)
    assert then["rungs"] == before
    await load(pool, held, [report(14, 7, *PAIRS["moving"], status="Makulerad", registered=now)])
    assert len(await rungs("analyst")) == 1
    await clients.post("area_chief", f"/pairs/{ids['moving']}", 404)
    await load(
        pool, held, [report(15, 6.5, *PAIRS["moving"], protected="J", registered=now + timedelta(minutes=1))]
    )
    told = await clients.post("analyst", f"/pairs/{ids['moving']}", known_at=yesterday(), **ASKING)
    assert {rung["address"] for rung in told["rungs"] if rung["uid"] == before[1]["uid"]} == {None}
    assert "moving" not in await listed(clients, "analyst", ids, at_least=1, known_at=yesterday())


# Lists


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


# Why


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
        assert any("audited()" in policy["using"] for policy in pairs["policies"])
    assert (await client.get(f"{V1}/why", params={"what": "everything"})).status_code == 400


def yesterday() -> str:
    return days_ago(1)


def days_ago(days: float) -> str:
    return moment_ago(days).isoformat()


def moment_ago(days: float) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


# Last, for it makes two persons one


async def test_what_was_noted_follows_persons_who_were_judged_to_be_one(
    clients: Clients, ids: dict[str, str], pool: Pool, held: Keys
):
    names, made = Pseudonyms(held), PairIds(held.lasting(b"pair ids"))
    victim, suspect = PAIRS["plain"]
    renamed = person(60)
    await load(pool, held, [report(16, 1, renamed, suspect, place=FOREIGN)])
    a, b, c = (names.of(number, "") for number in (victim, renamed, suspect))
    assert a is not None
    assert b is not None
    assert c is not None
    other = made.of(b, c)
    noted = [one["id"] for one in (await clients.post("analyst", f"/pairs/{ids['plain']}"))["follow_ups"]]
    assert noted
    assert (await clients.post("area_chief", f"/pairs/{ids['plain']}"))["elsewhere"] is None
    assert (await clients.post("analyst", f"/pairs/{other}"))["follow_ups"] == []
    async with pool.acquire() as connection:
        await connection.execute(
            "insert into link_judgement (a, b, decision, evidence, reason) values ($1, $2, 'accept', '{}', 'test')",
            a, b,
        )  # fmt: skip
    for name in (ids["plain"], other):
        told = await clients.post("analyst", f"/pairs/{name}")
        assert len(told["rungs"]) == 3
        assert [one["id"] for one in told["follow_ups"]] == noted
    assert (await clients.post("area_chief", f"/pairs/{ids['plain']}"))["elsewhere"] is not None
    where = f"/pairs/{other}/follow-ups"
    corrected = await clients.post(
        "analyst", where, 201, kind="visit", text="Rättat.", corrects=noted[0], **ASKING
    )
    told = await clients.post("analyst", f"/pairs/{ids['plain']}")
    assert corrected["id"] in {one["id"] for one in told["follow_ups"]}


async def test_questions_about_persons_have_a_limit(dsn: str, var: Path, pool: Pool, ids: dict[str, str]):
    slow = create_app(Settings(var=var, person_requests_per_minute=1), dsn)
    async with running(slow):
        clients = Clients(slow, pool)
        client = await clients.of("analyst")
        statuses = [
            (await client.post(f"{V1}/pairs/{ids['foreign']}", json=ASKING)).status_code for _ in range(12)
        ]
        other = (await client.post(f"{V1}/pairs/search", json=WIDE)).status_code
        await client.aclose()
    assert statuses == [200] * 10 + [429] * 2
    assert other == 429

"""Signing in with a name and a password: one answer for every wrong one, one-time passwords, lock-outs that last."""

from __future__ import annotations

import asyncio
import re
import time
from typing import TYPE_CHECKING

import httpx
import pytest

from app.commands.tries import MOST_OF_ACCOUNT, MOST_OF_SOURCE
from app.commands.users import create_user, disable_user
from app.config import Settings
from app.gate.browser import COOKIE
from app.gate.sessions import utc_now
from app.main import create_app
from app.queries.users import user_id_of
from tests.gate.conftest import OURS, PASSWORD, browser, running, sign_in

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp

    from app.db import Pool


async def test_name_and_password_lead_to_where_one_wanted_to_go(anonymous: httpx.AsyncClient, user: str):
    answer = await sign_in(anonymous, f" {user.upper()} ", next="/?kind=call")
    assert (answer.status_code, answer.headers["location"]) == (303, "/?kind=call")
    assert (await anonymous.get("/api/v1/offences")).status_code == 200


async def test_the_cookie_holds_a_secret_that_the_database_does_not(
    anonymous: httpx.AsyncClient, user: str, pool: Pool
):
    secret = (await sign_in(anonymous, user)).cookies[COOKIE]
    assert len(secret) >= 43  # 256 bits
    stored = await pool.fetch("select app_session::text as row from app_session")
    assert not [row for row in stored if secret in row["row"] or secret.encode().hex() in row["row"]]


async def test_every_wrong_answer_is_the_same_answer(anonymous: httpx.AsyncClient, user: str, pool: Pool):
    async with pool.acquire() as connection:
        await create_user(connection, "avstangd", "", "analyst", (), PASSWORD, must_change=False)
        await disable_user(connection, await user_id_of(connection, "avstangd"), utc_now())
    answers = [
        await sign_in(anonymous, user, "fel lösenord helt"),
        await sign_in(anonymous, "ingen", PASSWORD),
        await sign_in(anonymous, "avstangd", PASSWORD),
        await sign_in(anonymous, user, ""),
        await sign_in(anonymous, user, PASSWORD + " "),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert COOKIE not in anonymous.cookies


async def test_a_name_that_nobody_has_takes_as_long_to_refuse(anonymous: httpx.AsyncClient, user: str):
    took: dict[str, list[float]] = {user: [], "ingen": []}
    for _ in range(4):
        for name, times in took.items():
            begun = time.perf_counter()
            await sign_in(anonymous, name, "fel lösenord helt")
            times.append(time.perf_counter() - begun)
    known, unknown = (min(times) for times in took.values())
    assert unknown > known / 2, took  # without the comparison it would be a hundredth


async def test_an_account_is_locked_for_a_while_for_the_right_password_too_and_after_a_restart(
    app: ASGIApp, dsn: str, var: Path, user: str, pool: Pool
):
    async with browser(app) as client:
        answers = [await sign_in(client, user, "fel lösenord helt") for _ in range(MOST_OF_ACCOUNT)]
        assert {answer.status_code for answer in answers} == {401}
        locked = await sign_in(client, user)
        assert locked.status_code == 429
        assert 0 < int(locked.headers["retry-after"]) <= 15 * 60 + 1
        assert "För många försök. Vänta 15 min" in locked.text
        unknown = [await sign_in(client, "ingen-alls", PASSWORD) for _ in range(MOST_OF_ACCOUNT + 1)]
        assert unknown[-1].status_code == 429  # as locked as one that exists
        assert unknown[-1].text == locked.text
    restarted = create_app(Settings(var=var), dsn)
    async with running(restarted), browser(restarted) as client:
        assert (await sign_in(client, user)).status_code == 429
        await pool.execute("update sign_in set at = at - interval '16 minutes'")
        assert (await sign_in(client, user)).status_code == 303


async def test_many_at_once_pass_the_limit_no_more_than_one_after_another(app: ASGIApp, user: str):
    async with browser(app) as client:
        tries = [sign_in(client, user, f"gissning nummer {number}") for number in range(MOST_OF_ACCOUNT * 2)]
        statuses = [answer.status_code for answer in await asyncio.gather(*tries)]
    assert statuses.count(401) <= MOST_OF_ACCOUNT
    assert set(statuses) == {401, 429}


async def test_one_source_is_locked_whatever_names_it_tries(app: ASGIApp, user: str):
    async with browser(app) as client:
        statuses = [
            (await client.post("/login", data={"token": f"fel{number}"})).status_code
            for number in range(MOST_OF_SOURCE)
        ]
        assert set(statuses) == {401}
        assert (await sign_in(client, user)).status_code == 429


async def test_a_typed_name_is_kept_as_a_keyed_hash_only(anonymous: httpx.AsyncClient, user: str, pool: Pool):
    await sign_in(anonymous, "mitt-hemliga-losenord", "x")
    rows = await pool.fetch("select sign_in::text as row from sign_in")
    assert rows
    assert not [row for row in rows if "hemliga" in row["row"] or b"hemliga".hex() in row["row"]]


async def test_a_one_time_password_opens_nothing_but_the_choice_of_another(
    app: ASGIApp, pool: Pool, user: str
):
    async with pool.acquire() as connection:
        await create_user(connection, "ny", "", "feed_admin", (), "engang-sord1-abcde", must_change=True)
    async with browser(app) as client:
        page = await sign_in(client, "ny", "engang-sord1-abcde", next="/?kind=call")
        assert page.status_code == 200
        assert "Välj ett eget" in page.text
        assert COOKIE not in client.cookies
        note = re.search(r'name="note" value="([^"]+)"', page.text)[1]

        async def change(password: str, again: str | None = None, note: str = note) -> httpx.Response:
            form = {"note": note, "password": password, "again": again or password, "next": "/?kind=call"}
            return await client.post("/login/password", data=form, headers=OURS)

        assert "inte lika" in (await change("ett eget lösenord", "ett annat lösenord")).text
        assert "för lätt att gissa" in (await change("kort")).text
        assert "annat lösenord än" in (await change("engang-sord1-abcde")).text
        assert "tog för lång tid" in (await change("ett eget lösenord", note=note[:-2] + "AA")).text
        done = await change("ett eget lösenord")
        assert (done.status_code, done.headers["location"]) == (303, "/?kind=call")
        assert (await client.get("/api/v1/feeds")).status_code == 200
        assert (await change("ännu ett eget lösenord")).status_code == 401  # the note was good for one change
    async with browser(app) as client:
        assert (await sign_in(client, "ny", "engang-sord1-abcde")).status_code == 401
        assert (await sign_in(client, "ny", "ett eget lösenord")).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "none"}],
)
async def test_a_form_on_another_site_signs_nobody_in(
    anonymous: httpx.AsyncClient, user: str, headers: dict[str, str]
):
    answer = await anonymous.post("/login", data={"username": user, "password": PASSWORD}, headers=headers)
    assert answer.status_code == 403
    assert COOKIE not in anonymous.cookies


async def test_each_sign_in_has_a_new_secret_and_ends_the_session_before(
    anonymous: httpx.AsyncClient, user: str, pool: Pool
):
    anonymous.cookies.set(COOKIE, "vald-av-nagon-annan")  # fixation: the secret is never the browser's choice
    first = (await sign_in(anonymous, user)).cookies[COOKIE]
    second = (await sign_in(anonymous, user)).cookies[COOKIE]
    assert len({first, second, "vald-av-nagon-annan"}) == 3
    anonymous.cookies.clear()
    old = await anonymous.get("/api/v1/feeds", headers={"Cookie": f"{COOKIE}={first}"})
    assert old.status_code == 401
    assert await pool.fetchval("select count(*) from app_session where ended_why = 'replaced'") == 1


@pytest.mark.parametrize("scheme", ["https", "http"])  # as the proxy says, or does not
async def test_over_https_the_cookie_is_bound_to_the_host_and_no_other_is_taken(
    dsn: str, var: Path, user: str, scheme: str
):
    app = create_app(Settings(var=var, public_url="https://lagesbild.example"), dsn)
    async with running(app), browser(app, f"{scheme}://lagesbild.example") as client:
        ours = {"Sec-Fetch-Site": "same-origin"}
        begun = await client.post("/login", data={"username": user, "password": PASSWORD}, headers=ours)
        cookie = begun.headers["set-cookie"]
        assert cookie.startswith(f"__Host-{COOKIE}=")
        for attribute in ("Secure", "HttpOnly", "Path=/", "SameSite=strict"):
            assert attribute in cookie
        assert "Domain" not in cookie
        assert begun.headers["strict-transport-security"]
        mine = {"Cookie": cookie.partition(";")[0]}
        assert (await client.get("/api/v1/feeds", headers=mine)).status_code == 200
        secret = cookie.partition(";")[0].partition("=")[2]
        client.cookies.clear()
        plain = await client.get("/api/v1/feeds", headers={"Cookie": f"{COOKIE}={secret}"})
        assert plain.status_code == 401


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_the_sign_in_page_knows_two_methods(anonymous: httpx.AsyncClient, method: str):
    answer = await anonymous.request(method, "/login")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


async def test_what_the_page_says_of_itself_comes_from_a_list(anonymous: httpx.AsyncClient):
    page = await anonymous.get(
        "/login", params={"said": "<script>alert(1)</script>", "next": '"><script>alert(2)'}
    )
    assert "<script" not in page.text
    assert (await anonymous.get("/login/sign_in.css")).headers["content-type"].startswith("text/css")

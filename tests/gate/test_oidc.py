"""Signing in at a provider, with a real one on loopback: what it vouches for holds, and no lie of its token does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app.commands.users import disable_user
from app.config import Settings
from app.gate import Gate
from app.gate.browser import COOKIE
from app.gate.sessions import utc_now
from app.main import create_app
from tests.api.test_gate import layer
from tests.gate.conftest import BASE, OURS, browser, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from starlette.types import ASGIApp

    from app.db import Pool

SECRET = "geheim" * 8
FROM_THERE = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document", "Accept": "text/html"}
ANALYST = {
    "name": "Anna Analys",
    "preferred_username": "Anna",
    "realm_access": {"roles": ["offline", "analyst"]},
}


class There:
    """The provider, and a person in front of it."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.client = httpx.Client(base_url=base, trust_env=False)

    def person(self, subject: str, claims: dict[str, Any]) -> None:
        self.client.put(f"/users/{subject}", json=claims).raise_for_status()

    def lie(self, **how: Any) -> None:
        self.client.put("/lies", json=how).raise_for_status()

    def log_in(self, address: str, subject: str = "a-1") -> str:
        """Fill in the provider's form; where it sends the browser."""
        answer = self.client.post(address, data={"sub": subject})
        assert answer.status_code == 302, answer.text
        return answer.headers["location"].removeprefix(BASE)

    def logout_token(self, **claims: Any) -> str:
        return self.client.post("/logout-token", json=claims).text


@pytest.fixture(scope="module")
def provider() -> Iterator[There]:
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("provider.py"))], stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    there = There(f"http://127.0.0.1:{process.stdout.readline().strip()}")
    yield there
    there.client.close()
    process.terminate()
    process.wait(10)
    process.stdout.close()


@pytest.fixture
def there(provider: There) -> There:
    provider.lie()
    provider.person("a-1", ANALYST)
    return provider


@pytest.fixture
async def app(dsn: str, var: Path, there: There) -> AsyncIterator[ASGIApp]:
    app = create_app(
        Settings(var=var, oidc_issuer=there.base, oidc_client_secret=SECRET, oidc_name="Keycloak"), dsn
    )
    async with running(app):
        yield app


@pytest.fixture
async def client(app: ASGIApp, pool: Pool) -> AsyncIterator[httpx.AsyncClient]:
    await pool.execute("delete from sign_in")
    async with browser(app) as client:
        yield client


async def leave(client: httpx.AsyncClient, there: str = "/?kind=call") -> str:
    """Press the button; where the browser is sent."""
    answer = await client.get("/login/oidc", params={"next": there})
    assert answer.status_code == 303
    return answer.headers["location"]


async def come(client: httpx.AsyncClient, there: There, subject: str = "a-1") -> httpx.Response:
    """All of it, up to the answer to the browser that comes back."""
    return await client.get(there.log_in(await leave(client), subject), headers=FROM_THERE)


def said(answer: httpx.Response) -> str:
    """Why a sign-in was refused."""
    assert answer.status_code == 303
    where = urlsplit(answer.headers["location"])
    assert where.path == "/login"
    return parse_qs(where.query)["said"][0]


async def test_whom_the_provider_vouches_for_comes_in_and_on_to_where_one_wanted(
    client: httpx.AsyncClient, there: There, pool: Pool
):
    page = await client.get("/login")
    assert "Logga in med Keycloak" in page.text
    answer = await come(client, there)
    assert answer.status_code == 200  # a step of our own, with which the strict cookie is sent
    assert re.search(r'content="0; url=/\?kind=call"', answer.text)
    assert (await client.get("/api/v1/offences")).status_code == 200
    user = await pool.fetchrow("select * from app_user where subject = 'a-1'")
    assert (user["issuer"], user["username"], user["name"], user["role"]) == (
        there.base,
        "anna",
        "Anna Analys",
        "analyst",
    )
    assert user["password_hash"] is None


async def test_it_is_asked_with_a_challenge_a_state_and_a_nonce_made_for_once(client: httpx.AsyncClient):
    asked = [parse_qs(urlsplit(await leave(client)).query) for _ in range(2)]
    assert asked[0]["code_challenge_method"] == ["S256"]
    assert asked[0]["response_type"] == ["code"]
    assert asked[0]["redirect_uri"] == [f"{BASE}/login/oidc/callback"]
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[0][name][0]) >= 43
        assert asked[0][name] != asked[1][name]


async def test_the_note_that_waits_for_the_answer_is_kept_from_scripts_and_gone_afterwards(
    client: httpx.AsyncClient, there: There
):
    cookie = (await client.get("/login/oidc")).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age=600" in cookie
    await come(client, there)
    assert "lagesbild-oidc" not in client.cookies


LIES = {
    "unsigned": {"sign": "none"},
    "signed with the secret": {"sign": "secret"},
    "signed with the public key": {"sign": "public"},
    "signed by a stranger": {"sign": "stranger"},
    "of another issuer": {"claims": {"iss": "https://evil.example"}},
    "without issuer": {"claims": {"iss": None}},
    "for another client": {"claims": {"aud": "another"}},
    "for several, without saying which": {"claims": {"aud": ["lagesbild", "another"]}},
    "for several, and another is meant": {"claims": {"aud": ["lagesbild", "another"], "azp": "another"}},
    "without audience": {"claims": {"aud": None}},
    "over": {"claims": {"exp": 1_700_000_000}},
    "without end": {"claims": {"exp": None}},
    "of the future": {"claims": {"iat": 4_000_000_000}},
    "not yet good": {"claims": {"nbf": 4_000_000_000}},
    "of another sign-in": {"claims": {"nonce": "another"}},
    "without nonce": {"claims": {"nonce": None}},
    "of nobody": {"claims": {"sub": None}},
    "of another access token": {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
}


@pytest.mark.parametrize("how", LIES)
async def test_no_token_is_believed_that_is(client: httpx.AsyncClient, there: There, how: str):
    there.lie(**LIES[how])
    assert said(await come(client, there)) == "provider_token"
    assert COOKIE not in client.cookies


async def test_a_key_that_is_new_is_asked_for(client: httpx.AsyncClient, there: There, app: ASGIApp):
    await come(client, there)
    provider = layer(app, Gate)._sign_in._provider._provider
    provider._keys = (provider._keys[0] - 31, provider._keys[1])  # half a minute later
    there.lie(sign="new")
    assert (await come(client, there)).status_code == 200


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"realm_access": {"roles": []}}, "no_role"),
        ({"realm_access": {"roles": ["system"]}}, "no_role"),
        ({"realm_access": {"roles": ["superuser", "Analyst"]}}, "no_role"),
        ({"realm_access": "analyst"}, "no_role"),
        ({}, "no_role"),
        ({"realm_access": {"roles": ["analyst", "auditor"]}}, "several_roles"),
        ({"realm_access": {"roles": ["area_chief"]}}, "no_areas"),
        ({"realm_access": {"roles": ["area_chief"]}, "lagesbild_areas": ["lpo-atlantis"]}, "no_areas"),
    ],
)
async def test_who_has_no_one_role_of_ours_is_told_so(
    client: httpx.AsyncClient, there: There, claims: dict[str, Any], why: str
):
    there.person("b-2", claims)
    answer = await come(client, there, "b-2")
    assert said(answer) == why
    page = await client.get(answer.headers["location"])
    assert "Be den som delar ut behörigheter" in page.text


async def test_roles_may_have_a_prefix_and_lie_elsewhere(dsn: str, var: Path, there: There, pool: Pool):
    settings = Settings(
        var=var,
        oidc_issuer=there.base,
        oidc_client_secret=SECRET,
        oidc_role_claim="groups",
        oidc_role_prefix="/lagesbild-",
    )
    app = create_app(settings, dsn)
    there.person("g-1", {"groups": ["/lagesbild-wall", "auditor", "/lagesbild-"]})
    async with running(app), browser(app) as client:
        assert (await come(client, there, "g-1")).status_code == 200
    assert await pool.fetchval("select role from app_user where subject = 'g-1'") == "wall"


async def test_a_chief_is_held_to_the_areas_that_the_provider_tells(
    client: httpx.AsyncClient, there: There, pool: Pool
):
    chief = {"realm_access": {"roles": ["area_chief"]}, "lagesbild_areas": ["lpo-sodermalm"]}
    there.person("c-3", chief)
    assert (await come(client, there, "c-3")).status_code == 200
    newest = "select areas from access_scope where ended_at is null order by created_at desc limit 1"
    assert await pool.fetchval(newest) == ["lpo-sodermalm"]


async def test_a_role_that_was_changed_there_holds_for_open_sessions_from_the_next_sign_in(
    app: ASGIApp, client: httpx.AsyncClient, there: There
):
    there.person("d-4", ANALYST)
    await come(client, there, "d-4")
    assert (await client.get("/api/v1/latest")).status_code in {200, 404}
    there.person("d-4", {"realm_access": {"roles": ["partner"]}})
    async with browser(app) as other:
        await come(other, there, "d-4")
    refused = await client.get("/api/v1/counts")
    assert refused.status_code == 403
    assert "partner" in refused.json()["error"]


async def test_who_is_disabled_here_does_not_come_in_by_the_provider(
    client: httpx.AsyncClient, there: There, pool: Pool
):
    there.person("e-5", ANALYST)
    await come(client, there, "e-5")
    async with pool.acquire() as connection:
        number = await connection.fetchval("select user_id from app_user where subject = 'e-5'")
        await disable_user(connection, number, utc_now())
    assert (await client.get("/api/v1/offences")).status_code == 401
    assert said(await come(client, there, "e-5")) == "disabled"


async def test_an_answer_that_this_browser_did_not_ask_for_signs_nobody_in(
    app: ASGIApp, client: httpx.AsyncClient, there: There
):
    back = there.log_in(await leave(client))
    async with browser(app) as victim:
        assert said(await victim.get(back, headers=FROM_THERE)) == "late"
        await leave(victim)
        assert said(await victim.get(back, headers=FROM_THERE)) == "late"  # a note, but of another sign-in
    assert said(await client.get(re.sub("state=[^&]+", "state=x", back))) == "late"
    assert said(await client.get(f"{back}&iss=https://evil.example")) == "provider_token"


async def test_a_code_is_good_once_and_only_with_its_verifier(client: httpx.AsyncClient, there: There):
    first, second = await leave(client), await leave(client)
    code = parse_qs(urlsplit(there.log_in(first)).query)["code"][0]
    other = there.log_in(second)
    stolen = re.sub("code=[^&]+", f"code={code}", other)  # another's code, put into one's own sign-in
    assert said(await client.get(stolen, headers=FROM_THERE)) == "provider_refused"
    assert (await client.get(other, headers=FROM_THERE)).status_code == 200
    assert said(await client.get(other, headers=FROM_THERE)) == "late"


async def test_who_says_no_at_the_provider_is_not_signed_in(client: httpx.AsyncClient, there: There):
    address = await leave(client)
    answer = there.client.post(address, data={"action": "deny"})
    state = parse_qs(urlsplit(address).query)["state"][0]
    back = answer.headers["location"].removeprefix(BASE) + f"&state={state}"
    assert said(await client.get(back, headers=FROM_THERE)) == "provider_refused"


async def test_signing_out_offers_to_sign_out_there_too(client: httpx.AsyncClient, there: There):
    await come(client, there)
    answer = await client.post("/logout", headers=OURS)
    assert answer.status_code == 303
    assert (await client.get("/api/v1/offences")).status_code == 401
    page = await client.get(answer.headers["location"])
    assert "Du är utloggad" in page.text
    assert 'href="/login/oidc/out"' in page.text
    out = await client.get("/login/oidc/out")
    assert out.headers["location"].startswith(f"{there.base}/oauth2/end_session?client_id=lagesbild&")


async def test_the_provider_ends_sessions_by_itself(
    client: httpx.AsyncClient, app: ASGIApp, there: There, pool: Pool
):
    there.person("f-6", {**ANALYST, "sid": "session-at-provider"})
    await come(client, there, "f-6")
    async with browser(app) as server:

        async def tell(token: str) -> int:
            return (await server.post("/login/oidc/backchannel", data={"logout_token": token})).status_code

        for token in (
            there.logout_token(sub="f-6", events=None), there.logout_token(sub="f-6", nonce="x"),
            there.logout_token(sub="f-6", aud="another"), there.logout_token(),
            there.logout_token(sub="f-6")[:-4] + "AAAA",
            "", "x",
        ):  # fmt: skip
            assert await tell(token) == 400
        assert (await client.get("/api/v1/offences")).status_code == 200
        assert await tell(there.logout_token(sub="f-6", sid="session-at-provider")) == 200
        assert (await client.get("/api/v1/offences")).status_code == 401
        await come(client, there, "f-6")
        assert await tell(there.logout_token(sub="f-6")) == 200
        assert (await client.get("/api/v1/offences")).status_code == 401
    assert await pool.fetchval("select count(*) from app_session where ended_why = 'provider'") == 2


async def test_a_provider_that_does_not_answer_is_said_and_others_still_come_in(
    dsn: str, var: Path, token: str
):
    app = create_app(Settings(var=var, oidc_issuer="http://127.0.0.1:9"), dsn)
    async with running(app), browser(app) as client:
        answer = await client.get("/login/oidc")
        assert said(answer) == "provider_away"
        assert (await client.post("/login", data={"token": token})).status_code == 303


@pytest.mark.parametrize("issuer", ["http://sso.example", "ftp://x", "sso.example"])
def test_a_provider_is_spoken_to_over_https_only(var: Path, issuer: str):
    with pytest.raises(ValueError, match="begins with https"):
        Settings(var=var, oidc_issuer=issuer)

"""The pages that are there without a session, in HTML alone: no script runs on them, Swedish goes first."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse

from app.gate.headers import POLICY, page_policy

if TYPE_CHECKING:
    from collections.abc import Mapping

SAID: dict[str, tuple[str, str]] = {
    "wrong": (
        "Uppgifterna stämmer inte. Kontrollera användarnamn och lösenord.",
        "Name or password is not right. Check both.",
    ),
    "token": (
        "Nyckeln gäller inte. Kontrollera att hela kom med.",
        "The token is not valid. Check that all of it was copied.",
    ),
    "too_many": (
        "För många försök. Vänta {minutes} min och försök sedan igen.",
        "Too many tries. Wait {minutes} min, then try again.",
    ),
    "elsewhere": (
        "Inloggningen skickades från en annan webbplats. Fyll i den här i stället.",
        "The sign-in was sent by another site. Fill it in here instead.",
    ),
    "must_change": (
        "Lösenordet är ett engångslösenord. Välj ett eget innan du går vidare.",
        "This is a one-time password. Choose your own before you go on.",
    ),
    "not_same": ("De två lösenorden är inte lika.", "The two passwords are not the same."),
    "same_again": (
        "Välj ett annat lösenord än engångslösenordet.",
        "Choose another than the one-time password.",
    ),
    "weak": (
        "Lösenordet är för lätt att gissa: minst 12 tecken, inte ditt namn, inte samma tecken om och om igen.",
        "The password is too easily guessed: at least 12 characters, not your name, not repeated.",
    ),
    "late": ("Det tog för lång tid. Logga in igen.", "It took too long. Sign in again."),
    "no_role": (
        "Kontot har ingen roll i lägesbilden. Be den som delar ut behörigheter om en.",
        "The account has no role in the picture. Ask whoever grants access for one.",
    ),
    "several_roles": (
        "Kontot har flera roller i lägesbilden; en i taget gäller. Be den som delar ut behörigheter välja.",
        "The account has several roles in the picture; one at a time holds. Ask whoever grants access to choose.",
    ),
    "no_areas": (
        "Kontot är områdeschef utan område eller med ett okänt. Be den som delar ut behörigheter rätta det.",
        "The account is an area chief without an area, or with one that does not exist. Ask whoever grants access.",
    ),
    "disabled": ("Kontot är avstängt här.", "The account is disabled here."),
    "provider_refused": (
        "Inloggningen avbröts eller godtogs inte. Försök igen.",
        "The sign-in was stopped or not accepted. Try again.",
    ),
    "provider_token": (
        "Svaret från inloggningstjänsten kunde inte godtas. Försök igen, och säg till driften om det upprepas.",
        "The provider's answer could not be accepted. Try again, and tell those who run this if it happens again.",
    ),
    "provider_away": (
        "Inloggningstjänsten svarar inte just nu. Försök igen om en stund.",
        "The sign-in provider does not answer just now. Try again in a moment.",
    ),
    "signed_out": ("Du är utloggad.", "You are signed out."),
}
GOOD = frozenset({"signed_out", "must_change"})

FRAME = """<!doctype html>
<html lang="sv"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lägesbild – {title}</title>
<link rel="icon" type="image/svg+xml" href="/favicon.ico">
<link rel="stylesheet" href="/login/sign_in.css"></head>
<body><main>
<header class="brand"><span class="mark" aria-hidden="true"></span><div><h1>Lägesbild</h1>
<p>{region}</p></div></header>
<section class="card">{said}{content}</section>
<p class="note">Varje läsning av uppgifter om personer loggas med namn, tid och skäl.
<span lang="en">Every reading of data about persons is logged with name, time and reason.</span></p>
</main></body></html>"""

BY_NAME = """<form method="post" action="/login">
<label><span>Användarnamn<span lang="en">User name</span></span>
<input name="username" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="100"
 required{focus}></label>
<label><span>Lösenord<span lang="en">Password</span></span>
<input name="password" type="password" autocomplete="current-password" maxlength="256" required></label>
<input type="hidden" name="next" value="{there}">
<button{quiet}>Logga in<span lang="en">Sign in</span></button>
</form>"""

BY_PROVIDER = """<a class="button" href="/login/oidc?{query}">Logga in med {name}<span lang="en">Sign in</span></a>
<p class="or"><span>eller <span lang="en">or</span></span></p>"""

BY_KEY = """<details{opened}><summary>Åtkomstnyckel<span lang="en">Access token</span></summary>
<form method="post" action="/login">
<label><span>Nyckel<span lang="en">Token</span></span>
<input name="token" type="password" autocomplete="off" required></label>
<input type="hidden" name="next" value="{there}">
<button class="quiet">Logga in med nyckel<span lang="en">Sign in with a token</span></button>
</form></details>"""

CHANGE = """<form method="post" action="/login/password">
<input type="hidden" name="note" value="{note}"><input type="hidden" name="next" value="{there}">
<input type="hidden" name="username" autocomplete="username" value="{username}">
<label><span>Nytt lösenord<span lang="en">New password</span></span>
<input name="password" type="password" autocomplete="new-password" minlength="12" maxlength="256"
 required autofocus></label>
<label><span>Samma igen<span lang="en">The same again</span></span>
<input name="again" type="password" autocomplete="new-password" minlength="12" maxlength="256" required></label>
<p>Minst 12 tecken; tre eller fyra ord går bra.
<span lang="en">At least 12 characters; three or four words will do.</span></p>
<button>Spara och gå vidare<span lang="en">Save and go on</span></button>
</form>"""

LEAVE_PROVIDER = """<a class="button quiet" href="/login/oidc/out">Logga ut även hos {name}
<span lang="en">Sign out there too</span></a>"""

AGAIN = (
    '<!doctype html><html lang="sv"><title>Lägesbild</title><meta http-equiv="refresh" content="0{where}">'
)
"""What another site leads to brings no session with it (``SameSite``); asked for again from here, it does."""


def sign_in_page(
    region: str, there: str, *, said: str | None = None, minutes: int = 0, provider: str | None = None,
    query: str = "", left_provider: bool = False, status: int = 200, headers: Mapping[str, str] | None = None,
) -> HTMLResponse:  # fmt: skip
    """The page that asks who it is."""
    where = html.escape(there, quote=True)
    name = html.escape(provider or "")
    parts = [
        "" if said else '<h2>Logga in<span lang="en">Sign in</span></h2>',
        LEAVE_PROVIDER.format(name=name) if left_provider and provider else "",
        BY_PROVIDER.format(name=name, query=html.escape(query, quote=True)) if provider else "",
        BY_NAME.format(
            there=where, focus="" if provider else " autofocus", quiet=' class="quiet"' if provider else ""
        ),
        BY_KEY.format(there=where, opened=" open" if said == "token" else ""),
    ]
    return _page(region, "logga in", "".join(parts), said, minutes, status, headers)


def change_page(
    region: str, there: str, note: str, username: str, *, said: str, status: int = 200
) -> HTMLResponse:
    """The page that asks for a password of one's own."""
    content = '<h2>Byt lösenord<span lang="en">Change password</span></h2>' + CHANGE.format(
        note=html.escape(note),
        there=html.escape(there, quote=True),
        username=html.escape(username, quote=True),
    )
    return _page(region, "byt lösenord", content, said, 0, status)


def again_page(where: str | None = None) -> HTMLResponse:
    """A page that asks at once for the same address again, or for ``where``."""
    place = f"; url={html.escape(where, quote=True)}" if where else ""
    return HTMLResponse(AGAIN.format(where=place), headers={"Cache-Control": "no-store"})


def _page(
    region: str, title: str, content: str, said: str | None, minutes: int, status: int,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:  # fmt: skip
    return HTMLResponse(
        FRAME.format(region=html.escape(region), title=title, said=_said(said, minutes), content=content), status,
        {"Cache-Control": "no-store", POLICY: page_policy(), **(headers or {})},
    )  # fmt: skip


def _said(key: str | None, minutes: int) -> str:
    if key not in SAID:
        return ""
    swedish, english = (text.format(minutes=minutes) for text in SAID[key])
    good = key in GOOD
    return (
        f'<p class="said{" good" if good else ""}" role="{"status" if good else "alert"}">{swedish}'
        f' <span lang="en">{english}</span></p>'
    )

"""An address on this server that may be kept and shared: a page and what is looked at, and nothing besides.

An address outlives the moment in which somebody copied it. So it names no other host, carries nothing that signs
anybody in, and points at no person: a pair is opened from its list, with a reason, each time.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, urlencode

from app.domain.errors import BadInput
from app.domain.personal_number import holds_number

LONGEST = 1000
OWN = frozenset({"lang", "theme", "wall"})
"""How the person who opens it wants the screen; left out."""
REFUSED = frozenset(
    {
        "login",
        "token",
        "code",
        "state",
        "session",
        "password",
        "secret",
        "key",
        "pair",
        "person",
        "log",
        "reason",
    }
)
PATH = re.compile(r"/[a-z]{0,40}")
NAME = re.compile(r"[a-z][a-z_]{0,40}")
VALUE = re.compile(r"[\w.,:+ -]{1,500}")
SECRET = re.compile(r"[A-Za-z0-9_-]{32,}")
UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def kept_address(text: str) -> str:
    """The address in the one form in which it is kept: ``/omrade?area=lpo-sodermalm&window=7d``.

    Raises:
        BadInput: It is no address of a page here, or holds something that an address may not.
    """
    path, mark, query = text.partition("?")
    if len(text) > LONGEST or not PATH.fullmatch(path) or "#" in query:
        raise BadInput(
            "A view is an address of a page here, such as /omrade?area=lpo-sodermalm&window=7d.",
            sv="En vy är en adress till en sida här, som /omrade?area=lpo-sodermalm&window=7d.",
        )
    try:
        given = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(mark and query), errors="strict")
    except ValueError:
        raise BadInput(
            "The part of the address after ? cannot be read; copy it anew from the page.",
            sv="Det som står efter ? i adressen kunde inte läsas; kopiera den på nytt från sidan.",
        ) from None
    told = [(name, value) for name, value in given if name not in OWN]
    for name, value in told:
        _require_harmless(name, value)
    if len({name for name, _ in told}) != len(told):
        raise BadInput(
            "The address names something twice; copy it anew from the page.",
            sv="Adressen anger något två gånger; kopiera den på nytt från sidan.",
        )
    return path + ("?" + urlencode(told, safe=",:", quote_via=quote) if told else "")


def kept_name(text: str) -> str:
    """The name under which a view is kept: 1 to 80 characters on one line, of nobody's personal number.

    Raises:
        BadInput: It is none.
    """
    name = " ".join(text.split())
    if not 1 <= len(name) <= 80 or not name.isprintable():
        raise BadInput(
            "A view needs a name of 1 to 80 characters.", sv="En vy behöver ett namn på 1 till 80 tecken."
        )
    if holds_number(name):
        raise BadInput(
            "The name looks as if it held a personal number; call the view something else.",
            sv="Namnet ser ut att innehålla ett personnummer; kalla vyn något annat.",
        )
    return name


def _require_harmless(name: str, value: str) -> None:
    if not NAME.fullmatch(name) or name in REFUSED:
        raise BadInput(
            f"An address with {name[:40]!r} in it cannot be kept; leave that out.",
            sv=f"En adress med {name[:40]!r} i går inte att spara; ta bort det.",
        )
    secret = SECRET.search(value)
    if (
        not VALUE.fullmatch(value)
        or (secret and not UID.fullmatch(value))
        or holds_number(value, decimals=True)
    ):
        raise BadInput(
            f"What the address says of {name!r} cannot be kept; choose it anew on the page.",
            sv=f"Det som adressen säger om {name!r} går inte att spara; välj det på nytt på sidan.",
        )

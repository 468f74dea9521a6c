"""The web's own logins: what the server that faces people signs in to the database with. Neither owns anything.

``lagesbild_web`` reads under the role of each viewer's scope; ``lagesbild_door`` looks sessions up and does nothing
else. So a statement that somebody slips into a read reaches no session, no scope and no key.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Literal
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

Login = Literal["web", "door"]
LOGINS: tuple[Login, ...] = ("web", "door")

ITERATIONS = 4096


def login_url(dsn: str, login: Login, password: str) -> str:
    """The URL of the same database for one of our logins; the owner's name and password are left out."""
    parts = urlsplit(dsn)
    place = parts.netloc.rpartition("@")[2]
    query = urlencode(
        [pair for pair in parse_qsl(parts.query) if pair[0] not in {"user", "password"}], safe="/"
    )
    return f"{parts.scheme}://lagesbild_{login}:{quote(password, safe='')}@{place}{parts.path}?{query}"


def scram_verifier(password: str, salt: bytes) -> str:
    """What PostgreSQL keeps of a password (SCRAM-SHA-256, RFC 5802 and 7677), so that it never sees the password."""
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS)
    client = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    written = (base64.b64encode(part).decode() for part in (salt, client, server))
    return "SCRAM-SHA-256${}:{}${}:{}".format(ITERATIONS, *written)

"""The gate of the settings, put together."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.commands.sessions import Limits
from app.gate.gate import Gate
from app.gate.limits import RequestLimit
from app.gate.oidc import Provider
from app.gate.provider import ProviderSignIn
from app.gate.sessions import Sessions, utc_now
from app.gate.sign_in import SignIn

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp

    from app.config import Settings
    from app.db import Door
    from app.queries.live import Live


def build_gate(
    app: ASGIApp, settings: Settings, region: str, door: Door, live: Live, key: bytes,
    clock: Callable[[], datetime] = utc_now,
) -> Gate:  # fmt: skip
    """The gate before ``app``.

    Args:
        app: What lies behind.
        settings: Time limits, the public address, the provider.
        region: The region's name in Swedish, for the sign-in page.
        door: The database login of the gate.
        live: Tells of scopes that ended.
        key: Seals what browsers keep for us meanwhile; lies outside the database.
        clock: Gives the time, with its zone.
    """
    limits = Limits(timedelta(minutes=settings.session_idle_minutes), timedelta(hours=settings.session_hours))
    sessions = Sessions(door, live, limits, clock)
    provider = None
    if settings.oidc_issuer is not None:
        provider = ProviderSignIn(Provider(settings, clock), sessions, key, settings.public_url)
    sign_in = SignIn(sessions, key, region, provider)
    if provider is not None:
        provider.sign_in = sign_in
    limit = RequestLimit(settings.person_requests_per_minute)
    return Gate(app, sessions, sign_in, limit, hosts=settings.hosts, public_host=settings.public_host)

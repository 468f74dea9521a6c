"""The health of one feed over HTTP: what the page Källor shows of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Path, Request, Response

from app.api import feed_health_examples as examples
from app.api.answers import Json
from app.api.asked import From, KnownAt, To, day, moment
from app.api.routing import MaySeeFigures, routes
from app.api.services import services_of
from app.domain.errors import NotFound
from app.domain.window import Window
from app.queries import feed_health as queries
from app.queries import ledger

if TYPE_CHECKING:
    from app.queries.feed_health import Health

DEFAULT_DAYS = 7

router = routes()


@router.get("/feeds/{feed}/health", response_class=Json, responses=examples.HEALTH)
async def health(
    request: Request,
    viewer: MaySeeFigures,
    feed: Annotated[str, Path(description="The feed.", examples=["uppdrag"])],
    from_: From = None,
    to: To = None,
    known_at: KnownAt = None,
) -> Response:
    """How a feed comes in: its state, its learned rhythm, unusual silences, rows by outcome and day, and its delay.

    `state` is good, late, silent or never. A window left open is the last seven days; of a longer one than 31 days the
    last 31 are told. Lengths are seconds. The rhythm is the usual time to the next sign of life by weekday (1 is
    Monday) and hour of the region; `allowed_s` is how long the present silence may last before the feed is late. Of the
    delay `hours` are quantiles (share: hours) and `steps` counts between `edges_h`.
    """
    services = services_of(request)
    if feed not in services.feeds or services.feeds[feed].demo:
        raise NotFound(f"There is no feed {feed!r}; /api/v1/feeds lists those that were heard of.")
    asked_at = moment("known_at", known_at) if known_at is not None else None
    async with services.reader(viewer).transaction() as connection:
        now, position = await ledger.moment(connection)
        at = min(asked_at or now, now)
        window = _window(from_, to, services.region.day(at))
        found = await queries.health(
            connection,
            services.feeds,
            services.rhythms,
            services.region,
            (window.first, window.last),
            at,
            now,
        )
    one = next((told for told in found if told.facts.name == feed), None)
    if one is None:
        raise NotFound(f"The feed {feed} has never been heard of here.")
    told = {**told_of(one), "known_at": at, "position": str(position)}
    return Json(told, headers={"Cache-Control": "no-store"})


def _window(first: str | None, last: str | None, today: date) -> Window:
    ends = day("to", last) if last is not None else today
    begins = day("from", first) if first is not None else ends - timedelta(days=DEFAULT_DAYS - 1)
    return Window(begins, ends)


def told_of(one: Health) -> dict[str, Any]:
    """The health as it is answered."""
    delay = one.delay
    return {
        "feed": one.facts.name,
        "kind": one.facts.kind,
        "state": one.state,
        "heard_at": one.heard.at,
        "answered_at": one.heard.answered_at,
        "silent_since": one.silent_since if one.state in {"late", "silent"} else None,
        "allowed_s": None if one.allowed is None else round(one.allowed.total_seconds()),
        "floor_s": round(one.facts.floor.total_seconds()),
        "message": one.heard.message,
        "quarantine_open": one.waits,
        "rhythm": [
            {"weekday": weekday, "hour": hour, "silences": cell.gaps, "usual_s": cell.usual.total_seconds()}
            for (weekday, hour), cell in sorted(one.rhythm.cells.items())
        ],
        "silences": [{"from": begins, "to": ends, "state": state} for begins, ends, state in one.gaps],
        "days": [dict(row) for row in one.days],
        "delay": None
        if delay is None
        else {
            "incidents": delay.incidents,
            "hours": {f"{share:g}": round(hours, 3) for share, hours in delay.hours.items()},
            "edges_h": list(queries.EDGES_H),
            "steps": list(delay.steps),
        },
    }

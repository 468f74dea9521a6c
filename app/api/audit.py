"""The log over HTTP, for auditors: who read whom, when and why; what is unusual; whether the log is whole.

Looking at the log is itself in the log. Persons are short digits, other than those on the pages of cases.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, cast

from fastapi import Depends, Query, Request, Response

from app.api import audit_examples as examples
from app.api.answers import Json
from app.api.asked import day
from app.api.routing import MaySeeLog, routes
from app.api.services import services_of
from app.commands.consult import Consultation, logged
from app.domain.errors import BadInput
from app.domain.spreadsheet import BOM, DELIMITERS, rows_as_csv
from app.domain.unusual import rules, unusual
from app.queries import audit

if TYPE_CHECKING:
    from app.domain.region import Region

router = routes()

DEFAULT_DAYS = 7
MOST = 100_000
NO_STORE = {"Cache-Control": "no-store"}
COLUMNS = {
    "log_id": "Nummer",
    "at": "Tid",
    "actor": "Vem",
    "name": "Namn",
    "role": "Roll",
    "action": "Åtgärd",
    "what": "Vad",
    "reason": "Skäl",
    "reason_text": "Egna ord",
    "persons": "Personer",
    "areas": "Områden",
    "found": "Antal",
    "sealed": "Förseglad",
}
"""Field of a row to its heading in Swedish; in English the field's own name is the heading."""

From = Annotated[
    str | None,
    Query(alias="from", description="First day of the region; default 7 days back.", examples=["2026-11-18"]),
]
To = Annotated[str | None, Query(description="Last day, inclusive; default today.", examples=["2026-11-24"])]
Actor = Annotated[str | None, Query(description="Whose readings.", examples=["user:12"], max_length=100)]
Action = Annotated[
    str | None, Query(description="read, search, export, denied or change.", examples=["read"])
]


def of_days(request: Request, from_: From = None, to: To = None) -> audit.LogFilters:
    """The days that are asked for, as moments of the region."""
    region = services_of(request).region
    last = day("to", to) if to is not None else region.day(datetime.now(UTC))
    first = day("from", from_) if from_ is not None else last - timedelta(days=DEFAULT_DAYS - 1)
    if last < first:
        raise BadInput(f"to={last} lies before from={first}; turn them round.")
    return audit.LogFilters(region.midnight(first), region.midnight(last + timedelta(days=1)))


OfDays = Annotated[audit.LogFilters, Depends(of_days)]


def of_rows(days: OfDays, actor: Actor = None, action: Action = None) -> audit.LogFilters:
    """The days, and whose readings of what kind."""
    if action is not None and action not in audit.ACTIONS:
        raise BadInput(f"action={action}: choose one of {', '.join(audit.ACTIONS)}.")
    return replace(days, actor=actor, action=action)


OfRows = Annotated[audit.LogFilters, Depends(of_rows)]


@router.get("/log", response_class=Json, responses=examples.LOG)
async def log(
    request: Request,
    viewer: MaySeeLog,
    filters: OfRows,
    after: Annotated[int | None, Query(description="`next` of the page before.", ge=1)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> Response:
    """Rows of the log, newest first: who read whom, when, why, and how many rows were given out."""
    async with logged(services_of(request).reader(viewer), _consultation("search", "log", filters)) as read:
        rows = await audit.page(read.connection, filters, after, limit)
        read.found(len(rows))
    rest = rows[-1]["log_id"] if len(rows) == limit else None
    return Json({"rows": rows, "next": rest}, headers=NO_STORE)


@router.get("/log/unusual", response_class=Json, responses=examples.UNUSUAL)
async def unusual_readings(request: Request, viewer: MaySeeLog, filters: OfDays) -> Response:
    """Unusual readings, the last first: a rule, whose readings, and which rows. Nobody is weighed or ranked."""
    services = services_of(request)
    async with logged(services.reader(viewer), _consultation("search", "log/unusual", filters)) as read:
        readings = await audit.readings(read.connection, filters.since, filters.until)
        colleagues = await audit.colleagues(read.connection)
        found = await asyncio.to_thread(unusual, readings, colleagues, services.region.zone)
        read.found(len(found))
    rows = [
        {
            "rule": one.rule, "text_sv": rules()[one.rule].text("sv"), "text_en": rules()[one.rule].text("en"),
            "actor": one.actor, "name": one.name, "role": one.role, "first_at": one.first_at, "last_at": one.last_at,
            "count": one.count, "persons": audit.digits(one.persons), "log_ids": one.log_ids,
        }
        for one in found
    ]  # fmt: skip
    return Json({"rows": rows}, headers=NO_STORE)


@router.get("/log/state", response_class=Json, responses=examples.STATE)
async def state(request: Request, viewer: MaySeeLog) -> Response:
    """How far the log is sealed, and what the last check of all of it found."""
    async with services_of(request).reader(viewer).transaction() as connection:
        return Json(await audit.state(connection), headers=NO_STORE)


@router.get("/log.csv", response_class=Response, responses=examples.EXPORT)
async def export(
    request: Request,
    viewer: MaySeeLog,
    filters: OfRows,
    delimiter: Annotated[str, Query(description="semicolon (Excel in Swedish), comma or tab.")] = "semicolon",
    lang: Annotated[str, Query(description="Headings: sv or en (the names of the fields).")] = "sv",
) -> Response:
    """The log as CSV, newest first, at most 100 000 rows; the export is itself in the log."""
    if delimiter not in DELIMITERS:
        raise BadInput(f"delimiter={delimiter}: choose one of {', '.join(DELIMITERS)}.")
    if lang not in {"sv", "en"}:
        raise BadInput(f"lang={lang}: choose sv or en.")
    services = services_of(request)
    async with logged(services.reader(viewer), _consultation("export", "log.csv", filters)) as read:
        rows = await audit.page(read.connection, filters, None, MOST + 1)
        if len(rows) > MOST:
            raise BadInput(f"That is more than {MOST} rows; choose fewer days.")
        read.found(len(rows))
    heading = COLUMNS.values() if lang == "sv" else COLUMNS.keys()
    told = ([_cell(row[name], services.region) for name in COLUMNS] for row in rows)
    content = await asyncio.to_thread(
        lambda: BOM + rows_as_csv([heading], DELIMITERS[delimiter]) + rows_as_csv(told, DELIMITERS[delimiter])
    )
    name = f"lagesbild_logg_{datetime.now(UTC):%Y%m%dT%H%M%SZ}.csv"
    headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{name}"', "X-Rows": str(len(rows))}
    return Response(content, headers=headers, media_type="text/csv; charset=utf-8")


def _consultation(action: Any, what: str, filters: audit.LogFilters) -> Consultation:
    told = {"since": filters.since.isoformat(), "until": filters.until.isoformat()}
    chosen = {"actor": filters.actor, "action": filters.action}
    return Consultation(action, what, filter=told | {name: value for name, value in chosen.items() if value})


def _cell(value: Any, region: Region) -> str | float | None:
    if isinstance(value, datetime):
        return f"{value.astimezone(region.zone):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, list):
        return " ".join(value)
    return int(value) if isinstance(value, bool) else cast("str | float | None", value)

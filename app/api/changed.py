"""What changed between two moments of knowing, over HTTP: as a list, as numbers, and as a file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, tzinfo
from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Query, Request, Response
from starlette.responses import StreamingResponse

from app.api import change_examples as examples
from app.api.answers import Json, answer
from app.api.asked import AskedFilters, FromHour, ToHour, day, moment, page_mark
from app.api.routing import MaySeeFigures, MaySeeIncidents, routes
from app.api.services import services_of
from app.commands.consult import Consultation, logged
from app.db import Reader
from app.domain.errors import BadInput
from app.domain.permissions import allows
from app.domain.spreadsheet import BOM, DELIMITERS, rows_as_csv
from app.domain.window import LAST_HOUR, Filters, Window
from app.queries import ledger
from app.queries.changes import EVER, ChangePlace, changes
from app.queries.changes_summary import changes_summary

router = routes()

PAGE = 500
MOST = 100_000
"""More are refused, so that nobody takes a part for the whole."""
COLUMNS = {
    "uid": "Händelse",
    "change": "Ändring",
    "known_at": "Känt vid",
    "fields": "Ändrade fält",
    **{
        f"{side}_{name}": f"{text} {word}"
        for side, word in (("before", "före"), ("after", "efter"))
        for name, text in {
            "state": "Läge",
            "occurred_from": "Inträffat från",
            "occurred_to": "Inträffat till",
            "offence": "Brottskod",
            "offences": "Antal brott",
            "area": "Områdeskod",
            "area_name": "Område",
            "precision": "Noggrannhet",
            "title": "Rubrik",
            "place_text": "Plats",
            "priority": "Prioritet",
        }.items()
    },
}
"""Column to its heading in Swedish; in English the column's own name is the heading."""


class Between(NamedTuple):
    """Two moments of knowing (the later None: now), and what the happenings are held to."""

    since: datetime
    until: datetime | None
    happened: Window | None
    filters: Filters


def between(
    chosen: AskedFilters,
    since: Annotated[
        str, Query(description="Known at this moment …", examples=["2026-11-24T06:00:00+01:00"])
    ],
    until: Annotated[str | None, Query(description="… and at this one; default now.")] = None,
    from_: Annotated[
        str | None, Query(alias="from", description="Only what happened, on either side, from this day …")
    ] = None,
    to: Annotated[
        str | None, Query(description="… to this one, inclusive. Default: whenever it happened.")
    ] = None,
    from_hour: FromHour = 0,
    to_hour: ToHour = LAST_HOUR,
) -> Between:
    """What is compared."""
    if (from_ is None) != (to is None):
        raise BadInput("Give both from and to, or neither for whenever it happened.")
    happened = None
    if from_ is not None and to is not None:
        happened = Window(day("from", from_), day("to", to), first_hour=from_hour, last_hour=to_hour)
    ends = moment("until", until) if until is not None else None
    return Between(moment("since", since), ends, happened, chosen[0])


AskedBetween = Annotated[Between, Depends(between)]


@router.get("/changes", response_class=Json, responses=examples.CHANGES)
async def changes_(
    request: Request,
    viewer: MaySeeIncidents,
    asked: AskedBetween,
    after: Annotated[str | None, Query(description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = PAGE,
) -> Response:
    """What was added, corrected, withdrawn or moved between two moments of knowing, before and after."""
    place = ChangePlace.parse(page_mark(after)) if after is not None else None
    async with services_of(request).reader(viewer).transaction() as connection:
        now, position = await ledger.moment(connection)
        rows, rest = await changes(
            connection,
            asked.since,
            asked.until or max(now, asked.since),
            asked.filters,
            happened=asked.happened or EVER,
            after=place,
            limit=limit,
        )
    return answer(rows, asked.until or now, position, since=asked.since, next=str(rest) if rest else None)


@router.get("/changes/counts", response_class=Json, responses=examples.COUNTS)
async def counted(request: Request, viewer: MaySeeFigures, asked: AskedBetween) -> Response:
    """How many incidents were added, corrected, withdrawn and moved between two moments of knowing.

    For whoever sees figures; the list itself needs the right to see incidents. `anywhere` counts whenever it happened,
    `incidents` what happened in the window of `from` and `to`, on either side.
    """
    async with services_of(request).reader(viewer).transaction() as connection:
        now, position = await ledger.moment(connection)
        found = await changes_summary(
            connection,
            asked.since,
            asked.until or max(now, asked.since),
            asked.filters,
            asked.happened,
            incidents=allows(viewer, "incidents"),
        )
    rows = [
        {"change": change, "incidents": number, "anywhere": found.anywhere[change]}
        for change, number in found.inside.items()
    ]
    return answer(rows, asked.until or now, position, since=asked.since)


@router.get("/changes.csv", response_class=Response, responses=examples.EXPORT)
async def export(
    request: Request,
    viewer: MaySeeIncidents,
    asked: AskedBetween,
    delimiter: Annotated[str, Query(description="semicolon (Excel in Swedish), comma or tab.")] = "semicolon",
    lang: Annotated[str, Query(description="Headings: sv or en (the names of the columns).")] = "sv",
) -> Response:
    """All changes between two moments as CSV, a row each with what was believed before and after; it is logged.

    Text that a spreadsheet would run as a formula has an apostrophe before it. Times are the region's. Incidents with
    protected identity, before or after, are left out; `X-Left-Out` says how many.
    """
    if delimiter not in DELIMITERS:
        raise BadInput(f"delimiter={delimiter}: choose one of {', '.join(DELIMITERS)}.")
    if lang not in {"sv", "en"}:
        raise BadInput(f"lang={lang}: choose sv or en.")
    services = services_of(request)
    reader = services.reader(viewer)
    told: dict[str, Any] = {"kind": asked.filters.kind, "offences": list(asked.filters.offences)}
    told |= {"since": asked.since.isoformat(), "until": asked.until.isoformat() if asked.until else None}
    if asked.happened is not None:
        told |= {"from": str(asked.happened.first), "to": str(asked.happened.last)}
    consultation = Consultation("export", "changes.csv", filter=told, areas=asked.filters.areas)
    async with logged(reader, consultation) as consulted:
        now, _ = await ledger.moment(consulted.connection)
        ends = max(min(asked.until or now, now), asked.since)
        pinned = asked._replace(until=ends)
        number = left_out = 0
        async for row in _all(reader, pinned):
            number, left_out = number + 1, left_out + _protected(row)
            if number > MOST:
                raise BadInput(f"An export holds at most {MOST} changes; choose a later moment or an area.")
        consulted.found(number - left_out)
    name = f"lagesbild_changes_{asked.since:%Y%m%dT%H%MZ}_{ends:%Y%m%dT%H%MZ}.csv"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store", "X-Rows": str(number - left_out), "X-Left-Out": str(left_out),
    }  # fmt: skip
    lines = _lines(reader, pinned, DELIMITERS[delimiter], lang, services.region.zone)
    return StreamingResponse(lines, headers=headers, media_type="text/csv; charset=utf-8")


async def _all(reader: Reader, asked: Between) -> AsyncIterator[dict[str, Any]]:
    """A page a transaction, so that who reads slowly holds none open; the moments keep them one picture."""
    after = None
    while True:
        async with reader.transaction() as connection:
            found, after = await changes(
                connection, asked.since, asked.until or datetime.now(UTC), asked.filters,
                happened=asked.happened or EVER, after=after, limit=PAGE,
            )  # fmt: skip
        for row in found:
            yield row
        if after is None:
            return


async def _lines(
    reader: Reader, asked: Between, delimiter: str, lang: str, zone: tzinfo
) -> AsyncIterator[str]:
    yield BOM + rows_as_csv([COLUMNS.values() if lang == "sv" else COLUMNS.keys()], delimiter)
    async for row in _all(reader, asked):
        if not _protected(row):
            yield rows_as_csv([[_cell(_value(row, name), zone) for name in COLUMNS]], delimiter)


def _protected(row: dict[str, Any]) -> bool:
    return any(side is not None and side["protected"] for side in (row["before"], row["after"]))


def _value(row: dict[str, Any], name: str) -> Any:
    side, _, field = name.partition("_")
    if side not in {"before", "after"}:
        return " ".join(row["fields"]) if name == "fields" else row[name]
    return row[side] and row[side][field]


def _cell(value: Any, zone: tzinfo) -> str | float | None:
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, (int, float)) or value is None else str(value)

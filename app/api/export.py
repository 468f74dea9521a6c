"""The whole view as a file: CSV made by the server, page by page, safe to open in a spreadsheet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query, Request, Response
from starlette.responses import StreamingResponse

from app.api import examples
from app.api.asked import Asked, Question
from app.api.routing import MaySeeIncidents, routes
from app.api.services import services_of
from app.commands.consult import Consultation, logged
from app.domain.errors import BadInput
from app.domain.spreadsheet import BOM, DELIMITERS, rows_as_csv
from app.queries import ledger
from app.queries.exported import exported
from app.queries.incidents import page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime, tzinfo

    from app.db import Reader

router = routes()

MOST = 100_000
"""More are refused, so that nobody takes a part for the whole."""
PAGE = 1000

COLUMNS = {
    "uid": "Händelse",
    "kind": "Slag",
    "feed": "Källa",
    "occurred_from": "Inträffat från",
    "occurred_to": "Inträffat till",
    "reported_at": "Anmält",
    "known_at": "Känt vid",
    "offence": "Brottskod",
    "offence_sv": "Brott",
    "offence_en": "Brott (engelska)",
    "area": "Områdeskod",
    "area_name": "Område",
    "precision": "Noggrannhet",
    "lat": "Latitud",
    "lon": "Longitud",
    "title": "Rubrik",
    "place_text": "Plats",
    "summary": "Uppgifter",
    "priority": "Prioritet",
    "url": "Länk",
}
"""Field of an incident to its heading in Swedish; in English the field's own name is the heading."""


@router.get("/incidents.csv", response_class=Response, responses=examples.EXPORT)
async def export(
    request: Request,
    viewer: MaySeeIncidents,
    asked: Asked,
    delimiter: Annotated[str, Query(description="semicolon (Excel in Swedish), comma or tab.")] = "semicolon",
    lang: Annotated[str, Query(description="Headings: sv or en (the names of the fields).")] = "sv",
) -> Response:
    """All incidents of the window as CSV, as known at one moment; the export is written in the log.

    Text that a spreadsheet would run as a formula has an apostrophe before it. Times are the region's, as YYYY-MM-DD
    HH:MM:SS. At most 100 000 incidents; of more none are given. Those with protected identity are left out. `X-Rows`
    says how many there are, `X-Left-Out` how many protected ones are not there.
    """
    if delimiter not in DELIMITERS:
        raise BadInput(f"delimiter={delimiter}: choose one of {', '.join(DELIMITERS)}.")
    if lang not in {"sv", "en"}:
        raise BadInput(f"lang={lang}: choose sv or en.")
    services = services_of(request)
    reader = services.reader(viewer)
    told = {"kind": asked.filters.kind, "from": str(asked.window.first), "to": str(asked.window.last)}
    hours = {} if asked.window.by_day else {"hours": [asked.window.first_hour, asked.window.last_hour]}
    consultation = Consultation(
        "export",
        "incidents.csv",
        filter={**told, **hours, "offences": list(asked.filters.offences)},
        areas=asked.filters.areas,
    )
    async with logged(reader, consultation) as consulted:
        now, _ = await ledger.moment(consulted.connection)
        at = min(asked.known_at(now), now)
        pinned = replace(asked, window=replace(asked.window, known_at=at, until=None))
        number = await exported(consulted.connection, pinned.window, pinned.filters)
        if number.given > MOST:
            raise BadInput(
                f"The view holds {number.given} incidents and an export at most {MOST}; choose fewer days or an area."
            )
        consulted.found(number.given)
    name = f"lagesbild_{told['kind']}_{told['from']}_{told['to']}_{at:%Y%m%dT%H%M%SZ}.csv"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store",
        "X-Rows": str(number.given), "X-Left-Out": str(number.protected),
    }  # fmt: skip
    content = _lines(reader, pinned, DELIMITERS[delimiter], lang, services.region.zone)
    return StreamingResponse(content, headers=headers, media_type="text/csv; charset=utf-8")


async def _lines(
    reader: Reader, asked: Question, delimiter: str, lang: str, zone: tzinfo
) -> AsyncIterator[str]:
    """A page a transaction, so that who reads slowly holds none open; the moment keeps them one picture."""
    yield BOM + rows_as_csv([COLUMNS.values() if lang == "sv" else COLUMNS.keys()], delimiter)
    after = None
    while True:
        async with reader.transaction() as connection:
            found, after = await page(connection, asked.window, asked.filters, after, PAGE)
        open_ones = (row for row in found if not row["protected"])
        yield rows_as_csv(([_cell(row[name], zone) for name in COLUMNS] for row in open_ones), delimiter)
        if after is None:
            return


def _cell(value: Any, zone: tzinfo) -> str | float | None:
    if value is None or isinstance(value, (str, float)):
        return value
    if isinstance(value, int):
        return value
    moment: datetime = value
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}"

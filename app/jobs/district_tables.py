"""The tables of the questions that an area chief asks: what came again in each district, and how districts compare."""

from __future__ import annotations

from app.jobs.question_tables import DISTRICTS, YEAR, Asked, Table
from app.queries import district_repeats as again
from app.queries import measure_frames as frames

INHABITANTS = "select code, population from area where area_id = any($1)"


def _named(asked: Asked) -> dict[str, str]:
    return {one.code: one.name for one in asked.districts}


async def recurring(asked: Asked) -> Table:
    """Pairs, people and addresses of a year by how often each came, in each district."""
    told = await again.recurring(asked.connection, asked.span(YEAR), DISTRICTS)
    names = _named(asked)
    kept = [row for row, area in enumerate(told["area"]) if area in names]
    return Table({name: [column[row] for row in kept] for name, column in told.items()}, {}, names)


async def similar(asked: Asked) -> Table:
    """Each district's inhabitants, and its reports and repeats of a year."""
    span = asked.span(YEAR)
    counted: dict[str, int] = {}
    for (code, _), number in (await frames.counted(asked.connection, span, DISTRICTS)).items():
        counted[code] = counted.get(code, 0) + number
    soon = await again.how_soon(asked.connection, span, DISTRICTS)
    at = {area: row for row, area in enumerate(soon["area"])}
    ids = [one.area_id for one in asked.districts]
    people = dict(await asked.connection.fetch(INHABITANTS, ids))
    codes = [one.code for one in asked.districts]

    def of(name: str, code: str, otherwise: float | None) -> float | None:
        return soon[name][at[code]] if code in at else otherwise

    columns = {
        "area": codes,
        "population": [people[code] for code in codes],
        "reports": [counted.get(code, 0) for code in codes],
        "named": [of("named", code, 0) for code in codes],
        "repeats": [of("repeats", code, 0) for code in codes],
        "gap_days": [of("gap_days", code, None) for code in codes],
    }
    return Table(columns, {}, _named(asked))

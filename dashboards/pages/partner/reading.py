"""What the page reads: the editions' heads, and the one edition that is looked at, as it was published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from app.disclosure.axis import TOTAL
from app.disclosure.sheet import Line, lines
from app.queries import cubes as queries

if TYPE_CHECKING:
    from dashboards.services import Services
    from dashboards.words import Language

KINDS = ("region", "polisomrade", "lokalpolisomrade", "kommun")


@dataclass(frozen=True)
class Told:
    """One edition, and what else there is to choose.

    Attributes:
        titles: Code of each cube to its names.
        heads: The editions of the cube that is looked at, the last one published first.
        head: The edition that is looked at.
        content: The same object that the API gives.
    """

    titles: dict[str, dict[str, str]]
    heads: list[dict[str, Any]]
    head: dict[str, Any]
    content: dict[str, Any]

    @property
    def split_axis(self) -> str:
        """The axis that is crossed besides areas: ``offence`` or ``hour``."""
        return "hour" if len(self.content["names"]["hour"]) > 1 else "offence"

    @property
    def splits(self) -> list[str]:
        """The codes on that axis, in the edition's order."""
        return list(dict.fromkeys(row[self.split_axis] for row in self.content["rows"]))

    @property
    def kinds(self) -> list[str]:
        """The kinds of area that the edition is about, from coarse to fine."""
        found = {area["kind"] for area in self.content["names"]["area"].values()}
        return [kind for kind in KINDS if kind in found]

    @property
    def held(self) -> int:
        """How many figures are of an earlier version."""
        return sum(
            row["figure"] is not None and row["version"] < self.content["version"]
            for row in self.content["rows"]
        )

    def chosen(self, kind: str, language: Language) -> list[tuple[str, Line]]:
        """The lines about one kind of area with the code of their split, by the area's name."""
        of = self.content["names"]["area"]
        found = [
            (row[self.split_axis], line)
            for row, line in zip(self.content["rows"], lines(self.content, language), strict=True)
            if of[row["area"]]["kind"] == kind
        ]
        return sorted(found, key=lambda one: one[1].area_name)


async def read(services: Services, cube: str | None, edition_id: str | None) -> Told | None:
    """The edition that is asked for, or the newest of the cube, or of the first cube; None when nothing is published.

    Raises:
        Unavailable: The database does not answer.
    """
    async with services.reader().transaction() as connection:
        titles = {
            row["cube"]: row["title"] if isinstance(row["title"], dict) else orjson.loads(row["title"])
            for row in await queries.titles(connection)
        }
        if not titles:
            return None
        chosen = cube if cube is not None and cube in titles else next(iter(titles))
        heads = await queries.heads(connection, chosen)
        head = next((one for one in heads if str(one["edition_id"]) == edition_id), heads[0])
        found = await queries.edition(connection, chosen, head["edition_id"])
    if found is None:
        return None
    return Told(titles, heads, head, orjson.loads(found["content"]))


def default_kind(kinds: list[str], asked: str | None) -> str:
    """The kind of area that is drawn: the one asked for, or local police areas, or the finest there is."""
    if asked in kinds:
        return str(asked)
    return "lokalpolisomrade" if "lokalpolisomrade" in kinds else kinds[-1]


def default_split(splits: list[str], asked: str | None) -> str:
    """The split that is drawn: the one asked for, or all."""
    return str(asked) if asked in splits else TOTAL

"""An edition as lines of a table: the one form of chart, table, tooltip and file. It takes nothing but the content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.disclosure.published import HIDDEN

Language = Literal["sv", "en"]

HEADINGS: dict[str, tuple[str, str]] = {
    "period": ("Period", "Period"),
    "area": ("Områdeskod", "Area code"),
    "area_name": ("Område", "Area"),
    "area_kind": ("Områdestyp", "Kind of area"),
    "offence": ("Brott", "Offence"),
    "hours": ("Tid på dygnet", "Time of day"),
    "text": ("Antal anmälningar", "Number of reports"),
    "state": ("Status", "Status"),
    "version": ("Räknad i version", "Counted in version"),
}
"""A line's fields, in order, with their headings in Swedish and English."""
KINDS: dict[str, tuple[str, str]] = {
    "region": ("region", "region"),
    "polisomrade": ("polisområde", "police area"),
    "lokalpolisomrade": ("lokalpolisområde", "local police area"),
    "kommun": ("kommun", "municipality"),
}
STATES: dict[str, tuple[str, str]] = {
    "shown": ("visas", "shown"),
    "hidden": ("dolt", "hidden"),
    "held": ("visas, rättelse återhållen", "shown, correction held back"),
}
EXPLAINED: tuple[str, str] = (
    "dolt (1–4 eller skyddar ett sådant)",
    "hidden (1–4, or protects one that is)",
)
"""What ``..`` means, in a line."""


@dataclass(frozen=True)
class Line:
    """One cell as people read it; ``figure`` is None when it is hidden. The codes are those of the content."""

    area: str
    area_name: str
    area_kind: str
    offence_code: str
    offence: str
    hours_code: str
    hours: str
    period: str
    figure: int | None
    state: str
    version: int

    @property
    def text(self) -> str:
        """The figure as it is written everywhere."""
        return HIDDEN if self.figure is None else str(self.figure)


def lines(content: Mapping[str, Any], language: Language = "sv") -> list[Line]:
    """The cells of an edition, in its order."""
    names = content["names"]

    def called(axis: str, code: str) -> str:
        return str(names[axis][code][language])

    number = ("sv", "en").index(language)
    return [
        Line(
            row["area"],
            called("area", row["area"]),
            KINDS[names["area"][row["area"]]["kind"]][number],
            row["offence"],
            called("offence", row["offence"]),
            row["hour"],
            called("hour", row["hour"]),
            called("month", row["month"]),
            row["figure"],
            STATES[_state(row, content)][number],
            row["version"],
        )
        for row in content["rows"]
    ]


def sheet(content: Mapping[str, Any], language: Language = "sv") -> list[list[str | int]]:
    """The edition as a table with headings, for a file."""
    number = ("sv", "en").index(language)
    return [
        [heading[number] for heading in HEADINGS.values()],
        *(
            [
                line.figure if name == "text" and line.figure is not None else getattr(line, name)
                for name in HEADINGS
            ]
            for line in lines(content, language)
        ),
    ]


def _state(row: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    if row["figure"] is None:
        return "hidden"
    return "held" if row["version"] < content["version"] else "shown"

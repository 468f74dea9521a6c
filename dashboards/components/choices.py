"""What can be chosen in the filters: the region's areas, and a kind's offence groups with what the region names."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dash import Input, Output, no_update

from app.domain.permissions import allows
from app.domain.window import KINDS
from app.queries.areas import areas
from app.queries.offences import offences
from dashboards.components.text import TEXT
from dashboards.dom import in_browser
from dashboards.guard import callback
from dashboards.services import viewer_now
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dash import Dash

    from app.domain.region import NamedOffences
    from dashboards.services import Services

_LAST_LETTERS = str.maketrans({"å": "{", "ä": "|", "ö": "}"})  # after z, in this order
AREA_KINDS = ("polisomrade", "lokalpolisomrade", "kommun", "lan")


def register(app: Dash, services: Services) -> None:
    """Register the callback that fills the lists; a change of language changes their texts only."""
    in_browser(
        app,
        "filters.named",
        Output("named", "children"),
        Input("named-offences", "data"),
        Input("offence", "value"),
    )

    @callback(
        app,
        "pages",
        Output("area", "data"),
        Output("offence", "data"),
        Output("named-offences", "data"),
        Input("lang", "data"),
        Input("kind", "value"),
        Input("again", "data"),
        prevent_initial_call=True,
    )
    async def fill(lang: str | None, kind: str, _again: float) -> tuple[Any, Any, Any]:
        if not allows(viewer_now(), "figures"):  # a page without these lists: nobody tried to see them
            return no_update, no_update, no_update
        words = Words(language_of(lang), TEXT)
        async with services.reader().transaction() as connection:
            found = await areas(connection, None, services.region.day(datetime.now(UTC)))
            catalogue = await offences(connection, KINDS.get(kind, 1))
        named = named_choices(services.region.named_offences, kind, words)
        groups = [{"value": one["value"], "label": one["label"]} for one in named]
        return area_choices(found, words), groups + group_choices(catalogue, words), named


def area_choices(found: Iterable[Mapping[str, Any]], words: Words) -> list[dict[str, Any]]:
    """The areas that are valid today, grouped by kind, by name."""
    held = list(found)
    groups: list[dict[str, Any]] = []
    for kind in AREA_KINDS:
        named = sorted(
            (area for area in held if area["kind"] == kind), key=lambda area: swedish_order(area["name"])
        )
        if named:
            items = [{"value": area["code"], "label": area["name"]} for area in named]
            groups.append({"group": words[f"area.{kind}"], "items": items})
    return groups


def group_choices(catalogue: Iterable[Mapping[str, Any]], words: Words) -> list[dict[str, str]]:
    """The offence groups, gravest first as in the catalogue, each once."""
    named = {offence["group"]: offence[f"group_{words.language}"] for offence in catalogue}
    return [{"value": code, "label": name} for code, name in named.items() if code]


def named_choices(named: Iterable[NamedOffences], kind: str, words: Words) -> list[dict[str, str]]:
    """The offences of a kind that the region has a name for: ``value``, ``label``, and what it ``means``."""
    language = words.language
    return [
        {"value": one.code, "label": one.names[language], "means": one.means[language]}
        for one in named
        if one.kind == kind
    ]


def swedish_order(name: str) -> str:
    """A key that sorts names as Swedish does: å, ä and ö come last."""
    return name.casefold().translate(_LAST_LETTERS)

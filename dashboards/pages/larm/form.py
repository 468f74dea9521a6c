"""The form of a rule: its fields, which of them belong to which kind, and the rule that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import html

from app.alerts.rule import FORM_KINDS, Rule, read_rule, require_fit
from app.domain.errors import BadInput
from dashboards.dom import marked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dash.development.base_component import Component

    from dashboards.words import Words

ALL = " ".join(FORM_KINDS)
NUMBERS: Mapping[str, tuple[str, float, float, float, float]] = {
    "window_hours": ("threshold geofence", 24, 1, 8784, 1),
    "window_days": ("deviation", 7, 1, 91, 1),
    "within_days": ("repeat", 90, 1, 1830, 1),
    "at_least": ("threshold deviation repeat geofence", 5, 1, 100_000, 1),
    "deviations": ("deviation", 4, 0.5, 20, 0.5),
    "windows_before": ("deviation", 26, 4, 104, 1),
    "least_hours": ("silence", 2, 0.1, 8784, 0.5),
    "times": ("silence", 3, 1, 100, 0.5),
    "lon": ("geofence", 18.07, -180, 180, 0.001),
    "lat": ("geofence", 59.33, -90, 90, 0.001),
    "radius_m": ("geofence", 300, 10, 50_000, 50),
    "rearm_hours": ("threshold deviation silence geofence", 6, 0, 8784, 1),
    "group_hours": (ALL, 24, 0, 8784, 1),
    "allowed": (ALL, 1, 0.01, 1000, 0.5),
}
"""Of each number the kinds that have it, what it is at first, its least, its most and a step."""
WHOLE = {"window_hours", "window_days", "within_days", "at_least", "windows_before"}
COUNTING = "threshold deviation repeat"
FENCE = {"lon": "circle", "lat": "circle", "radius_m": "circle", "polygon": "corners"}
"""The shape of fence that a field belongs to."""
CHOICES: Mapping[str, str] = {"kind": ALL, "incidents": f"{COUNTING} geofence", "of": "repeat"}
MANY: Mapping[str, str] = {"offences": f"{COUNTING} geofence", "areas": COUNTING, "feeds": "silence"}
CHECKS: Mapping[str, str] = {
    "close_only": f"{COUNTING} geofence", "together": "threshold deviation", "mail": ALL, "webhook": ALL,
}  # fmt: skip
VALUES = (*CHOICES, *MANY, *NUMBERS, "shape", "polygon")
"""The fields whose ``value`` makes the rule; those of ``CHECKS`` have ``checked``."""
LABELS = {"times": "larm.silence_times"}


def form(words: Words) -> Component:
    """All fields; those that do not belong to the chosen kind are hidden by ``assets/70_larm.js``."""
    say = words.say
    title = say(
        dmc.TextInput(id="larm-f-title", size="xs", value="", attributes={"input": {"maxLength": 120}}),
        label="larm.title",
    )
    why = say(
        dmc.TextInput(id="larm-f-why", size="xs", value="", attributes={"input": {"maxLength": 500}}),
        label="larm.changed_why",
    )
    options = {
        "kind": [{"value": kind, "label": {"text": f"larm.kind_{kind}"}} for kind in FORM_KINDS],
        "incidents": [
            {"value": kind, "label": {"text": f"larm.incidents_{kind}"}} for kind in ("report", "call", "notice")
        ],
        "of": [{"value": of, "label": {"text": f"larm.of_{of}"}} for of in ("pair", "address")],
    }  # fmt: skip
    first = {"kind": "threshold", "incidents": "report", "of": "pair"}
    fields = [_field(title, ALL, wide=True)]
    for name, kinds in CHOICES.items():
        made = dmc.Select(id=f"larm-f-{name}", value=first[name], size="xs", allowDeselect=False, data=[])
        fields.append(_field(say(made, data=options[name], label=f"larm.{name}"), kinds))
    for name, kinds in MANY.items():
        many = dmc.MultiSelect(
            id=f"larm-f-{name}",
            value=[],
            size="xs",
            searchable=True,
            clearable=True,
            data=[],
            maxDropdownHeight=300,
        )
        fields.append(_field(say(many, label=f"larm.{name}"), kinds, wide=True))
    fields += [_field(_drawing(words), "geofence", wide=True)]
    fields += [_number(words, name) for name in NUMBERS if name in FENCE]
    polygon = say(
        dmc.Textarea(id="larm-f-polygon", value="", size="xs", autosize=True, minRows=2, maxRows=8),
        label="larm.polygon",
    )
    fields += [_field(polygon, "geofence", wide=True, name="polygon")]
    fields += [_number(words, name) for name in NUMBERS if name not in FENCE]
    for name, kinds in CHECKS.items():
        box = dmc.Checkbox(id=f"larm-f-{name}", size="xs", checked=name == "close_only")
        fields.append(_field(say(box, label=f"larm.{name}"), kinds))
    fields.append(_field(why, ALL, wide=True))
    return html.Div(fields, id="larm-fields", className="larm-fields")


def _number(words: Words, name: str) -> Component:
    kinds, start, least, most, step = NUMBERS[name]
    field = dmc.NumberInput(
        id=f"larm-f-{name}", value=start, min=least, max=most, step=step, size="xs", allowDecimal=name not in WHOLE,
    )  # fmt: skip
    return _field(words.say(field, label=LABELS.get(name, f"larm.{name}")), kinds, name=name)


def _drawing(words: Words) -> Component:
    """The fence on a map: drawn by ``assets/72_fence.js``, which writes into the fields and shows what they say."""
    say = words.say
    shapes = [{"value": shape, "label": {"text": f"larm.shape_{shape}"}} for shape in ("circle", "corners")]
    choice = say(
        dmc.SegmentedControl(id="larm-f-shape", value="circle", size="xs", data=[]),
        data=shapes,
        aria_label="larm.shape",
    )
    steps = [
        say(
            dmc.Button(id=f"larm-fence-{step}", size="xs", variant="default", n_clicks=0),
            children=f"larm.fence_{step}",
        )
        for step in ("undo", "clear")
    ]
    return html.Div(
        [
            html.Div(
                [choice, marked(html.Span(steps, className="fence-steps"), {"data-shape": "corners"})],
                className="fence-tools",
            ),
            html.Div(id="larm-fence", className="fence-map"),
            *(
                marked(
                    say(
                        html.P(id=f"larm-fence-{shape}-help", className="note"),
                        children=f"larm.fence_{shape}",
                    ),
                    {"data-shape": shape},
                )
                for shape in ("circle", "corners")
            ),
            say(html.P(id="larm-fence-dots", className="note"), children="larm.fence_dots"),
        ],
        className="fence",
    )


def _field(component: Any, kinds: str, *, wide: bool = False, name: str = "") -> Component:
    marks = {"data-kinds": kinds} | ({"data-shape": FENCE[name]} if name in FENCE else {})
    return marked(html.Div(component, className="larm-field wide" if wide else "larm-field"), marks)


def rule_from(told: Mapping[str, Any]) -> Rule:
    """The rule that the fields make; what does not belong to its kind is left out.

    Raises:
        BadInput: They make none.
    """
    kind = str(told.get("kind"))

    def has(kinds: str) -> bool:
        return kind in kinds.split()

    definition: dict[str, Any] = {"kind": kind}
    for name, (kinds, *_) in NUMBERS.items():
        if has(kinds) and name not in {*FENCE, "allowed"}:
            definition[name] = told.get(name)
    for name in ("incidents", "of"):
        if has(CHOICES[name]):
            definition[name] = told.get(name)
    for name, kinds in MANY.items():
        if has(kinds):
            definition[name] = told.get(name) or []
    for name, kinds in CHECKS.items():
        if has(kinds):
            definition["close" if name == "close_only" else name] = bool(told.get(name))
    rule = read_rule(definition, _fence(told) if kind == "geofence" else None)
    require_fit(rule)
    return rule


def _fence(told: Mapping[str, Any]) -> dict[str, Any]:
    if told.get("shape") != "corners":
        return {"point": [told.get("lon"), told.get("lat")], "radius_m": told.get("radius_m")}
    lines = [line for line in str(told.get("polygon") or "").splitlines() if line.strip()]
    if not lines:
        raise BadInput(
            "Draw the fence: three corners at least.", sv="Rita gränsen på kartan: minst tre hörn."
        )
    try:
        return {"polygon": [[float(part.replace(",", ".")) for part in line.split()] for line in lines]}
    except ValueError as error:
        raise BadInput(
            "A corner is a longitude and a latitude, such as 18.0745 59.3137.",
            sv="Ett hörn är en longitud och en latitud, som 18.0745 59.3137.",
        ) from error


def values_of(row: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the fields show of a rule's version; of a new rule what they are at first."""
    shown: dict[str, Any] = {name: start for name, (_, start, *_) in NUMBERS.items()}
    shown |= {
        "kind": "threshold",
        "incidents": "report",
        "of": "pair",
        "title": "",
        "why": "",
        "shape": "circle",
        "polygon": "",
    }
    shown |= {name: [] for name in MANY} | dict.fromkeys(CHECKS, False) | {"close_only": True}
    if row is None:
        return shown
    definition, fence = dict(row["definition"]), row.get("fence") or {}
    shown["close_only"] = bool(definition.pop("close", False))
    shown |= {name: value for name, value in definition.items() if name in shown}
    shown |= {"title": row["title_sv"], "allowed": round(row["allowed_per_week"], 2)}
    if fence.get("point"):
        shown |= {"lon": fence["point"][0], "lat": fence["point"][1], "radius_m": fence["radius_m"]}
    elif fence:
        shown["shape"] = "corners"
        shown["polygon"] = "\n".join(f"{lon} {lat}" for lon, lat in fence["polygon"])
    return shown

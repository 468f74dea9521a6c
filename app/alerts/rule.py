"""A rule: what it counts, what it takes to fire, how it keeps quiet in between. Typed, so that none is half a rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from shapely import Polygon

from app.domain.errors import BadInput
from app.domain.window import Kind
from app.domain.words import number

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

RuleKind = Literal["threshold", "deviation", "repeat", "silence", "geofence", "delivery"]
Mode = Literal["live", "probation", "off"]
Outcome = Literal["true", "false", "unclear"]

GRAVEST: tuple[RuleKind, ...] = ("repeat", "threshold", "geofence", "deviation", "silence", "delivery")
"""The order in which alerts stand: what concerns people first, then what the picture lacks. Not by persons."""
FORM_KINDS: tuple[RuleKind, ...] = GRAVEST[:-1]
"""The kinds that people make; the failure of a delivery is one by itself."""

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,40}$")]
Lon = Annotated[float, Field(ge=-180, le=180)]
Lat = Annotated[float, Field(ge=-90, le=90)]

FIELDS_SV: Mapping[str, str] = {
    "kind": "Slag", "incidents": "Räknar", "offences": "Brott", "areas": "Områden", "window_hours": "Fönster, timmar",
    "at_least": "Minst", "window_days": "Fönster, dygn", "deviations": "Standardavvikelser",
    "windows_before": "Perioder att jämföra med", "of": "Gäller", "within_days": "Inom, dygn", "feeds": "Källor",
    "least_hours": "Minst, timmar", "times": "Gånger den längsta vanliga tystnaden", "point": "Punkten",
    "radius_m": "Radie, m", "polygon": "Gränsen", "fence": "Gränsen", "rearm_hours": "Lugnt före nästa gång, timmar",
    "group_hours": "Ett och samma larm inom, timmar", "mail": "Skicka e-post", "webhook": "Skicka till webhook",
}  # fmt: skip
"""What the form calls the fields (``dashboards/pages/larm/rule_text.py``)."""
WRONG_SV: Mapping[str, str] = {
    "greater_than_equal": "det minsta är {ge}",
    "less_than_equal": "det högsta är {le}",
    "too_long": "högst {max_length} går att välja",
    "missing": "något saknas",
    "int_type": "det ska vara ett heltal", "int_parsing": "det ska vara ett heltal",
    "int_from_float": "det ska vara ett heltal",
    "float_type": "det ska vara ett tal", "float_parsing": "det ska vara ett tal",
    "finite_number": "det ska vara ett tal",
}  # fmt: skip
"""What is wrong, by pydantic's name of it; of anything else only where it is."""


class Amiss(ValueError):  # noqa: N818 - reads as what it is
    """What a field's own check says, with its Swedish wording."""

    def __init__(self, sentence: str, sv: str) -> None:
        super().__init__(sentence)
        self.sv = sv


class Part(BaseModel):
    """Whatever is a part of a rule: nothing unknown in it, and it does not change."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Common(Part):
    """How any rule keeps quiet."""

    rearm_hours: float = Field(6, ge=0, le=8784, description="Fires again only after so many hours below.")
    group_hours: float = Field(
        24, ge=0, le=8784, description="Firings of an area within so many hours are one alert with a count."
    )
    mail: bool = Field(default=False, description="Sent by e-mail to those whom the operator has set.")
    webhook: bool = Field(default=False, description="Sent to the webhooks that the operator has set.")


class Counted(Common):
    """What is counted, and where."""

    incidents: Kind = Field("report", description="One kind: they are never added up.")
    offences: tuple[Code, ...] = Field((), max_length=60, description="Codes or groups; none: all.")
    close: bool = Field(default=False, description="Only offences in close relationships.")
    areas: tuple[Code, ...] = Field(
        (), max_length=60, description="Codes of areas, each by itself; none: every local police district."
    )


class Threshold(Counted):
    """So many in a window of hours."""

    kind: Literal["threshold"] = "threshold"
    together: bool = Field(default=False, description="The areas' sum, not each by itself.")
    window_hours: int = Field(24, ge=1, le=8784)
    at_least: int = Field(5, ge=1, le=100_000)


class Deviation(Counted):
    """So far above what is normal: the mean of the windows before, and so many standard deviations."""

    kind: Literal["deviation"] = "deviation"
    together: bool = Field(default=False, description="The areas' sum, not each by itself.")
    window_days: int = Field(7, ge=1, le=91)
    at_least: int = Field(5, ge=1, le=100_000)
    deviations: float = Field(3, ge=0.5, le=20)
    windows_before: int = Field(26, ge=4, le=104)


class Repeat(Counted):
    """Another report on a pair, or at an address, within so many days."""

    kind: Literal["repeat"] = "repeat"
    of: Literal["pair", "address"] = "pair"
    within_days: int = Field(90, ge=1, le=1830)
    at_least: int = Field(2, ge=2, le=100, description="The report is at least the so many-th.")

    @model_validator(mode="after")
    def _reports_name_pairs(self) -> Repeat:
        if self.of == "pair" and self.incidents != "report":
            raise Amiss("only reports name a pair", "bara anmälningar anger ett par")
        return self


class Silence(Common):
    """A feed silent for longer than its rhythm."""

    kind: Literal["silence"] = "silence"
    feeds: tuple[Code, ...] = Field((), max_length=60, description="None: every feed.")
    least_hours: float = Field(2, ge=0.1, le=8784, description="A shorter silence is none.")
    times: float = Field(
        3, ge=1, le=100, description="So many times its longest usual silence at that time of the week."
    )


class Fence(Part):
    """A polygon, or so many metres around a point; WGS84."""

    polygon: tuple[tuple[Lon, Lat], ...] = Field((), max_length=200)
    point: tuple[Lon, Lat] | None = None
    radius_m: float = Field(300, ge=10, le=50_000)

    @model_validator(mode="after")
    def _one_of_both(self) -> Fence:
        if (self.point is None) == (not self.polygon):
            raise Amiss(
                "a fence is either a polygon or a point with metres",
                "ange antingen hörn eller en punkt med radie",
            )
        if self.polygon and len(set(self.polygon)) < 3:
            raise Amiss("a polygon has three corners at least", "en gräns har minst tre hörn")
        return self


class Geofence(Common):
    """So many within a fence. What has no position is not looked at."""

    kind: Literal["geofence"] = "geofence"
    incidents: Kind = "report"
    offences: tuple[Code, ...] = Field((), max_length=60)
    close: bool = False
    fence: Fence
    window_hours: int = Field(24, ge=1, le=8784)
    at_least: int = Field(1, ge=1, le=100_000)


class Delivery(Common):
    """An alert could not be sent. There is one such rule, and it is always live."""

    kind: Literal["delivery"] = "delivery"


Rule = Annotated[Threshold | Deviation | Repeat | Silence | Geofence | Delivery, Field(discriminator="kind")]
RULE: TypeAdapter[Rule] = TypeAdapter(Rule)


def require_fit(rule: Rule) -> None:
    """What is asked of a rule that is being written, and was not of those that were written before.

    Raises:
        BadInput: The sides of its fence cross.
    """
    if isinstance(rule, Geofence) and rule.fence.polygon and not Polygon(rule.fence.polygon).is_valid:
        raise BadInput(
            "The rule cannot be made: the sides of the fence cross.",
            sv="Regeln går inte att göra: gränsens sidor får inte korsa varandra.",
        )


def read_rule(definition: Any, fence: Any = None) -> Rule:
    """A rule from what was stored or sent.

    Raises:
        BadInput: It is none; the sentence names the first thing that is wrong.
    """
    told = dict(definition) if isinstance(definition, dict) else definition
    if fence is not None and isinstance(told, dict):
        told["fence"] = fence
    try:
        return RULE.validate_python(told)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part not in GRAVEST) or "kind"
        raise BadInput(f"The rule cannot be: {where}: {first['msg']}.", sv=_wrong_sv(first)) from error


def _wrong_sv(first: ErrorDetails) -> str:
    """The same in Swedish: the field as the form calls it, and what is wrong with it; no word of pydantic's."""
    fields = [FIELDS_SV[part] for part in first["loc"] if isinstance(part, str) and part in FIELDS_SV]
    where, more = fields[-1] if fields else FIELDS_SV["kind"], first.get("ctx", {})
    amiss = more.get("error")
    if isinstance(amiss, Amiss):
        return f"Regeln går inte att göra: {amiss.sv}."
    bounds = {
        name: number(value, "sv", int(value % 1 > 0))
        for name, value in more.items()
        if isinstance(value, int | float)
    }
    wrong = WRONG_SV.get(first["type"], "välj på nytt").format(**bounds)
    return f"Regeln går inte att göra: {where}: {wrong}."


def definition_of(rule: Rule) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """What is stored of a rule: its definition, and its fence apart."""
    told = rule.model_dump(mode="json")
    fence: dict[str, Any] | None = told.pop("fence", None)
    return told, fence


def asks_the_same(one: Rule, other: Rule) -> bool:
    """Whether two versions fire alike, so that what one has come to know holds for the other."""
    quiet = {"mail", "webhook", "group_hours"}
    return one.model_dump(exclude=quiet) == other.model_dump(exclude=quiet)

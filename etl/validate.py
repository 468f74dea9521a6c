"""Validate: a draft becomes an observation that the rest can trust, or a problem with a name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from etl.feed import Problem

if TYPE_CHECKING:
    from etl.feed import Draft

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1, hours=1)
"""How far ahead of its fetch a happening may lie: clocks differ, and polisen.se names the wrong day at times."""


NO_NUL = r"^[^\x00]*$"


def _holds_no_nul(value: Any) -> Any:
    if isinstance(value, str) and "\x00" in value:
        raise ValueError("holds a NUL character, which no text has")
    if isinstance(value, dict):
        return {_holds_no_nul(str(key)): _holds_no_nul(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_holds_no_nul(item) for item in value]
    return value


Text = Annotated[str, StringConstraints(max_length=20_000, pattern=NO_NUL)]
Key = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=NO_NUL)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=NO_NUL)]


class ObservedOffence(BaseModel):
    """One offence of an observation; identities still in the clear, for one step more."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    code: Key
    count: int = Field(1, ge=1, le=1_000)
    victim: Key | None = None
    suspect: Key | None = None
    relation: Text | None = None


class ObservedPerson(BaseModel):
    """Somebody on a report; identities still in the clear, for one step more."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    role: Literal["victim", "suspect", "witness", "reporter"]
    offence: int | None = Field(None, ge=1)
    number: Key | None = None
    name: Short | None = None
    born: Short | None = None
    sex: Literal["female", "male"] | None = None
    phone: Short | None = None
    street: Short | None = None
    postcode: Short | None = None


class Observation(BaseModel):
    """What one record says of one incident."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    source_key: Key
    state: Literal["active", "withdrawn", "outside"] = "active"
    occurred_from: AwareDatetime
    occurred_to: AwareDatetime
    reported_at: AwareDatetime | None = None
    known_at: AwareDatetime | None = None
    title: Text | None = None
    summary: Text | None = None
    place_text: Text | None = None
    url: Text | None = None
    priority: int | None = Field(None, ge=0, le=9)
    protected: bool = False
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    areas: tuple[Text, ...] = ()
    offences: list[ObservedOffence] = Field(min_length=1, max_length=100)
    people: list[ObservedPerson] = Field(default_factory=list, max_length=1_000)
    attributes: Annotated[dict[str, Any], AfterValidator(_holds_no_nul)] = {}


def observe(draft: Draft, fetched_at: datetime) -> Observation:
    """Check one draft against what an incident can be.

    Raises:
        Problem: The first thing that is wrong, by field.
    """
    whole = {"occurred_to": draft.get("occurred_from"), **draft}
    try:
        seen = Observation.model_validate(whole)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "record"
        raise Problem("validate", field, first["input"], first["msg"]) from error
    if seen.occurred_to < seen.occurred_from:
        raise Problem("validate", "occurred_to", seen.occurred_to, "The end lies before the beginning.")
    if seen.occurred_from < EARLIEST:
        raise Problem("validate", "occurred_from", seen.occurred_from, "Nothing here happened before 1900.")
    if seen.occurred_from > fetched_at + AHEAD:
        raise Problem(
            "validate", "occurred_from", seen.occurred_from, "It lies ahead of when it was fetched."
        )
    if seen.known_at is not None and seen.known_at > fetched_at + AHEAD:
        raise Problem("validate", "known_at", seen.known_at, "Known later than it was fetched.")
    for person in seen.people:
        if (person.role in {"victim", "suspect"}) != (person.offence is not None) or (
            person.offence or 1
        ) > len(seen.offences):
            raise Problem(
                "validate", "people.offence", person.offence,
                "A victim or a suspect belongs to one of the offences, a witness or a reporter to none.",
            )  # fmt: skip
    if (seen.latitude is None) != (seen.longitude is None):
        raise Problem(
            "validate", "latitude", seen.latitude, "A position needs both a latitude and a longitude."
        )
    return seen

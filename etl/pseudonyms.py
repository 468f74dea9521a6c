"""Where pseudonyms lie in the database, column by column: what a re-key turns and an erasure takes out.

``tests/etl/test_pseudonyms.py`` asks the database for all its byte columns: one that stands in neither list here fails
it, so that no new table is forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Place:
    """One column of pseudonyms. ``erased``: whether the value is taken out, or the row, which is about nothing else."""

    table: str
    column: str
    erased: Literal["value", "row"]


PLACES = (
    Place("incident_offence", "victim", "value"),
    Place("incident_offence", "suspect", "value"),
    Place("person_mention", "person", "row"),
    Place("protected_person", "person", "row"),
    Place("suspicion_statement", "suspect", "row"),
    Place("follow_up", "victim", "row"),
    Place("follow_up", "suspect", "row"),
    Place("link_proposal", "a", "row"),
    Place("link_proposal", "b", "row"),
    Place("link_judgement", "a", "row"),
    Place("link_judgement", "b", "row"),
    Place("app_user", "person", "value"),
)
REPORTS = ("incident_offence", "person_mention")
"""The tables that follow the reports; in all others somebody stands because a report named them."""

CONTENT = (("incident_version", "content_hash"), ("sighting", "content_hash"))
"""Hashes over what was said, inner pseudonyms included; of 16 bytes, and stored under the outer layer as they are."""

KEPT = (("read_log", "persons"),)
"""The log is sealed row by row, and keeps the pseudonyms of its time: ``etl.rekey.all_versions`` finds them."""

NOT_PSEUDONYMS = (
    ("access_scope", "*"), ("app_session", "*"), ("app_token", "hash"), ("*", "sha256"),
    ("identity_key", "check_value"), ("person_mention", "sealed"), ("raw_record", "body"), ("read_seal", "hash"),
    ("record_key", "wrapped"), ("sign_in", "*"),
)  # fmt: skip
"""All other byte columns: hashes of secrets and of deliveries, and what is sealed."""


def tables(places: tuple[Place, ...] = PLACES) -> dict[str, list[str]]:
    """The columns of each table, in order."""
    found: dict[str, list[str]] = {}
    for place in places:
        found.setdefault(place.table, []).append(place.column)
    return found

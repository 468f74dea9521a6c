"""Which versions are believed at T, and which suspicions may come up: SQL that every read of persons is made of.

``v`` is ``incident_version``, ``o`` a row of ``incident_offence``.

What T means differs on purpose. What a report said is as known at T. That a suspicion ended, or that somebody is
protected, is as known **now**: asking for last year's picture must not bring up what may no longer come up
(förordning 2018:1942, 3 §), nor a person who has since been protected (design section 9).
"""

from __future__ import annotations

from datetime import datetime

from app.queries.scope import Arguments

# An ending of one offence counts for all of the report's, once the report no longer holds that offence: a corrected
# code must not bring an ended suspicion back. The statement that gained force last holds.
ENDED = """exists (
    select from suspicion_statement as s
    where s.incident_id = v.incident_id and s.suspect = {row}.suspect and s.reason <> 'reopened'
      and (s.offence_id is null or s.offence_id = {row}.offence_id or not exists (
          select from incident_offence as same
          where same.version_id = v.version_id and same.suspect = s.suspect and same.offence_id = s.offence_id))
      and not exists (
          select from suspicion_statement as r
          where r.incident_id = s.incident_id and r.suspect = s.suspect
            and (r.offence_id is null or r.offence_id = s.offence_id)
            and (r.final_on, r.statement_id) > (s.final_on, s.statement_id)))"""

# Somebody who is the victim of a protected report, as last known: with whomever else they are named. A chief does not
# see every report; for the others the database answers yes or no (migrations/sql/0026_follow_ups.sql).
PROTECTED = """(exists (
    select from incident_offence as po join incident_version as v on v.version_id = po.version_id
    where po.victim = {person} and v.protected and not v.repeats and v.superseded_at is null)
    or protected_elsewhere({person}))"""


def held(arguments: Arguments, known_at: datetime | None) -> str:
    """SQL: version ``v`` is what was believed of its incident at ``known_at`` (None: now), whatever it said."""
    if known_at is None:
        return "not v.repeats and v.superseded_at is null"
    moment = arguments.add(known_at)
    return f"not v.repeats and v.known_at <= {moment} and (v.superseded_at is null or v.superseded_at > {moment})"


def believed(arguments: Arguments, known_at: datetime | None) -> str:
    """SQL: the same, and that was active."""
    return f"v.state = 'active' and {held(arguments, known_at)}"


def not_ended(row: str) -> str:
    """SQL: the suspicion in ``row`` (an alias of ``incident_offence``; its version is ``v``) has not ended."""
    return f"not {ENDED.format(row=row)}"


def not_protected(pair: str) -> str:
    """SQL: the victim of the pair in ``pair`` (columns victim, suspect) is protected by no report, of whomever."""
    return nobody_protected(f"{pair}.victim")


def nobody_protected(person: str) -> str:
    """SQL: ``person`` (a pseudonym) is the victim of no report that is protected as last known."""
    return f"not {PROTECTED.format(person=person)}"

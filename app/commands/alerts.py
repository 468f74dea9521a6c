"""What people write about alerts: acknowledge, snooze, hand over, close; and rules, each change a version of its own.

Nothing is overwritten. Who and when says the database; a viewer acts only on what the database shows that viewer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, get_args
from uuid import UUID

import asyncpg

from app.alerts.rule import Counted, Geofence, Mode, Outcome, Rule, Silence, definition_of, require_fit
from app.domain.errors import BadInput, NotFound
from app.domain.personal_number import holds_number
from app.domain.viewer import Role

if TYPE_CHECKING:
    from app.db import Connection

Act = Literal["acknowledged", "snoozed", "handed_over", "closed"]
HANDED_TO: tuple[Role, ...] = ("analyst", "commander", "area_chief", "feed_admin")
LONGEST_SNOOZE = timedelta(days=7)
MOST_NOTE = 500
TRIAL_DAYS = 365
MOST_TRIAL_DAYS = 1830
CHANGED = "Somebody else has changed this rule meanwhile; look at it and change it anew."
CHANGED_SV = "Någon annan har ändrat regeln under tiden; läs den och ändra den på nytt."

FOUND = "select alert_id, rule_id from alert where uid = $1"
ACT = """
insert into alert_action (alert_id, rule_id, kind, until, to_role, outcome) values ($1, $2, $3, $4, $5, $6)
returning action_id
"""
NOTE = "insert into alert_note (action_id, alert_id, note) values ($1, $2, $3)"
NEXT = "select max(version) from alert_rule_version where rule_id = $1"
WRITE = """
insert into alert_rule_version
    (rule_id, version, kind, title_sv, title_en, definition, fence, mode, allowed_per_week, why, tried)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning version_id
"""
TRY = """
insert into alert_trial (definition, fence, allowed_per_week, days) values ($1, $2, $3, $4) returning trial_id
"""
TRIED = """
select result from alert_trial
where trial_id = $1 and state = 'done' and definition = $2 and fence is not distinct from $3
"""
KNOWN_AREAS = """
select code from area where code = any($1) and kind in ('lokalpolisomrade', 'polisomrade', 'kommun')
"""
KNOWN_OFFENCES = """
select code from offence where code = any($1) union select group_code from offence where group_code = any($1)
"""
KNOWN_FEEDS = "select feed from feed_state where feed = any($1)"


@dataclass(frozen=True)
class Action:
    """What somebody does about an alert."""

    kind: Act
    until: datetime | None = None
    to_role: str | None = None
    outcome: Outcome | None = None
    note: str = ""

    def check(self, now: datetime) -> None:
        """Whether it is whole.

        Raises:
            BadInput: It lacks what its kind needs, or has what it does not.
        """
        if self.kind not in get_args(Act):
            raise BadInput(
                f"An alert can be {', '.join(get_args(Act))}.",
                sv="Ett larm kan kvitteras, läggas att vila, lämnas över eller stängas.",
            )
        if len(self.note) > MOST_NOTE:
            raise BadInput(
                f"A note has at most {MOST_NOTE} characters.",
                sv=f"En anteckning har högst {MOST_NOTE} tecken.",
            )
        _require_text(self.note)
        if holds_number(self.note):
            raise BadInput(
                "Leave the personnummer out: an alert names no person.",
                sv="Ta bort personnumret: ett larm nämner ingen person.",
            )
        for kind, value, name, sv in (
            (
                "snoozed",
                self.until,
                "until",
                "Ett larm som ska vila, och inget annat, har en tid då det kommer tillbaka.",
            ),
            (
                "handed_over",
                self.to_role,
                "to_role",
                "Ett larm som lämnas över, och inget annat, har en mottagare.",
            ),
            ("closed", self.outcome, "outcome", "Ett larm som stängs, och inget annat, har ett utfall."),
        ):
            if (self.kind == kind) != (value is not None):
                raise BadInput(f"`{name}` belongs to `{kind}`, and `{kind}` needs it.", sv=sv)
        if self.until is not None and not now < self.until <= now + LONGEST_SNOOZE:
            raise BadInput(
                "An alert can be snoozed until a moment within the next seven days.",
                sv="Ett larm kan vila till en tidpunkt inom de närmaste sju dygnen.",
            )
        if self.to_role is not None and self.to_role not in HANDED_TO:
            raise BadInput(
                f"An alert is handed over to one of {', '.join(HANDED_TO)}.",
                sv="Ett larm lämnas över till analytiker, regionchef, områdeschef eller källansvarig.",
            )
        if self.outcome is not None and self.outcome not in get_args(Outcome):
            raise BadInput(
                "An alert is closed as true, false or unclear.",
                sv="Ett larm stängs som riktigt, falskt eller oklart.",
            )


async def act(connection: Connection, uid: UUID, action: Action, now: datetime) -> int:
    """Do something about an alert, in a transaction that may write on the viewer's behalf; the action's number.

    Raises:
        BadInput: The action is not whole.
        NotFound: There is no such alert, or none that the viewer may see.
    """
    action.check(now)
    row = await connection.fetchrow(FOUND, uid)
    if row is None:
        raise NotFound("There is no such alert.", sv="Det finns inget sådant larm.")
    action_id: int = await connection.fetchval(
        ACT, row["alert_id"], row["rule_id"], action.kind, action.until, action.to_role, action.outcome
    )
    if action.note.strip():
        await connection.execute(NOTE, action_id, row["alert_id"], action.note.strip())
    return action_id


@dataclass(frozen=True)
class Written:
    """A rule as somebody wrote it. ``title_en`` may be left out: then it is the Swedish one."""

    rule: Rule
    title_sv: str
    mode: Mode
    allowed_per_week: float
    why: str = ""
    title_en: str = ""

    def check(self) -> None:
        """Whether it can be stored.

        Raises:
            BadInput: It has no title, or one that is too long, no budget, or a reason that is too long.
        """
        for title in (self.title_sv.strip(), self.title_en.strip() or self.title_sv.strip()):
            if not 1 <= len(title) <= 120:
                raise BadInput(
                    "A rule has a title of 1 to 120 characters.",
                    sv="En regel har ett namn på 1 till 120 tecken.",
                )
        _require_budget(self.allowed_per_week)
        _require_text(self.title_sv, self.title_en, self.why)
        if len(self.why) > MOST_NOTE:
            raise BadInput(
                f"Why a rule is changed is said in at most {MOST_NOTE} characters.",
                sv=f"Varför en regel ändras sägs med högst {MOST_NOTE} tecken.",
            )
        if self.rule.kind == "delivery":
            raise BadInput(
                "The rule about what could not be sent is made by the house itself.",
                sv="Regeln om det som inte kunde skickas gör systemet självt.",
            )


async def ask_trial(
    connection: Connection, rule: Rule, allowed_per_week: float, days: int = TRIAL_DAYS
) -> UUID:
    """Ask the engine to try a rule on so many days of the past; the trial's id.

    Raises:
        BadInput: It names what is not there, or asks for more than five years.
    """
    if not 1 <= days <= MOST_TRIAL_DAYS:
        raise BadInput(
            f"A rule is tried on 1 to {MOST_TRIAL_DAYS} days.",
            sv=f"En regel prövas på 1 till {MOST_TRIAL_DAYS} dagar.",
        )
    _require_budget(allowed_per_week)
    await _require_known(connection, rule)
    trial: UUID = await connection.fetchval(TRY, *definition_of(rule), allowed_per_week, days)
    await connection.execute("select pg_notify('alerts', '')")
    return trial


async def write_rule(
    connection: Connection, rule_id: UUID, written: Written, trial: UUID | None, *, after: int | None = None
) -> int:
    """Write a version of a rule, on behalf of somebody who may; its number.

    Args:
        connection: In a transaction that may write.
        rule_id: Of a rule that there is, or a new id.
        written: What it shall be.
        trial: Of the very same rule; without one it cannot go live.
        after: The version that it was changed from: another one since then is not covered up.

    Raises:
        BadInput: It cannot be; it names what is not there; it shall go live and was not tried or gave more than it may;
            somebody else changed it meanwhile.
    """
    written.check()
    require_fit(written.rule)
    await _require_known(connection, written.rule)
    definition, fence = definition_of(written.rule)
    tried = None if trial is None else await connection.fetchrow(TRIED, trial, definition, fence)
    summary = None if tried is None else tried["result"]["summary"]
    if written.mode == "live" and (summary is None or summary["per_week"] > written.allowed_per_week):
        raise BadInput(
            "A rule goes live after a trial that keeps to its budget; it can go on probation, or be allowed more.",
            sv=(
                "En regel sätts i drift efter ett prov där den inte ger fler larm än den får; "
                "den kan gå på prov, eller få ge fler."
            ),
        )
    newest = await connection.fetchval(NEXT, rule_id)
    if after is not None and newest != after:
        raise BadInput(CHANGED, sv=CHANGED_SV)
    title_sv = written.title_sv.strip()
    number = (newest or 0) + 1
    try:
        await connection.execute(
            WRITE, rule_id, number, written.rule.kind, title_sv, written.title_en.strip() or title_sv, definition,
            fence, written.mode, written.allowed_per_week, written.why.strip(), summary,
        )  # fmt: skip
    except asyncpg.UniqueViolationError as error:
        raise BadInput(CHANGED, sv=CHANGED_SV) from error
    await connection.execute("select pg_notify('alerts', '')")
    return number


def _require_budget(allowed_per_week: float) -> None:
    if not 0.01 <= allowed_per_week <= 1000:
        raise BadInput(
            "A rule is allowed 0.01 to 1,000 alerts a week.",
            sv="En regel får ge 0,01 till 1 000 larm i veckan.",
        )


def _require_text(*texts: str) -> None:
    if any("\x00" in text for text in texts):
        raise BadInput(
            "A text holds a character that no text has.",
            sv="Texten innehåller ett tecken som ingen text har.",
        )


async def _require_known(connection: Connection, rule: Rule) -> None:
    wanted: list[tuple[str, set[str], str, str]] = []
    if isinstance(rule, Counted):
        wanted.append(
            (
                KNOWN_AREAS,
                set(rule.areas),
                "area (a district, police area or kommun)",
                "Det finns inget distrikt, polisområde eller kommun",
            )
        )
    if isinstance(rule, Counted | Geofence):
        wanted.append(
            (KNOWN_OFFENCES, set(rule.offences), "offence or group", "Det finns inget brott och ingen grupp")
        )
    if isinstance(rule, Silence):
        wanted.append((KNOWN_FEEDS, set(rule.feeds), "feed", "Det finns ingen källa"))
    for statement, codes, what, none in wanted:
        rows: list[Any] = await connection.fetch(statement, sorted(codes)) if codes else []
        if unknown := codes - {row[0] for row in rows}:
            raise BadInput(f"There is no {what} {min(unknown)!r}.", sv=f"{none} {min(unknown)!r}.")

"""Marked rows of what people and machines write beside the incidents, and who may be told each mark.

The log book, alerts with notes and fences, the morning's editions and kept views: of the whole region, of the chief's
own district, of a foreign one and of a feed. A mark that a role is not named for must be in no answer to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.alerts.rule import Delivery, Geofence, Silence, Threshold, definition_of
from app.briefing.edition import Edition, Said, Section, Source, Text, canonical
from tests.access.people import FOREIGN, OWN

if TYPE_CHECKING:
    import asyncpg

    from app.alerts.rule import Rule
    from app.db import Pool
    from app.domain.viewer import Role

HERE, THERE, REGION = "own", "foreign", "region"
AREAS: dict[str, str | None] = {HERE: OWN, THERE: FOREIGN, REGION: None}
FEED = "uppdrag"

_REGION: frozenset[Role] = frozenset({"analyst", "commander"})
_DUTY: frozenset[Role] = _REGION | {"area_chief"}
_NOBODY: frozenset[Role] = frozenset()

LOGGED: dict[str, tuple[str | None, bool]] = {
    "kanarieloggregion": (None, False), "kanarieloggalla": (None, True), "kanarieloggegen": (OWN, False),
    "kanarieloggannan": (FOREIGN, False), "kanariefallegen": (OWN, False), "kanariefallannan": (FOREIGN, False),
}  # fmt: skip
"""Texts of the log book: the district, and whether the chiefs are told too; the last two are about an incident."""
ALERTS: dict[str, str] = {
    HERE: "a1a1a1a1-0000-4000-8000-00000000c001", THERE: "a1a1a1a1-0000-4000-8000-00000000c002",
    REGION: "a1a1a1a1-0000-4000-8000-00000000c003", FEED: "a1a1a1a1-0000-4000-8000-00000000c004",
}  # fmt: skip
NOTES = {place: f"kanarielarmnot-{place}" for place in ALERTS}
SOURCES = {place: uid.replace("a1a1a1a1", "5e5e5e5e") for place, uid in ALERTS.items()}
"""The incidents that an alert rests on."""
FENCE = "18.0712345"
"""A longitude that only a fence has."""
RULES = {"counted": "kanarieregel-antal", "fenced": "kanarieregel-inom", "silent": "kanarieregel-tyst"}
WHY = {name: title.replace("regel", "orsak") for name, title in RULES.items()}
EDITIONS = {place: f"kanariemorgon-{place}" for place in AREAS}
TRIAL, PROGRESS, TARGET = "kanarieprov", "kanariestand", "kanariemottagare@example.org"
VIEWS: dict[str, tuple[Role, str | None, bool]] = {
    "kanarievy-privat": ("analyst", None, False), "kanarievy-analytiker": ("analyst", None, True),
    "kanarievy-vakt": ("commander", None, True), "kanarievy-flode": ("feed_admin", None, True),
    "kanarievy-egen": ("area_chief", OWN, True), "kanarievy-annan": ("area_chief", FOREIGN, True),
}  # fmt: skip
"""Names of views that other people keep: whose role and district, and whether it is shared."""

TOLD: dict[str, frozenset[Role]] = {
    "kanarieloggregion": _REGION, "kanarieloggalla": _DUTY, "kanarieloggegen": _DUTY, "kanarieloggannan": _REGION,
    "kanariefallegen": _DUTY, "kanariefallannan": _REGION,
    ALERTS[HERE]: _DUTY | {"wall"}, ALERTS[THERE]: _REGION | {"wall"}, ALERTS[REGION]: _REGION | {"wall"},
    ALERTS[FEED]: _REGION | {"wall", "feed_admin"},
    NOTES[HERE]: _DUTY, NOTES[THERE]: _REGION, NOTES[REGION]: _REGION, NOTES[FEED]: _REGION | {"feed_admin"},
    SOURCES[HERE]: frozenset({"analyst", "area_chief"}),
    **{SOURCES[place]: frozenset({"analyst"}) for place in (THERE, REGION, FEED)},
    FENCE: frozenset({"analyst"}),
    **{text[name]: _DUTY | {"wall"} for text in (RULES, WHY) for name in ("counted", "fenced")},
    **{text["silent"]: _DUTY | {"wall", "feed_admin"} for text in (RULES, WHY)},
    TRIAL: _NOBODY, PROGRESS: _NOBODY, TARGET: _NOBODY,
    EDITIONS[REGION]: _REGION, EDITIONS[HERE]: _DUTY, EDITIONS[THERE]: _REGION,
    "kanarievy-privat": _NOBODY, "kanarievy-analytiker": frozenset({"analyst"}), "kanarievy-vakt": _REGION,
    "kanarievy-flode": frozenset({"feed_admin"}), "kanarievy-egen": frozenset({"analyst", "area_chief"}),
    "kanarievy-annan": frozenset({"analyst"}),
}  # fmt: skip
"""Every mark, and the roles that may be told it; the chief is of ``OWN``."""
ON_PAGES_ONLY = frozenset({FENCE})
"""What no route tells: only the form of rules draws it."""
ON_NO_PAGE = frozenset({*VIEWS, NOTES[REGION], SOURCES[REGION]})
"""What no callback tells: views, which the browser asks the routes for, and an alert that is not chosen."""
IN_THE_LOG = frozenset(ALERTS.values())
"""Opaque ids of what somebody did something about: the log says so to the auditor."""


@dataclass(frozen=True)
class Planted:
    """Ids of what was planted, by the place that it is of."""

    entries: dict[str, str]
    interventions: dict[str, str]
    editions: dict[str, str]
    views: dict[str, str]
    rules: dict[str, str]
    trial: str

    def paths(self, place: str) -> dict[str, str]:
        """What stands for the parameters of a path, of a place."""
        view = {HERE: "kanarievy-egen", THERE: "kanarievy-privat", REGION: "kanarievy-analytiker"}[place]
        return {
            "rule_id": self.rules[THERE], "trial": self.trial, "edition": self.editions[place],
            "view": self.views[view],
        }  # fmt: skip


ENTRY = """
insert into log_entry (kind, text, area_id, for_all, incident, known_at, xid, ledger_id, owner, due, begins, actor,
    name, role)
values ($1, $2, (select area_id from area where code = $3), $4, $5, now(), '1', 1,
    case when $1 = 'follow_up' then 'Yttre befäl' else '' end, case when $1 = 'follow_up' then now() end,
    case when $1 = 'intervention' then date '2026-06-01' end, 'user:annan', 'Annan', 'analyst')
returning entry_id::text
"""
RULE = """
insert into alert_rule_version (rule_id, version, kind, title_sv, title_en, definition, fence, mode, allowed_per_week,
    why, actor, name, role)
values (gen_random_uuid(), 1, $1, $2, $2, $3, $4, 'off', 1, $5, 'user:annan', 'Annan', 'analyst')
returning version_id, rule_id::text
"""
ALERT = """
insert into alert (uid, version_id, rule_id, kind, place, period, day, area_id, feed, probation)
select $1, version_id, rule_id, kind, coalesce($3, $4, ''), now() - interval '1 hour', current_date,
    (select area_id from area where code = $3), $4, false
from alert_rule_version where version_id = $2 returning alert_id
"""
FIRED = """
insert into alert_action (alert_id, rule_id, kind, firing, fired_at, value, bound, sources)
select alert_id, rule_id, 'fired', uid::text, period, 5, 5, array[$2::uuid] from alert where alert_id = $1
"""
NOTED = """
with acted as (
    insert into alert_action (alert_id, rule_id, kind, actor, name, role)
    select alert_id, rule_id, 'acknowledged', 'user:annan', 'Annan', 'analyst' from alert where alert_id = $1
    returning action_id, alert_id
)
insert into alert_note (action_id, alert_id, note) select action_id, alert_id, $2 from acted
"""
OUTBOX = "insert into alert_outbox (alert_id, channel, target) values ($1, 'mail', $2)"
LOOKED = """
insert into alert_progress (version_id, looked_at, xid, ledger_id, state) values ($1, now(), '1', 1, $2)
"""
TRIED = """
insert into alert_trial (definition, allowed_per_week, days, actor, state, done_at, result)
values ($1, 1, 30, 'user:annan', 'done', now(), $2) returning trial_id::text
"""
BRIEFING = """
insert into briefing (area_id, day, number, known_at, xid, ledger_id, form, sha256, content)
values ((select area_id from area where code = $1), $2, 1, $3, '1', 1, 1, sha256(convert_to($4, 'UTF8')), $4)
returning edition_id::text
"""
VIEW = """
insert into saved_view (name, address, shared, actor, owner, role, areas)
values ($1, '/?area=lpo-jarva', $2, 'user:annan', 'Annan', $3, $4) returning view_id::text
"""


async def plant(pool: Pool, about: dict[str, str]) -> Planted:
    """Put every mark where it may be told by mistake.

    Args:
        pool: The owner's.
        about: An incident's id in the own and in the foreign district.
    """
    async with pool.acquire() as connection:
        entries, interventions = await _log_book(connection, about)
        rules, trial = await _alerts(connection)
        day, known = date(2026, 11, 24), datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
        editions = {
            place: await connection.fetchval(
                BRIEFING, code, day, known, canonical(_edition(EDITIONS[place], code, day, known))
            )
            for place, code in AREAS.items()
        }
        views = {
            name: await connection.fetchval(VIEW, name, shared, role, [area] if area else [])
            for name, (role, area, shared) in VIEWS.items()
        }
    return Planted(entries, interventions, editions, views, rules, trial)


async def _log_book(
    connection: asyncpg.Connection, about: dict[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    entries: dict[str, str] = {}
    interventions: dict[str, str] = {}
    for mark, (area, for_all) in LOGGED.items():
        place = next(name for name, code in AREAS.items() if code == area)
        incident = UUID(about[place]) if mark.startswith("kanariefall") else None
        for kind in ("note", "decision", "follow_up", *(("intervention",) if area else ())):
            made = await connection.fetchval(ENTRY, kind, f"Om {mark}.", area, for_all, incident)
            (interventions if kind == "intervention" else entries).setdefault(place, made)
    return entries, interventions


async def _alerts(connection: asyncpg.Connection) -> tuple[dict[str, str], str]:
    """Rules, alerts of each place, another's trial; the ids of the rules and of the trial."""
    point = (float(FENCE), 59.3137)
    made: dict[str, tuple[int, str]] = {}
    rules: dict[str, Rule] = {
        "counted": Threshold(), "silent": Silence(), "fenced": Geofence.model_validate({"fence": {"point": point}}),
    }  # fmt: skip
    for name, rule in rules.items():
        definition, fence = definition_of(rule)
        row = await connection.fetchrow(RULE, rule.kind, RULES[name], definition, fence, WHY[name])
        made[name] = row["version_id"], row["rule_id"]
        await connection.execute(LOOKED, row["version_id"], {"told": PROGRESS})
    of_rule = {HERE: "counted", THERE: "fenced", REGION: "counted", FEED: "silent"}
    for place, uid in ALERTS.items():
        feed = FEED if place == FEED else None
        alert = await connection.fetchval(ALERT, UUID(uid), made[of_rule[place]][0], AREAS.get(place), feed)
        await connection.execute(FIRED, alert, UUID(SOURCES[place]))
        await connection.execute(NOTED, alert, NOTES[place])
        await connection.execute(OUTBOX, alert, TARGET)
    result: dict[str, Any] = {"words": [{"sv": TRIAL, "en": TRIAL}], "summary": {}, "alerts": []}
    trial: str = await connection.fetchval(TRIED, definition_of(Delivery())[0], result)
    return {place: made[name][1] for place, name in (*of_rule.items(), (REGION, "silent"))}, trial


def _edition(mark: str, area: str | None, day: date, known: datetime) -> Edition:
    text = Text(sv=f"Om {mark}.", en=f"About {mark}.")
    source = Source(query="counted", scope=area, known_at=known, position="1-1")
    said = Said(name="first", text=text, source=source)
    return Edition(
        region="stockholm", region_name=Text(sv="Region", en="Region"), area=area, name=text, zone="Europe/Stockholm",
        day=day, known_at=known, position="1-1", first=said,
        sections=(Section(name="happened", title=text, said=(said.model_copy(update={"name": "again"}),)),),
    )  # fmt: skip

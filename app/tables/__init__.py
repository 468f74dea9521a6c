"""The tables, a file per noun. ``migrations/sql`` creates them; a test holds the two against each other."""

from app.tables.access import access_scope
from app.tables.alerts import (
    alert,
    alert_action,
    alert_note,
    alert_outbox,
    alert_progress,
    alert_rule_version,
    alert_trial,
)
from app.tables.areas import area, area_within, region_pack
from app.tables.audit import audit_check, read_log, read_seal, review_note
from app.tables.briefings import briefing
from app.tables.cubes import cube_edition, cube_pin, cube_plan
from app.tables.deliveries import delivery, feed_state, quarantine, raw_record, record_key
from app.tables.follow_ups import follow_up
from app.tables.incidents import incident, incident_offence, incident_version, sighting
from app.tables.ledger import cell_monthly, ledger, rollup_daily
from app.tables.links import link_judgement, link_proposal
from app.tables.log_book import log_entry
from app.tables.measures import measure_result
from app.tables.metadata import metadata
from app.tables.offences import harm_weight, offence
from app.tables.persons import erasure_protocol, identity_key, person_mention, protected_person
from app.tables.sessions import app_session, sign_in
from app.tables.suspicions import suspicion_statement
from app.tables.tokens import app_token
from app.tables.totals import cell_total, daily_total, rollup_place
from app.tables.users import app_user
from app.tables.views import saved_view

__all__ = [
    "access_scope",
    "alert",
    "alert_action",
    "alert_note",
    "alert_outbox",
    "alert_progress",
    "alert_rule_version",
    "alert_trial",
    "app_session",
    "app_token",
    "app_user",
    "area",
    "area_within",
    "audit_check",
    "briefing",
    "cell_monthly",
    "cell_total",
    "cube_edition",
    "cube_pin",
    "cube_plan",
    "daily_total",
    "delivery",
    "erasure_protocol",
    "feed_state",
    "follow_up",
    "harm_weight",
    "identity_key",
    "incident",
    "incident_offence",
    "incident_version",
    "ledger",
    "link_judgement",
    "link_proposal",
    "log_entry",
    "measure_result",
    "metadata",
    "offence",
    "person_mention",
    "protected_person",
    "quarantine",
    "raw_record",
    "read_log",
    "read_seal",
    "record_key",
    "region_pack",
    "review_note",
    "rollup_daily",
    "rollup_place",
    "saved_view",
    "sighting",
    "sign_in",
    "suspicion_statement",
]

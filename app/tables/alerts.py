"""Alert rules in versions, alerts, and what became of each: append-only, but for how far the engine has come."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    UUID,
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB, REAL

from app.tables.metadata import XID8, Moment, metadata

alert_rule_version = Table(
    "alert_rule_version",
    metadata,
    Column("version_id", BigInteger, primary_key=True),
    Column("rule_id", UUID, nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title_sv", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("definition", JSONB, nullable=False, doc="of app/alerts/rule.py, without the fence"),
    Column("fence", JSONB, doc="a polygon, or a point and metres: finer than a district"),
    Column("mode", Text, nullable=False, doc="live, probation or off"),
    Column("allowed_per_week", REAL, nullable=False),
    Column("why", Text, nullable=False),
    Column("tried", JSONB, doc="what the replay said before it was set going"),
    Column("made_at", Moment, nullable=False),
    Column("actor", Text, nullable=False, doc="from the scope, by default only"),
    Column("name", Text, nullable=False, doc="from the scope, by default only"),
    Column("role", Text, nullable=False, doc="from the scope, by default only"),
    UniqueConstraint("rule_id", "version"),
)

alert = Table(
    "alert",
    metadata,
    Column("alert_id", BigInteger, primary_key=True),
    Column("uid", UUID, nullable=False, unique=True),
    Column("version_id", ForeignKey("alert_rule_version.version_id"), nullable=False),
    Column("rule_id", UUID, nullable=False),
    Column("kind", Text, nullable=False),
    Column("place", Text, nullable=False, doc="an area's code, a feed, or nothing for the region"),
    Column("period", Moment, nullable=False, doc="the moment of the first firing"),
    Column("day", Date, nullable=False, doc="of it, a day of the region"),
    Column("area_id", ForeignKey("area.area_id")),
    Column("feed", Text),
    Column("probation", Boolean, nullable=False),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint("rule_id", "place", "period"),
)

alert_action = Table(
    "alert_action",
    metadata,
    Column("action_id", BigInteger, primary_key=True),
    Column("alert_id", ForeignKey("alert.alert_id"), nullable=False),
    Column("rule_id", UUID, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("firing", Text, doc="what fired, and when"),
    Column("fired_at", Moment, doc="when it became true, by what was known"),
    Column("value", Double),
    Column("bound", Double),
    Column("normal", Double),
    Column("window_from", Moment),
    Column("xid", XID8),
    Column("ledger_id", BigInteger),
    Column("sources", ARRAY(UUID), nullable=False, doc="the incidents that it rests on"),
    Column("until", Moment),
    Column("to_role", Text),
    Column("outcome", Text),
    Column("channel", Text),
    Column("actor", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    UniqueConstraint("rule_id", "firing"),
)

alert_note = Table(
    "alert_note",
    metadata,
    Column("action_id", ForeignKey("alert_action.action_id"), primary_key=True),
    Column("alert_id", ForeignKey("alert.alert_id"), nullable=False),
    Column("note", Text, nullable=False),
)

alert_progress = Table(
    "alert_progress",
    metadata,
    Column("version_id", ForeignKey("alert_rule_version.version_id"), primary_key=True),
    Column("looked_at", Moment, nullable=False),
    Column("xid", XID8, nullable=False),
    Column("ledger_id", BigInteger, nullable=False),
    Column("state", JSONB, nullable=False),
)

alert_outbox = Table(
    "alert_outbox",
    metadata,
    Column("outbox_id", BigInteger, primary_key=True),
    Column("alert_id", ForeignKey("alert.alert_id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("tries", SmallInteger, nullable=False),
    Column("done_at", Moment),
    Column("delivered", Boolean),
    UniqueConstraint("alert_id", "channel", "target"),
)

alert_trial = Table(
    "alert_trial",
    metadata,
    Column("trial_id", UUID, primary_key=True),
    Column("definition", JSONB, nullable=False),
    Column("fence", JSONB),
    Column("allowed_per_week", REAL, nullable=False),
    Column("days", Integer, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("state", Text, nullable=False, doc="waiting, done or failed"),
    Column("done_at", Moment),
    Column("seconds", REAL),
    Column("result", JSONB, doc="counts by place and moment; no incident, no person"),
)

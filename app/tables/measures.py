"""What the measures said, day by day: written once, never changed."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB, REAL

from app.tables.metadata import XID8, Moment, metadata

measure_result = Table(
    "measure_result",
    metadata,
    Column("result_id", BigInteger, primary_key=True),
    Column("question", Text, nullable=False, doc="of app/jobs/questions.py"),
    Column("measure", Text, nullable=False),
    Column("version", SmallInteger, nullable=False),
    Column("area_id", ForeignKey("area.area_id"), doc="null: of the whole region"),
    Column("day", Date, nullable=False, doc="a day of the region; what happened before it is looked at"),
    Column("known_at", Moment, nullable=False),
    Column("xid", XID8, nullable=False, doc="up to this ledger row,"),
    Column("ledger_id", BigInteger, nullable=False, doc="and this one"),
    Column("params", JSONB, nullable=False),
    Column("state", Text, nullable=False, doc="told, refused or failed"),
    Column("words", JSONB, nullable=False, doc="[{sv, en}]"),
    Column("content", JSONB, doc="the measure's result; null where it failed"),
    Column("rows", Integer, nullable=False, doc="of the table that it was worked out from"),
    Column("seconds", REAL, nullable=False),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint("question", "area_id", "day", "known_at"),
)

"""The morning's editions: made once, never changed."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

from app.tables.metadata import XID8, Moment, metadata

briefing = Table(
    "briefing",
    metadata,
    Column("edition_id", BigInteger, primary_key=True),
    Column("area_id", Integer, ForeignKey("area.area_id"), doc="null: of the whole region"),
    Column("day", Date, nullable=False, doc="a day of the region"),
    Column("number", SmallInteger, nullable=False, doc="of that day and area, from 1"),
    Column("known_at", Moment, nullable=False),
    Column("xid", XID8, nullable=False, doc="up to this ledger row,"),
    Column("ledger_id", BigInteger, nullable=False, doc="and this one"),
    Column("form", SmallInteger, nullable=False, doc="of the content"),
    Column("sha256", LargeBinary, nullable=False, doc="of the content"),
    Column("content", Text, nullable=False, doc="canonical JSON: app/briefing/edition.py"),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint("area_id", "day", "number"),
)

"""What partners were given: the plan of a year, the pictures that its months were counted from, and the editions."""

from __future__ import annotations

from sqlalchemy import ARRAY, BigInteger, Column, ForeignKey, Integer, LargeBinary, SmallInteger, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from app.tables.metadata import XID8, Moment, metadata

cube_plan = Table(
    "cube_plan",
    metadata,
    Column("plan", Text, primary_key=True, doc="the region and the year"),
    Column("document", JSONB, nullable=False, doc="axes and cubes as fixed at the first publication"),
    Column("made_at", Moment, nullable=False),
)

cube_pin = Table(
    "cube_pin",
    metadata,
    Column("plan", ForeignKey("cube_plan.plan"), primary_key=True),
    Column("period", Text, primary_key=True, doc="a month, YYYY-MM"),
    Column("version", SmallInteger, primary_key=True),
    Column("as_of", Moment, nullable=False, doc="as known then"),
    Column("xid", XID8, nullable=False, doc="up to this ledger row"),
    Column("ledger_id", BigInteger, nullable=False),
)

cube_edition = Table(
    "cube_edition",
    metadata,
    Column("edition_id", BigInteger, primary_key=True),
    Column("plan", ForeignKey("cube_plan.plan"), nullable=False),
    Column("cube", Text, nullable=False),
    Column("period", Text, nullable=False, doc="a month, a quarter (2026-Q3) or a year"),
    Column("version", SmallInteger, nullable=False),
    Column("as_of", Moment, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("roles", ARRAY(Text), nullable=False, doc="who may see it"),
    Column("method", Text, nullable=False),
    Column("parameters", JSONB, nullable=False, doc="threshold, width, zeros, rounding"),
    Column("cells", Integer, nullable=False),
    Column("hidden", Integer, nullable=False),
    Column("sha256", LargeBinary, nullable=False, doc="of the content"),
    Column("content", Text, nullable=False, doc="canonical JSON; a hidden figure is null"),
)

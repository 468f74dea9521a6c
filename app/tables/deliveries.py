"""What a source handed over: deliveries, their raw records, what went wrong, and where each feed stands."""

from __future__ import annotations

from sqlalchemy import (
    UUID,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.tables.metadata import Moment, metadata

feed_state = Table(
    "feed_state",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("cursor", JSONB, nullable=False),
    Column("last_fetch_at", Moment),
    Column("last_success_at", Moment),
    Column("last_news_at", Moment),
    Column("message", Text),
)

delivery = Table(
    "delivery",
    metadata,
    Column("delivery_id", BigInteger, primary_key=True),
    Column("feed", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("fetched_at", Moment, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("archive", Boolean, nullable=False, doc="fetched_at was told, not now: known-at lies in the past"),
    Column("part", Integer, nullable=False, doc="a large file commits in parts, each its own delivery"),
    Column("read", Integer, nullable=False),
    Column("loaded", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("quarantined", Integer, nullable=False),
    Column("outside", Integer, nullable=False),
)

raw_record = Table(
    "raw_record",
    metadata,
    Column("raw_id", BigInteger, primary_key=True),
    Column("delivery_id", BigInteger, nullable=False),
    Column("number", Integer, nullable=False, doc="the record's place in the delivery, from 1"),
    Column("body", LargeBinary, nullable=False, doc="JSON; sealed when the feed holds identities"),
    Column("key_id", UUID, doc="of the key in the keyring; null: not sealed, or erased"),
    Column("erased_at", Moment),
)

record_key = Table(
    "record_key",
    metadata,
    Column("raw_id", BigInteger, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False, doc="a key that waits to be moved to the keyring"),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("quarantine_id", BigInteger, primary_key=True),
    Column("feed", Text, nullable=False),
    Column("delivery_id", ForeignKey("delivery.delivery_id"), nullable=False),
    Column("raw_id", ForeignKey("raw_record.raw_id")),
    Column("step", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("value", Text, nullable=False, doc="masked where the feed holds identities"),
    Column("reason", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("resolved_at", Moment),
    Column("replayed_delivery_id", ForeignKey("delivery.delivery_id")),
)

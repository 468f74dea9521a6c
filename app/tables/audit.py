"""The log of who read what and why, its seals, the checks of it, and the auditor's notes. All append-only."""

from __future__ import annotations

from sqlalchemy import ARRAY, BigInteger, Column, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from app.tables.metadata import XID8, Moment, metadata

read_log = Table(
    "read_log",
    metadata,
    Column("log_id", BigInteger, primary_key=True),
    Column("xid", XID8, nullable=False, doc="the transaction that read"),
    Column("at", Moment, nullable=False),
    Column("actor", Text, nullable=False, doc="from the scope, by default only"),
    Column("name", Text, nullable=False, doc="from the scope, by default only"),
    Column("role", Text, nullable=False, doc="from the scope, by default only"),
    Column("scope_ref", Text, doc="digest of the scope"),
    Column("session_ref", Text, doc="digest of the session"),
    Column("action", Text, nullable=False, doc="read, search, export, denied or change"),
    Column("what", Text, nullable=False, doc="the route or the query"),
    Column("reason", Text, nullable=False, doc="of app/domain/reasons.toml, or other"),
    Column("reason_text", Text, nullable=False),
    Column("filter", JSONB, doc="codes, days and opaque ids: never content"),
    Column("persons", ARRAY(LargeBinary), nullable=False, doc="the pseudonyms that were read about"),
    Column("areas", ARRAY(Text), nullable=False, doc="codes of the areas that it concerned"),
    Column("found", Integer, doc="rows that were given out"),
)

read_seal = Table(
    "read_seal",
    metadata,
    Column("seal_no", BigInteger, primary_key=True),
    Column("log_id", BigInteger, nullable=False, unique=True),
    Column("hash", LargeBinary, nullable=False, doc="32 bytes: app/domain/chain.py"),
    Column("sealed_at", Moment, nullable=False),
)

audit_check = Table(
    "audit_check",
    metadata,
    Column("check_id", BigInteger, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("sealed_to", Moment, doc="when the last seal that was checked was made"),
    Column("findings", JSONB, nullable=False, doc="empty: the log is whole"),
)

review_note = Table(
    "review_note",
    metadata,
    Column("note_id", BigInteger, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("actor", Text, nullable=False, doc="from the scope, by default only"),
    Column("name", Text, nullable=False, doc="from the scope, by default only"),
    Column("rule", Text, nullable=False, doc="of app/domain/unusual.toml"),
    Column("about", Text, nullable=False, doc="whose readings"),
    Column("log_ids", ARRAY(BigInteger), nullable=False),
    Column("outcome", Text, nullable=False, doc="justified, asked or reported"),
    Column("note", Text, nullable=False),
)

"""The log book: append-only; a correction is a new row, and what follows the first of a thread stands beside it."""

from __future__ import annotations

from sqlalchemy import UUID, BigInteger, Boolean, Column, Date, Double, ForeignKey, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from app.tables.metadata import XID8, Moment, metadata

log_entry = Table(
    "log_entry",
    metadata,
    Column("entry_id", UUID, primary_key=True),
    Column("thread", UUID, nullable=False, doc="the first of an entry and its corrections; by a trigger"),
    Column("kind", Text, nullable=False, doc="of app/domain/log_book.toml"),
    Column("text", Text, nullable=False),
    Column("area_id", ForeignKey("area.area_id"), doc="null: the whole region"),
    Column("for_all", Boolean, nullable=False, doc="of the whole region, and for the chiefs too"),
    Column("incident", ForeignKey("incident.uid")),
    Column("view", Text, nullable=False, doc="the page and its address's search"),
    Column("known_at", Moment, nullable=False, doc="the picture that was looked at: as known then,"),
    Column("xid", XID8, nullable=False, doc="up to this ledger row,"),
    Column("ledger_id", BigInteger, nullable=False, doc="and this one"),
    Column("lon", Double, doc="WGS84"),
    Column("lat", Double, doc="WGS84"),
    Column("owner", Text, nullable=False, doc="a follow-up's: who is to do it"),
    Column("due", Moment, doc="and by when"),
    Column("begins", Date, doc="an intervention's first day in the region's calendar"),
    Column("ends", Date, doc="and its last; null: it goes on"),
    Column("figures", JSONB, doc="a handover's, as they were shown when it was signed"),
    Column("about", ForeignKey("log_entry.entry_id"), doc="what a done closes"),
    Column("corrects", ForeignKey("log_entry.entry_id"), doc="an earlier entry that this one replaces"),
    Column("noted_at", Moment, nullable=False),
    Column("actor", Text, nullable=False, doc="from the scope, by default only"),
    Column("name", Text, nullable=False, doc="from the scope, by default only"),
    Column("role", Text, nullable=False, doc="from the scope, by default only"),
)

"""Views that somebody keeps by name: an address, and who may find it."""

from __future__ import annotations

from sqlalchemy import ARRAY, UUID, Boolean, Column, Table, Text, UniqueConstraint

from app.tables.metadata import Moment, metadata

saved_view = Table(
    "saved_view",
    metadata,
    Column("view_id", UUID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False, doc="path and query on this server; see app/domain/address.py"),
    Column("shared", Boolean, nullable=False, doc="with those who see at least as much as the owner"),
    Column("kept_at", Moment, nullable=False),
    Column("actor", Text, nullable=False, doc="from the scope, by default only"),
    Column("owner", Text, nullable=False, doc="from the scope, by default only"),
    Column("role", Text, nullable=False, doc="of the owner when it was kept, by default only"),
    Column("areas", ARRAY(Text), nullable=False, doc="of the owner when it was kept, by default only"),
    UniqueConstraint("actor", "name"),
)

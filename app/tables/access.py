"""Scopes: what each session and token may see, by an id that only the door can look up."""

from __future__ import annotations

from sqlalchemy import ARRAY, UUID, Column, Table, Text

from app.tables.metadata import Moment, metadata

access_scope = Table(
    "access_scope",
    metadata,
    Column("scope_id", UUID, primary_key=True),
    Column("actor", Text, nullable=False, doc="user:12, token:3: for the log"),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("areas", ARRAY(Text), nullable=False, doc="codes that an area chief is held to"),
    Column("created_at", Moment, nullable=False),
    Column("ended_at", Moment),
)

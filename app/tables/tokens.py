"""Bearer tokens; only their hashes are kept."""

from __future__ import annotations

from sqlalchemy import ARRAY, UUID, Column, ForeignKey, Integer, LargeBinary, Table, Text

from app.tables.metadata import Moment, metadata

app_token = Table(
    "app_token",
    metadata,
    Column("token_id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("areas", ARRAY(Text), nullable=False, doc="codes that an area chief is held to"),
    Column("scope_id", UUID, ForeignKey("access_scope.scope_id"), nullable=False),
)

"""Bearer tokens; only their hashes are kept."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, Table, Text

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
)

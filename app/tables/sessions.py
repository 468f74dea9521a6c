"""Sessions of people in browsers, and tries to begin one."""

from __future__ import annotations

from sqlalchemy import UUID, BigInteger, Column, ForeignKey, Integer, LargeBinary, Table, Text

from app.tables.metadata import Moment, metadata

app_session = Table(
    "app_session",
    metadata,
    Column("session_id", UUID, primary_key=True),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    Column("user_id", ForeignKey("app_user.user_id")),
    Column("token_id", ForeignKey("app_token.token_id")),
    Column("scope_id", ForeignKey("access_scope.scope_id"), nullable=False),
    Column("way", Text, nullable=False, doc="password, provider or token"),
    Column("source", Text, nullable=False),
    Column("provider_session", Text, doc="the provider's sid"),
    Column("created_at", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Column("idle_s", Integer, doc="null: no such limit"),
    Column("ends_at", Moment, doc="null: no such limit"),
    Column("ended_at", Moment),
    Column("ended_why", Text),
)

sign_in = Table(
    "sign_in",
    metadata,
    Column("sign_in_id", BigInteger, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("way", Text, nullable=False),
    Column("account", LargeBinary, doc="keyed hash of the name that was typed"),
    Column("source", Text, nullable=False),
    Column("actor", Text, doc="null: it failed"),
)

"""People who sign in: by a password of their own, or by the word of a provider (OpenID Connect)."""

from __future__ import annotations

from sqlalchemy import ARRAY, Boolean, Column, Integer, LargeBinary, Table, Text

from app.tables.metadata import Moment, metadata

app_user = Table(
    "app_user",
    metadata,
    Column("user_id", Integer, primary_key=True),
    Column("username", Text, nullable=False),
    Column("issuer", Text, doc="null: signs in here, with a password"),
    Column("subject", Text, doc="the provider's own, unchanging name for the person"),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("areas", ARRAY(Text), nullable=False, doc="codes that an area chief is held to"),
    Column("password_hash", Text, doc="argon2id in PHC form"),
    Column("must_change_password", Boolean, nullable=False),
    Column("person", LargeBinary, doc="own pseudonym, for the auditor"),
    Column("home_area", Text, doc="code of the area of the own address, for the auditor"),
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment),
)

"""Follow-ups on pairs: append-only; a correction is a new row."""

from __future__ import annotations

from sqlalchemy import UUID, BigInteger, Column, Date, ForeignKey, LargeBinary, Table, Text

from app.tables.metadata import Moment, metadata

follow_up = Table(
    "follow_up",
    metadata,
    Column("follow_up_id", UUID, primary_key=True),
    Column("victim", LargeBinary, nullable=False, doc="keyed pseudonym, as in incident_offence"),
    Column("suspect", LargeBinary, nullable=False),
    Column(
        "incident_id",
        BigInteger,
        ForeignKey("incident.incident_id"),
        nullable=False,
        doc="what it follows up",
    ),
    Column("kind", Text, nullable=False, doc="of app/domain/follow_up.toml"),
    Column("text", Text, nullable=False),
    Column("decided", Text, nullable=False),
    Column("due", Date, doc="by when the decided is to be done; a day of the region"),
    Column("corrects", ForeignKey("follow_up.follow_up_id"), doc="an earlier entry that this one replaces"),
    Column("noted_at", Moment, nullable=False),
    Column("actor", Text, nullable=False, doc="from the scope, by default only"),
    Column("name", Text, nullable=False, doc="from the scope, by default only"),
    Column("role", Text, nullable=False, doc="from the scope, by default only"),
)

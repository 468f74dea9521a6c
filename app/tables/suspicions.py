"""What became of a suspicion, decided by a court: append-only, apart from the reports that name it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, ForeignKey, LargeBinary, Table, Text

from app.tables.metadata import Moment, metadata

suspicion_statement = Table(
    "suspicion_statement",
    metadata,
    Column("statement_id", BigInteger, primary_key=True),
    Column("incident_id", ForeignKey("incident.incident_id"), nullable=False),
    Column("suspect", LargeBinary, nullable=False, doc="keyed pseudonym, as in incident_offence"),
    Column("offence_id", ForeignKey("offence.offence_id"), doc="null: all of this incident"),
    Column("reason", Text, nullable=False),
    Column("final_on", Date, nullable=False, doc="gained legal force (laga kraft); the latest holds"),
    Column("known_at", Moment, nullable=False),
    Column("source", Text, nullable=False, doc="which court or feed says so, and its reference"),
    Column("recorded_by", Text, nullable=False),
)

"""Links: what the linkage proposes and what people judge; who is one person at T follows from the judgements."""

from __future__ import annotations

from sqlalchemy import UUID, Column, Double, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from app.tables.metadata import Moment, metadata

link_proposal = Table(
    "link_proposal",
    metadata,
    Column("proposal_id", UUID, primary_key=True),
    Column("a", LargeBinary, nullable=False, doc="keyed pseudonym; a and b in no order"),
    Column("b", LargeBinary, nullable=False),
    Column("probability", Double, nullable=False, doc="of being one person, and of nothing else"),
    Column(
        "evidence", JSONB, nullable=False, doc="by field its level and weight in bits; no value of anybody"
    ),
    Column("model_version", Text, nullable=False),
    Column("proposed_at", Moment, nullable=False),
    Column("withdrawn_at", Moment, doc="the linkage no longer finds it"),
)

link_judgement = Table(
    "link_judgement",
    metadata,
    Column("judgement_id", UUID, primary_key=True),
    Column("a", LargeBinary, nullable=False),
    Column("b", LargeBinary, nullable=False),
    Column("decision", Text, nullable=False, doc="accept, reject or undo; the last of a pair holds"),
    Column("evidence", JSONB, nullable=False, doc="as it was shown"),
    Column("model_version", Text),
    Column("probability", Double),
    Column("reason", Text, nullable=False),
    Column("known_at", Moment, nullable=False, doc="by default only"),
    Column("decided_by", Text, nullable=False, doc="from the scope, by default only"),
    Column("name", Text, nullable=False, doc="from the scope, by default only"),
)

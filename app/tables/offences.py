"""The offence catalogue and the versions of the harm index."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Double, ForeignKey, Integer, SmallInteger, Table, Text

from app.tables.metadata import metadata

offence = Table(
    "offence",
    metadata,
    Column("offence_id", Integer, primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("kind", SmallInteger, nullable=False),
    Column("name_sv", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("group_code", Text, nullable=False),
    Column("group_sv", Text, nullable=False),
    Column("group_en", Text, nullable=False),
    Column("stage", Text),
    Column("relation", Text),
    Column("victim_sex", Text),
    Column("victim_age", Text),
    Column("place", Text),
    Column("close_relationship", Boolean, doc="null: the code cannot tell (completed homicide)"),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("severity", SmallInteger, nullable=False, doc="fixed order, higher is graver; ties by code"),
)

harm_weight = Table(
    "harm_weight",
    metadata,
    Column("index_name", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("offence_id", ForeignKey("offence.offence_id"), primary_key=True),
    Column("weight", Double, nullable=False, doc="months of average sentence (BSI)"),
    Column("provisional", Boolean, nullable=False),
    Column("source", Text, nullable=False),
)

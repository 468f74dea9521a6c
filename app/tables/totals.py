"""The sums that every counter and the map read; a trigger on the ledger keeps them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Integer, SmallInteger, Table, Text

from app.tables.metadata import metadata

daily_total = Table(
    "daily_total",
    metadata,
    Column("kind", SmallInteger, primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    Column("rollup_area_id", Integer, primary_key=True, autoincrement=False),
    Column("offences", Integer, nullable=False),
    Column("incidents", Integer, nullable=False),
    Column(
        "harm_micro", BigInteger, nullable=False, doc="millionths of a month, newest version of the index"
    ),
)

cell_total = Table(
    "cell_total",
    metadata,
    Column("kind", SmallInteger, primary_key=True, autoincrement=False),
    Column("month", Date, primary_key=True),
    Column("cx", Integer, primary_key=True, autoincrement=False),
    Column("cy", Integer, primary_key=True, autoincrement=False),
    Column("offences", Integer, nullable=False),
    Column("incidents", Integer, nullable=False),
    Column(
        "harm_micro", BigInteger, nullable=False, doc="millionths of a month, newest version of the index"
    ),
)

rollup_place = Table(
    "rollup_place",
    metadata,
    Column("area_id", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("code", Text, nullable=False),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
)

"""The ledger (liggare) and the two sums that are kept in step with it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, SmallInteger, Table

from app.tables.metadata import XID8, Moment, metadata

ledger = Table(
    "ledger",
    metadata,
    Column("xid", XID8, primary_key=True),
    Column("ledger_id", BigInteger, primary_key=True),
    Column("known_at", Moment, nullable=False),
    Column("day", Date, nullable=False),
    Column("hour", SmallInteger, nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("area_id", Integer, nullable=False),
    Column("rollup_area_id", Integer, nullable=False),
    Column("offence_id", Integer, nullable=False),
    Column("offences", SmallInteger, nullable=False, doc="signed"),
    Column("incidents", SmallInteger, nullable=False, doc="signed; on the gravest offence only"),
    Column("cx", Integer),
    Column("cy", Integer),
    Column("incident_id", BigInteger, nullable=False),
    Column("version_id", BigInteger, nullable=False),
    Column("backfilled", Boolean, nullable=False),
)

rollup_daily = Table(
    "rollup_daily",
    metadata,
    Column("day", Date, nullable=False),
    Column("rollup_area_id", Integer, nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("offence_id", Integer, nullable=False),
    Column("known_day", Date, nullable=False),
    Column("offences", Integer, nullable=False),
    Column("incidents", Integer, nullable=False),
    postgresql_partition_by="RANGE (day)",
)

cell_monthly = Table(
    "cell_monthly",
    metadata,
    Column("month", Date, nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("offence_id", Integer, nullable=False),
    Column("cx", Integer, nullable=False),
    Column("cy", Integer, nullable=False),
    Column("offences", Integer, nullable=False),
    Column("incidents", Integer, nullable=False),
)

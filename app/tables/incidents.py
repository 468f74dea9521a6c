"""Incidents, their versions with two clocks, and the offences of each version."""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import (
    UUID,
    BigInteger,
    Boolean,
    Column,
    Date,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.tables.metadata import Moment, metadata

incident = Table(
    "incident",
    metadata,
    Column("incident_id", BigInteger, primary_key=True),
    Column("uid", UUID, nullable=False, doc="opaque: the only id that leaves the house"),
    Column("feed", Text, nullable=False),
    Column("source_key", Text, nullable=False),
    Column("kind", SmallInteger, nullable=False),
)

incident_version = Table(
    "incident_version",
    metadata,
    Column("version_id", BigInteger, primary_key=True),
    Column("incident_id", BigInteger, nullable=False),
    Column("known_at", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("repeats", Boolean, nullable=False),
    Column("occurred_from", Moment, nullable=False),
    Column("occurred_to", Moment, nullable=False),
    Column("reported_at", Moment),
    Column("day", Date, nullable=False, doc="of occurred_from, in the region's calendar"),
    Column("hour", SmallInteger, nullable=False),
    Column("area_id", Integer, nullable=False),
    Column("rollup_area_id", Integer, nullable=False),
    Column("precision", Text, nullable=False),
    Column("geom", Geometry("POINT", srid=3006, spatial_index=False)),
    Column("cx", Integer, doc="kilometre cell: floor(easting / 1000)"),
    Column("cy", Integer),
    Column("offence_id", Integer, nullable=False, doc="the gravest"),
    Column("protected", Boolean, nullable=False),
    Column("title", Text),
    Column("summary", Text),
    Column("place_text", Text),
    Column("url", Text),
    Column("priority", SmallInteger),
    Column("attributes", JSONB),
    Column("content_hash", LargeBinary, nullable=False),
    Column("delivery_id", BigInteger, nullable=False),
    Column("raw_id", BigInteger),
    Column("erased_at", Moment, doc="what it told of people was erased then"),
    Column("superseded_at", Moment, doc="known_at of the next version that says something new"),
)

incident_offence = Table(
    "incident_offence",
    metadata,
    Column("version_id", BigInteger, primary_key=True),
    Column("number", SmallInteger, primary_key=True),
    Column("offence_id", Integer, nullable=False),
    Column("count", SmallInteger, nullable=False),
    Column("victim", LargeBinary, doc="keyed pseudonym"),
    Column("suspect", LargeBinary),
    Column("relation", Text),
)

sighting = Table(
    "sighting",
    metadata,
    Column(
        "version_id", BigInteger, primary_key=True, doc="from the versions' sequence: the order of arrival"
    ),
    Column("incident_id", BigInteger, nullable=False),
    Column("known_at", Moment, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("live", Boolean, nullable=False, doc="came live: only the last of each version is kept"),
)

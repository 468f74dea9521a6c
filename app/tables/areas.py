"""Areas with validity, and which area lies within which, when."""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, Table, Text, UniqueConstraint

from app.tables.metadata import Moment, metadata

region_pack = Table(
    "region_pack",
    metadata,
    Column("region", Text, primary_key=True),
    Column("checksum", Text, nullable=False),
    Column("loaded_at", Moment, nullable=False, server_default="now()"),
)

area = Table(
    "area",
    metadata,
    Column("area_id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("code", Text, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("parent_id", ForeignKey("area.area_id")),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, doc="exclusive; null = still so"),
    Column("provisional", Boolean, nullable=False),
    Column("population", Integer),
    Column("rollup_area_id", ForeignKey("area.area_id")),
    Column("source", Text, nullable=False),
    Column("geom", Geometry("MULTIPOLYGON", srid=3006, spatial_index=False)),
    UniqueConstraint("kind", "code", "valid_from"),
)

area_within = Table(
    "area_within",
    metadata,
    Column("area_id", ForeignKey("area.area_id"), primary_key=True),
    Column("ancestor_id", ForeignKey("area.area_id"), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
)

"""The tables in Python are the tables in the database: Alembic compares the two and finds nothing to do."""

from __future__ import annotations

import warnings

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Table, create_engine, inspect
from sqlalchemy.engine import make_url

from app.tables import metadata


def test_tables_in_python_are_the_tables_of_the_migrated_database(dsn: str) -> None:
    engine = create_engine(make_url(dsn).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        assert [difference for difference in _differences(connection) if not _is_index(difference)] == []
    engine.dispose()


def test_every_column_that_must_be_filled_is_so_in_both(dsn: str) -> None:
    engine = create_engine(make_url(dsn).set(drivername="postgresql+psycopg"))
    with warnings.catch_warnings(), engine.connect() as connection:
        warnings.simplefilter("ignore")  # SQLAlchemy does not know PostGIS' and xid8's types when it looks
        for table in metadata.sorted_tables:
            in_database = {
                column["name"]: column["nullable"] for column in inspect(connection).get_columns(table.name)
            }
            assert in_database == {column.name: column.nullable for column in table.columns}, table.name
    engine.dispose()


def _differences(connection: Connection) -> list[tuple[object, ...]]:
    context = MigrationContext.configure(connection, opts={"include_object": _ours, "compare_type": False})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(compare_metadata(context, metadata))


def _ours(item: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
    """Partitions are the rollup's own business; PostGIS keeps a table of its own."""
    if kind == "table" and isinstance(item, Table):
        return (
            name is not None
            and not name.startswith("rollup_daily_")
            and name not in {"spatial_ref_sys", "alembic_version"}
        )
    return True


def _is_index(difference: tuple[object, ...]) -> bool:
    """Indexes, and how a column is counted up, are told in SQL only."""
    return isinstance(difference, list) or str(difference[0]).endswith(("_index", "_constraint"))

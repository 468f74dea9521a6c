"""Every column of the database that may hold a pseudonym is known to the re-key and to the erasure."""

from __future__ import annotations

import asyncpg

from etl.pseudonyms import CONTENT, KEPT, NOT_PSEUDONYMS, PLACES, tables

BYTES = """
select c.relname, a.attname
from pg_attribute as a join pg_class as c on c.oid = a.attrelid join pg_namespace as n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind in ('r', 'p', 'm') and not a.attisdropped and a.attnum > 0
    and a.atttypid in ('bytea'::regtype, 'bytea[]'::regtype)
"""


async def test_every_byte_column_is_a_pseudonym_a_hash_of_content_or_said_to_be_neither(
    db: asyncpg.Connection,
) -> None:
    found = {(row["relname"], row["attname"]) for row in await db.fetch(BYTES)}
    pseudonyms = {(place.table, place.column) for place in PLACES}
    other = {pair for pair in found if {pair, (pair[0], "*"), ("*", pair[1])} & set(NOT_PSEUDONYMS)}
    known = pseudonyms | set(CONTENT) | set(KEPT)

    assert found - known - other == set(), "say in etl/pseudonyms.py what this column is"
    assert known - found == set(), "etl/pseudonyms.py names a column that is not there"
    assert known & other == set()


async def test_a_table_with_a_pseudonym_is_turned_in_all_its_columns() -> None:
    assert tables()["incident_offence"] == ["victim", "suspect"]
    assert {table for table, _ in CONTENT} == {"incident_version", "sighting"}

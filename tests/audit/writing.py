"""Statements that fill the log and, with everything out of the way that guards it, forget it."""

from __future__ import annotations

import asyncio
import time

import asyncpg

WRITE = "insert into read_log (action, what) select 'read', 'x' from generate_series(1, $1) returning log_id"
FORGET = """
set session_replication_role = replica; delete from read_log; delete from read_seal; delete from audit_check;
set session_replication_role = origin
"""


async def until(
    connection: asyncpg.Connection, condition: str, *values: object, within_s: float = 60.0
) -> None:
    """Wait until a statement answers true."""
    ends = time.monotonic() + within_s
    while not await connection.fetchval(condition, *values):
        assert time.monotonic() < ends, condition
        await asyncio.sleep(0.01)

"""Store what is published. It is written once, in one transaction, and can be neither changed nor deleted."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from app.db import Connection

PUBLISHING = 7_160_025
"""The lock that one publication at a time holds."""

INSERT_PLAN = "insert into cube_plan (plan, document) values ($1, $2) on conflict (plan) do nothing"
INSERT_PIN = (
    "insert into cube_pin (plan, period, version, as_of, xid, ledger_id) values ($1, $2, $3, $4, $5, $6)"
)
INSERT_EDITION = """
insert into cube_edition
    (plan, cube, period, version, as_of, made_at, roles, method, parameters, cells, hidden, sha256, content)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""


@dataclass(frozen=True)
class Edition:
    """One cube of one period in one version, as it will be given to partners."""

    cube: str
    period: str
    version: int
    as_of: datetime
    roles: tuple[str, ...]
    content: Mapping[str, Any]


def canonical(content: Mapping[str, Any]) -> str:
    """The one text of a content, by which its checksum is made."""
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode()


async def store(
    connection: Connection,
    plan: str,
    document: Mapping[str, Any],
    pins: Iterable[tuple[str, int, datetime, int, int]],
    editions: Iterable[Edition],
    *,
    method: str,
    made_at: datetime,
) -> int:
    """Write a publication whole: the plan where it is new, the pins, the editions. How many editions.

    Args:
        connection: On which no transaction is open.
        plan: The plan's name.
        document: What is kept of it.
        pins: Period, version, known at, xid and ledger_id of each new pin.
        editions: What partners are given.
        method: How it was protected.
        made_at: When; UTC.

    Raises:
        asyncpg.UniqueViolationError: Somebody else has published the same; nothing was written.
    """
    written = 0
    async with connection.transaction():
        await connection.execute(INSERT_PLAN, plan, document)
        await connection.executemany(INSERT_PIN, [(plan, *pin) for pin in pins])
        for edition in editions:
            text = canonical(edition.content)
            rows = edition.content["rows"]
            await connection.execute(
                INSERT_EDITION, plan, edition.cube, edition.period, edition.version, edition.as_of, made_at,
                list(edition.roles), method, edition.content["rule"], len(rows),
                sum(row["figure"] is None for row in rows), hashlib.sha256(text.encode()).digest(), text,
            )  # fmt: skip
            written += 1
    return written

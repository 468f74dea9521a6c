"""What somebody may do to the log who may do everything in the database. Row n + 7 has seal n."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import asyncpg

from app.domain.chain import GENESIS, link
from app.jobs.audit_keys import AuditKeys
from app.queries import sealing

ROWS = 3000
BEGAN_US = 1_790_000_000_000_000
KEYS = AuditKeys(bytes(range(32)))

VALUES: dict[str, tuple[str, ...]] = {
    "log_id": ("log_id + 1000000", "-log_id"),
    "xid": ("'7'::xid8",),
    "at": (
        "at + interval '1 microsecond'",
        "at - interval '3 hours'",
        "'infinity'",
        "'-infinity'",
        "'294276-01-01'",
    ),
    "actor": ("actor || ' '", "''", "'user:99'"),
    "name": ("upper(name)",),
    "role": ("'auditor'",),
    "scope_ref": ("null", "'0'"),
    "session_ref": ("coalesce(session_ref || 'x', '')", "coalesce(session_ref, 'x') || '1'"),
    "action": ("'change'", "action || ' '"),
    "what": ("'DYAD'", "what || chr(128512)"),
    "reason": ("'ongoing'",),
    "reason_text": ("' '",),
    "filter": ("null", "filter || '{\"page\": 9}'", "filter - 'page'", "'null'"),
    "persons": ("'{}'", "persons || persons", "array_append(persons, null)", "array[persons]"),
    "areas": ("'{}'", "array['0181']"),
    "found": ("found + 1", "null"),
}


async def edit_many(db: asyncpg.Connection, random_: random.Random) -> None:
    picked = random_.sample(range(8, ROWS + 8), random_.randint(1, 200))
    await db.execute("update read_log set found = coalesce(found, 0) + 1 where log_id = any($1)", picked)


async def delete_rows(db: asyncpg.Connection, random_: random.Random) -> None:
    picked = random_.sample(range(8, ROWS + 8), random_.randint(1, 50))
    await db.execute("delete from read_log where log_id = any($1)", picked)


async def delete_rows_and_seals(db: asyncpg.Connection, random_: random.Random) -> None:
    picked = random_.sample(range(8, ROWS + 8), random_.randint(1, 50))
    await db.execute("delete from read_log where log_id = any($1)", picked)
    await db.execute("delete from read_seal where log_id = any($1)", picked)


async def delete_and_close_the_gap(db: asyncpg.Connection, random_: random.Random) -> None:
    await delete_rows_and_seals(db, random_)
    await db.execute(
        """update read_seal as s set seal_no = n.place from (
               select log_id, row_number() over (order by seal_no) as place from read_seal) as n
           where n.log_id = s.log_id"""
    )


async def insert_in_the_middle(db: asyncpg.Connection, random_: random.Random) -> None:
    number, log_id = (
        random_.randint(1, ROWS),
        random_.choice([random_.randint(1, 7), random_.randint(10**6, 10**7)]),
    )
    await db.execute(
        """insert into read_log select (l).* from (select l #= hstore('log_id', $2::text) as l from read_log as l
           offset $1 limit 1) as l""",
        number - 1, str(log_id),
    )  # fmt: skip


async def insert_with_a_seal(db: asyncpg.Connection, random_: random.Random) -> None:
    place = random_.randint(1, ROWS - 1)
    await insert_in_the_middle(db, random_)
    await db.execute("update read_seal set seal_no = seal_no + 1 where seal_no > $1", place)
    await db.execute(
        """insert into read_seal select $1 + 1, l.log_id, sha256('x'), to_timestamp(1790000000) from read_log as l
           where not exists (select from read_seal as s where s.log_id = l.log_id)""",
        place,
    )


async def insert_twice(db: asyncpg.Connection, random_: random.Random) -> None:
    number = random_.randint(8, ROWS + 7)
    await db.execute("insert into read_log select * from read_log where log_id = $1", number)


async def swap(db: asyncpg.Connection, random_: random.Random) -> None:
    one, two = random_.sample(range(8, ROWS + 8), 2)
    await db.execute(
        "update read_log set log_id = case log_id when $1 then $2 else $1 end where log_id in ($1, $2)",
        one,
        two,
    )


async def swap_seals(db: asyncpg.Connection, random_: random.Random) -> None:
    one, two = random_.sample(range(1, ROWS + 1), 2)
    column = random_.choice(["log_id", "hash", "seal_no"])
    await db.execute(
        f"""update read_seal as s set {column} = o.{column} from read_seal as o
            where (s.seal_no, o.seal_no) in (($1, $2), ($2, $1))""",
        one, two,
    )  # fmt: skip


async def replace_seals(db: asyncpg.Connection, random_: random.Random) -> None:
    picked = random_.sample(range(1, ROWS + 1), random_.randint(1, 20))
    await db.execute("alter table read_seal alter hash drop not null")
    other = random_.choice(["sha256(hash)", "''", "null"])
    await db.execute(f"update read_seal set hash = {other} where seal_no = any($1)", picked)


async def lose_seals(db: asyncpg.Connection, random_: random.Random) -> None:
    picked = random_.sample(range(1, ROWS + 1), random_.randint(1, 20))
    await db.execute("delete from read_seal where seal_no = any($1)", picked)


async def move_the_time_of_sealing(db: asyncpg.Connection, random_: random.Random) -> None:
    moment = random_.choice(
        ["sealed_at - interval '1 hour'", "'infinity'", "sealed_at + interval '1 microsecond'"]
    )
    await db.execute(
        f"update read_seal set sealed_at = {moment} where seal_no = $1", random_.randint(1, ROWS)
    )


async def cut_the_tail(db: asyncpg.Connection, random_: random.Random) -> None:
    left = random_.choice([0, 1, ROWS - 1, random_.randint(0, ROWS - 1)])
    await db.execute("delete from read_log where log_id > $1", left + 7)
    await db.execute("delete from read_seal where seal_no > $1", left)


async def cut_and_seal_anew(db: asyncpg.Connection, random_: random.Random) -> None:
    """The whole chain made anew by somebody who has the chain's key, but not the heads."""
    await db.execute("delete from read_log where log_id = $1", random_.randint(8, ROWS))
    rows = await db.fetch("select log_id, sealed_at from read_seal natural join read_log order by seal_no")
    await db.execute("delete from read_seal")
    before, seals = GENESIS, []
    fields = dict(await sealing.unsealed(db, 0, ROWS))
    for place, row in enumerate(rows, 1):
        us = str(int(row["sealed_at"].timestamp()) * 1_000_000)
        before = link(KEYS.chain, before, place, us, fields[row["log_id"]])
        seals.append((place, row["log_id"], before, row["sealed_at"]))
    await db.executemany("insert into read_seal values ($1, $2, $3, $4)", seals)


CHANGES: list[Callable[[asyncpg.Connection, random.Random], Any]] = [
    edit_many, delete_rows, delete_rows_and_seals, delete_and_close_the_gap, insert_in_the_middle,
    insert_with_a_seal, insert_twice, swap, swap_seals, replace_seals, lose_seals, move_the_time_of_sealing,
    cut_the_tail, cut_and_seal_anew,
]  # fmt: skip

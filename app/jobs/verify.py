"""The check of the whole log: every row against the chain, the chain against the signed heads, nothing unsealed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from app.domain.chain import AHEAD_US, ChainCheck, Finding, check_unsealed
from app.domain.heads import HeadCheck, check_chain, whole_lines
from app.queries import sealing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.db import Connection
    from app.jobs.audit_keys import AuditKeys

PATIENCE_US = 10_000_000
"""Sealing takes a second; a row that is older than this and has no seal is told."""
MOST = 100
"""So many findings are kept one by one; all are counted."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

RECORD = "insert into audit_check (rows, sealed_to, findings) values ($1, $2, $3)"


@dataclass
class Verdict:
    """What the check found. ``sealed_to`` is when the last seal was made; ``found`` counts all findings."""

    rows: int = 0
    heads: int = 0
    sealed_to: datetime | None = None
    found: int = 0
    findings: list[Finding] = field(default_factory=list)

    def add(self, findings: Iterable[Finding]) -> None:
        """Count the findings, keep the first of them."""
        for finding in findings:
            self.found += 1
            if len(self.findings) < MOST:
                self.findings.append(finding)


async def verify(connection: Connection, keys: AuditKeys, heads_file: bytes) -> Verdict:
    """Check everything, at one moment. ``heads_file``: its content, read before (heads lag behind, never lead)."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        return await examine(connection, keys, heads_file)


async def examine(
    connection: Connection, keys: AuditKeys, heads_file: bytes, *, now_us: int | None = None
) -> Verdict:
    """The same inside a transaction. ``now_us``: microseconds since 1970; else the server's clock counts."""
    verdict = Verdict()
    heads = HeadCheck(keys.public)
    lines, torn = whole_lines(heads_file)
    verdict.add(heads.take(lines))
    if torn:
        verdict.add([Finding("head torn", len(lines) + 1, "The last line of the heads was never finished.")])
    verdict.heads = len(lines)
    clock_us = (await sealing.horizon(connection))[2] if now_us is None else now_us
    chain = ChainCheck(keys.chain)
    tips: dict[int, bytes] = {}
    async for seal in sealing.chain(connection):
        verdict.add(chain.take(seal))
        if seal.seal_no in heads.tips:
            tips[seal.seal_no] = seal.hash
    last = chain.last
    verdict.rows = chain.rows
    verdict.add(check_chain(heads, tips, last.seal_no if last else 0))
    verdict.add(check_unsealed(await sealing.left_over(connection), clock_us, PATIENCE_US))
    if last is not None and last.sealed_us.isdecimal() and int(last.sealed_us) <= clock_us + AHEAD_US:
        sealed_us = int(last.sealed_us)
        verdict.sealed_to = EPOCH + timedelta(microseconds=sealed_us)
        vouched = heads.last.count if heads.last else 0
        if vouched < last.seal_no and sealed_us < clock_us - PATIENCE_US:
            verdict.add([_behind(vouched, last.seal_no)])
    return verdict


def _behind(vouched: int, count: int) -> Finding:
    return Finding(
        "heads behind", vouched,
        f"The heads vouch for {vouched} rows of {count}: the file was cut or is another, or the sealer stands still.",
    )  # fmt: skip


async def record(connection: Connection, verdict: Verdict) -> None:
    """Keep the verdict for the page ``Granskning``."""
    findings = [asdict(finding) for finding in verdict.findings]
    await connection.execute(RECORD, verdict.rows, verdict.sealed_to, findings)

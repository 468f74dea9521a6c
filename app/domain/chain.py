"""The chain over the log: what makes a change among sealed rows visible.

Each row that was sealed has a hash over the hash before it and every column of the row, keyed (BLAKE2b, RFC 7693) with
a key that lies outside the database: whoever may write to the tables still cannot make a hash that fits. Rows are
chained in the order in which the sealer saw them committed, which is not that of their numbers: a number is drawn
before a transaction commits, and one that is rolled back leaves a gap that means nothing.

Pure: rows in, findings out. Columns come as PostgreSQL's own text, so that no value whatever stops the check.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

GENESIS = bytes(32)
"""The hash before the first."""
COLUMNS = (
    "log_id", "xid", "at", "actor", "name", "role", "scope_ref", "session_ref", "action", "what", "reason",
    "reason_text", "filter", "persons", "areas", "found",
)  # fmt: skip
"""The columns of ``read_log`` that a hash covers, in the order in which it takes them: all of them."""
AT = COLUMNS.index("at")
LATE_US = 15 * 60 * 1_000_000
"""A read's transaction ends within this time (an idle one after a minute): a row that comes later was put in."""
AHEAD_US = 5_000_000
"""What the clocks of the database and of the sealer may differ by."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with the log. ``where`` is the number of a row, a seal or a head."""

    kind: str
    where: int
    sentence: str


@dataclass(frozen=True)
class Seal:
    """A seal and the row that it is for. ``fields`` is None when the row is gone; ``sealed_us`` as text."""

    seal_no: int
    log_id: int
    hash: bytes
    sealed_us: str
    fields: Sequence[str | None] | None


def link(key: bytes, before: bytes, seal_no: int, sealed_us: str, fields: Sequence[str | None]) -> bytes:
    """The hash of one row: 32 bytes over the hash ``before`` it, its place, the time of sealing and its columns.

    ``sealed_us``: microseconds since 1970 (UTC), as decimal digits.
    """
    told = blake2b(before, key=key, person=b"read_log 1", digest_size=32)
    for value in (str(seal_no), sealed_us, *fields):
        sent = b"-" if value is None else value.encode("utf-8", "surrogatepass")
        told.update(b"%d:%b;" % (-1 if value is None else len(sent), sent))
    return told.digest()


@dataclass
class ChainCheck:
    """Takes the seals in the order of their numbers and finds what does not fit."""

    key: bytes
    rows: int = 0
    last: Seal | None = None
    _before: bytes = GENESIS
    _newest: deque[tuple[int, int, int]] = field(default_factory=deque)
    _settled: tuple[int, int] = (0, 0)

    def take(self, seal: Seal) -> Iterator[Finding]:
        """Check the next seal against the one before it."""
        expected = self.last.seal_no + 1 if self.last else 1
        if seal.seal_no != expected:
            gone = f"{expected}" if seal.seal_no == expected + 1 else f"{expected} to {seal.seal_no - 1}"
            yield Finding("seal missing", expected, f"Seal {gone} is gone, and whatever it sealed.")
        yield from self._row(seal)
        self.rows += 1
        self.last, self._before = seal, seal.hash

    def _row(self, seal: Seal) -> Iterator[Finding]:
        named = f"Row {seal.log_id} (seal {seal.seal_no})"
        if seal.fields is None:
            yield Finding("row deleted", seal.log_id, f"{named} was deleted after it was sealed.")
            return
        if link(self.key, self._before, seal.seal_no, seal.sealed_us, seal.fields) != seal.hash:
            yield Finding(
                "row changed", seal.log_id,
                f"{named} is not what was sealed: it, its seal or the seal before it was changed.",
            )  # fmt: skip
        at, sealed = _number(seal.fields[AT]), _number(seal.sealed_us)
        if at is None or sealed is None:
            yield Finding("row changed", seal.log_id, f"{named} has a moment that is none.")
            return
        if at > sealed + AHEAD_US:
            yield Finding("row put in", seal.log_id, f"{named} is dated after it was sealed.")
        while self._newest and self._newest[0][0] < sealed - LATE_US:
            _, highest, latest = self._newest.popleft()
            self._settled = (max(self._settled[0], highest), max(self._settled[1], latest))
        if seal.log_id < self._settled[0] or at < self._settled[1] - LATE_US:
            yield Finding(
                "row put in", seal.log_id,
                f"{named} came a quarter of an hour or more after rows that are younger: it was put in afterwards.",
            )  # fmt: skip
        self._newest.append((sealed, seal.log_id, at))


def check_unsealed(rows: Iterable[tuple[int, str]], now_us: int, patience_us: int) -> Iterator[Finding]:
    """What stands in the log without a seal for longer than sealing takes. ``rows``: number and moment as text."""
    for log_id, moment in rows:
        at = _number(moment)
        if at is None or not now_us - patience_us < at < now_us + AHEAD_US:
            yield Finding(
                "row not sealed", log_id,
                f"Row {log_id} has no seal: it was put in past the log, lost its seal, or the sealer stands still.",
            )  # fmt: skip


def _number(text: str | None) -> int | None:
    try:
        return int(text) if text is not None else None
    except ValueError:
        return None  # infinity

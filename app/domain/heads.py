"""Heads: how far the log's chain had come at a moment, signed (Ed25519, RFC 8032), kept apart from the database.

A chain alone cannot tell that its end was cut off. A head can: it says how many rows were sealed and with which hash
the chain ended. Each head holds the digest of the one before it, so none can be taken out or exchanged; only the last
ones can be cut off, which is why the file belongs on another machine's disk (docs/audit.md).

Pure: lines in, heads and findings out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.domain.chain import Finding

FIRST = "0" * 64
"""What the first head holds in the place of a digest."""


@dataclass(frozen=True)
class Head:
    """One head. ``count`` rows were sealed, the last of them ``log_id`` with ``hash``; ``at_us`` is UTC."""

    number: int
    count: int
    log_id: int
    hash: bytes
    at_us: int
    before: str
    signature: bytes

    def signed(self) -> bytes:
        """What the signature is over."""
        return json.dumps(
            [
                "lagesbild head 1", self.number, self.count, self.log_id, self.hash.hex(), self.at_us, self.before
            ]
        ).encode()  # fmt: skip

    def line(self) -> bytes:
        """The head as one line of the file."""
        told = {
            "number": self.number, "count": self.count, "log_id": self.log_id, "hash": self.hash.hex(),
            "at_us": self.at_us, "before": self.before, "signature": self.signature.hex(),
        }  # fmt: skip
        return json.dumps(told).encode() + b"\n"

    @property
    def digest(self) -> str:
        """What the next head holds of this one."""
        return blake2b(self.signed() + self.signature, digest_size=32).hexdigest()


def make(
    key: Ed25519PrivateKey, last: Head | None, *, count: int, log_id: int, tip: bytes, at_us: int
) -> Head:
    """The head after ``last``."""
    number, before = (1, FIRST) if last is None else (last.number + 1, last.digest)
    unsigned = Head(number, count, log_id, tip, at_us, before, b"")
    return Head(number, count, log_id, tip, at_us, before, key.sign(unsigned.signed()))


def read(line: bytes) -> Head | None:
    """The head that a line holds; None when it holds none."""
    try:
        told = json.loads(line)
        return Head(
            int(told["number"]), int(told["count"]), int(told["log_id"]), bytes.fromhex(told["hash"]),
            int(told["at_us"]), str(told["before"]), bytes.fromhex(told["signature"]),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        return None


def whole_lines(content: bytes) -> tuple[list[bytes], bytes]:
    """The lines of the file, and what stands after the last line break: a line that was never finished."""
    *lines, torn = content.split(b"\n")
    return lines, torn


class HeadCheck:
    """Takes the lines of the file, keeps which counts the heads vouch for, and finds what does not fit."""

    def __init__(self, public: Ed25519PublicKey) -> None:
        self._public = public
        self.last: Head | None = None
        self.tips: dict[int, bytes] = {}
        """The hash with which the chain ended at each count."""

    def take(self, lines: Iterable[bytes]) -> Iterator[Finding]:
        """Check the lines in their order."""
        for place, line in enumerate(lines, 1):
            head = read(line)
            if head is None or not self._genuine(head) or head.line() != line + b"\n":
                yield Finding("head forged", place, f"Line {place} of the heads is not one that we signed.")
                continue
            yield from self._follows(place, head)
            self.tips[head.count] = head.hash
            self.last = head

    def _genuine(self, head: Head) -> bool:
        try:
            self._public.verify(head.signature, head.signed())
        except InvalidSignature:
            return False
        return True

    def _follows(self, place: int, head: Head) -> Iterator[Finding]:
        last = self.last
        number, before = (1, FIRST) if last is None else (last.number + 1, last.digest)
        if head.number != number or head.before != before:
            yield Finding(
                "head missing", place,
                f"Head {head.number} (line {place}) does not follow the line before it: heads were taken out, put "
                "in or exchanged.",
            )  # fmt: skip
        if last is not None and (head.count < last.count or head.at_us < last.at_us):
            yield Finding(
                "head goes back", place, f"Head {head.number} (line {place}) tells of fewer rows or an earlier time."
            )  # fmt: skip


def check_chain(heads: HeadCheck, tips: dict[int, bytes], count: int) -> Iterator[Finding]:
    """Hold the heads against the chain. ``tips``: the chain's hash at each count that a head vouches for."""
    for vouched, tip in heads.tips.items():
        if vouched in tips and tips[vouched] != tip:
            yield Finding(
                "chain replaced", vouched, f"At seal {vouched} the chain is another than the one that was signed."
            )  # fmt: skip
    if heads.last is not None and heads.last.count > count:
        yield Finding(
            "log cut", count,
            f"The log was cut: a signed head tells of {heads.last.count} sealed rows, the chain ends at {count}.",
        )  # fmt: skip

"""Rounding with a secret key: the same cell is always rounded the same way, so asking again averages nothing out.

Unbiased random rounding to a multiple of the base (Statistics New Zealand uses base 3), where the draw is a
keyed hash of the cell's identity, in the spirit of the cell key method: B. Fraser and J. Wooton, A proposed method for
confidentialising tabular output to protect against differencing, UNECE/Eurostat work session, 2005. It is laid over
suppression and never in place of it: the hidden cells stay hidden, and a reader of rounded figures knows strictly
less than one of the figures themselves. Rounded figures do not add up exactly.
"""

from __future__ import annotations

import hashlib

from app.disclosure.cube import CellId
from app.domain.errors import BadInput

_KEY_BYTES = 32
_SCALE = 1 << 64


def rounded(count: int, cell: CellId, base: int, key: bytes) -> int:
    """A count as a multiple of the base: the one below or the one above, by the cell's own draw.

    Args:
        count: The count.
        cell: Which cell it is.
        base: What to round to a multiple of; 1 changes nothing and needs no key.
        key: 32 secret bytes, kept outside the database, the same for as long as the plan lives.

    Raises:
        BadInput: The key is not 32 bytes long.
    """
    if base == 1:
        return count
    if len(key) != _KEY_BYTES:
        raise BadInput("Rounding needs a secret key of 32 bytes.")
    rest = count % base
    return count - rest + (base if _draw(cell, key) * base < rest * _SCALE else 0)


def meaning(figure: int, base: int) -> tuple[int, int]:
    """The least and greatest count that a rounded figure can stand for."""
    return max(0, figure - base + 1), figure + base - 1


def _draw(cell: CellId, key: bytes) -> int:
    """A number from 0 up to 2**64 that only the key and the cell decide. Leaves are quoted by their length."""
    text = ";".join(",".join(f"{len(leaf)}:{leaf}" for leaf in sorted(leaves)) for leaves in cell)
    digest = hashlib.blake2b(text.encode(), key=key, digest_size=8, person=b"rounding").digest()
    return int.from_bytes(digest, "big")

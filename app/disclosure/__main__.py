"""Attack publications: ``python -m app.disclosure FILE...``, each a published cube as the API or an export gives it.

Ends with 1 when a hidden cell is recovered or narrowed down, or when a figure was published in two versions.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from app.disclosure.cube import CellId
from app.disclosure.recover import Recovery, recover
from app.disclosure.versions import leaf, periods_of, untagged


def report(found: Recovery) -> str:
    """What the attack came away with, a line for each cell."""
    lines = [f"recovered  {_name(cell)} = {value}" for cell, value in found.exact.items()]
    lines += [
        f"narrow     {_name(cell)} in {seen.least}..{seen.greatest:g}" for cell, seen in found.narrow.items()
    ]
    lines += [f"differs    {_name(cell)}" for cell in found.differs]
    lines += [f"change     {_name(cell)} by {change:+}" for cell, change in found.changes.items()]
    hidden = len(found.exact) + len(found.narrow) + len(found.wide)
    lines.append(
        f"{hidden} hidden: {len(found.exact)} recovered, {len(found.narrow)} too narrow, "
        f"{len(found.wide)} protected; {len(found.differs)} published twice as different figures; "
        f"{len(found.changes)} small corrections shown."
    )
    return "\n".join(lines)


def _name(cell: CellId) -> str:
    groups = " × ".join("+".join(sorted(leaves)) for leaves in (*cell[:-1], periods_of(cell)))
    parts = {untagged(code)[1] for code in cell[-1]}
    return (
        groups
        if leaf(1) in parts and leaf(1, 1) in parts
        else f"{groups} (versions {'+'.join(sorted(parts))})"
    )


if __name__ == "__main__":
    outcome = recover(json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:])
    sys.stdout.write(report(outcome) + "\n")
    sys.exit(0 if outcome.nothing else 1)

"""The demo as files: what ``fetch`` delivers but for the stories, for whoever wants to look or to load by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from etl.feed import get_feed
from etl.feeds.demo.clock import seconds
from etl.feeds.demo.deliveries import CALLS, REPORTS, Demo
from etl.feeds.demo.truth import write_truth

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def write_files(folder: Path, *, days: int, seed: int, now: datetime | None = None) -> Iterator[Path]:
    """Write ``<feed>/<day>.csv|ndjson``, what each feed registered on each of the last ``days`` days and today so far.

    Args:
        folder: Is made when it is not there.
        days: Whole days before today.
        seed: Which world.
        now: The end of today's files (aware); the present when None.

    Yields:
        Each file when it is written, oldest first; ``truth.json`` last.
    """
    until_s = seconds(now or datetime.now(UTC))
    demo_day = datetime.fromtimestamp(until_s, UTC).date()
    demo = Demo(seed, get_feed("demo").region, demo_day - timedelta(days=days + 45), demo_day)
    today = demo.local_day(until_s)
    first = today - timedelta(days=days)
    for feed, ending in ((REPORTS, "csv"), (CALLS, "ndjson")):
        (folder / feed).mkdir(parents=True, exist_ok=True)
        for number in range(days + 1):
            day = first + timedelta(days=number)
            content = demo.content(
                feed, demo.midnight_s(day), min(demo.midnight_s(day + timedelta(days=1)), until_s)
            )
            if content is not None:
                file = folder / feed / f"{day}.{ending}"
                file.write_bytes(content)
                yield file
    write_truth(folder / "truth.json", demo, first)
    yield folder / "truth.json"

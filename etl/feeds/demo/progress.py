"""Where the demo stands: what has been delivered, as the cursor keeps it.

Of each feed everything registered in ``[midnight of back_to, until_s)`` has been delivered, nothing else. The back-fill
moves ``back_to`` back, real time moves ``until_s`` on; the cursor is committed with the delivery that moved it. A
process that is killed at any point therefore goes on where the database stands, and makes only what is missing there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from app.domain.errors import SetupError
from etl.feeds.demo.clock import moment, seconds


@dataclass(frozen=True)
class Stretch:
    """What has been delivered of one feed: from local midnight of ``back_to`` to before ``until_s``."""

    back_to: date
    until_s: int


@dataclass(frozen=True)
class Progress:
    """What has been delivered, by feed; ``begun_s`` is when this demo was first started."""

    seed: int
    begun_s: int
    feeds: dict[str, Stretch]

    @classmethod
    def read(cls, cursor: dict[str, Any], seed: int) -> Progress | None:
        """The progress that a cursor holds; None before the first delivery.

        Raises:
            SetupError: What is in the database came of another seed.
        """
        if "begun" not in cursor:
            return None
        if cursor["seed"] != seed:
            raise SetupError(
                f"The demo in this database has the seed {cursor['seed']}; two made-up worlds cannot be mixed. "
                f"Set LAGESBILD_DEMO_SEED={cursor['seed']}, or start over with an empty database for seed {seed}."
            )
        stretches = {
            feed: Stretch(date.fromisoformat(told["back_to"]), seconds(datetime.fromisoformat(told["until"])))
            for feed, told in cursor["feeds"].items()
        }
        return cls(seed, seconds(datetime.fromisoformat(cursor["begun"])), stretches)

    def cursor(self, recent: dict[str, date]) -> dict[str, Any]:
        """As JSON for the database; ``ready`` when each feed reaches back to its day of ``recent``."""
        return {
            "seed": self.seed,
            "begun": moment(self.begun_s).isoformat(),
            "ready": self.lacks(recent) is None,
            "feeds": {
                feed: {"back_to": stretch.back_to.isoformat(), "until": moment(stretch.until_s).isoformat()}
                for feed, stretch in self.feeds.items()
            },
        }

    def moved_back(self, feed: str, back_to: date) -> Progress:
        """After a delivery of older things."""
        return replace(self, feeds={**self.feeds, feed: replace(self.feeds[feed], back_to=back_to)})

    def moved_on(self, feed: str, until_s: int) -> Progress:
        """After a delivery of newer things."""
        return replace(self, feeds={**self.feeds, feed: replace(self.feeds[feed], until_s=until_s)})

    def lacks(self, back_to: dict[str, date]) -> str | None:
        """The feed that has to go back furthest, in days, of those that have not reached ``back_to``."""
        far = [
            (self.feeds[feed].back_to, feed)
            for feed, day in back_to.items()
            if self.feeds[feed].back_to > day
        ]
        return max(far)[1] if far else None

"""What everything in the demo stands on: the seed, the region's clock and calendar, and the streets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.config import ROOT
from app.domain.errors import SetupError
from etl.feeds.demo.clock import Clock
from etl.feeds.demo.places import Places
from etl.feeds.demo.shape import Calendar

if TYPE_CHECKING:
    from app.domain.region import Region
    from etl.feeds.demo.planted import Silence

REGION = "stockholm"


@dataclass(frozen=True)
class Ground:
    """A seed and what it is sown in."""

    seed: int
    clock: Clock
    calendar: Calendar
    places: Places
    silent: tuple[Silence, ...] = ()
    """Hours without calls besides those of the calendar (``stories``)."""

    @classmethod
    def of(cls, seed: int, region: Region) -> Ground:
        """Read the region's holidays and the streets.

        Raises:
            SetupError: It is another region than the one whose streets are made up here.
        """
        if region.code != REGION:
            raise SetupError(
                f"The demo is made for the region {REGION}, not for {region.code}: leave it out of LAGESBILD_FEEDS."
            )
        holidays = ROOT / "geodata" / "regions" / REGION / "holidays.csv"
        return cls(seed, Clock.of(region.zone), Calendar(holidays), Places.read())

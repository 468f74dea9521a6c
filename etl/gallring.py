"""The rules of erasure (gallring), read from ``gallring.toml``: which category is erased how long after what. Pure."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from app.domain.errors import SetupError
from app.domain.window import KINDS

RULES = Path(__file__).with_name("gallring.toml")


@dataclass(frozen=True)
class Category:
    """One category. ``kind`` is the incidents' number, None for records in quarantine; ``suspect`` None: either."""

    name: str
    title_sv: str
    title_en: str
    kind: int | None
    suspect: bool | None
    months: int
    year_end: bool
    source: str

    @property
    def rule(self) -> str:
        """The rule in words, for the protocol."""
        since = "the end of the year of the last known version" if self.year_end else "when it came"
        return f"{self.months} months after {since} ({self.source})"

    def cutoff(self, as_of: date, zone: ZoneInfo) -> datetime:
        """What was last known before this moment is to be erased on the day ``as_of``."""
        day = months_before(as_of, self.months)
        if self.year_end:
            day = date(day.year, 1, 1)
        return datetime.combine(day, time(), zone)


@dataclass(frozen=True)
class Rules:
    """The categories in their order, and the checksum of the file that they come from."""

    version: str
    categories: tuple[Category, ...]


def read_rules(path: Path = RULES) -> Rules:
    """Read the rules.

    Raises:
        SetupError: The file cannot be read, names an unknown kind, or a period below one month.
    """
    try:
        text = path.read_bytes()
        told = tomllib.loads(text.decode())["category"]
        categories = tuple(
            Category(
                one["name"], one["title_sv"], one["title_en"],
                None if one["of"] == "quarantine" else KINDS[one["of"]],
                one.get("suspect"), one["months"], one["year_end"], one["source"],
            )
            for one in told
        )  # fmt: skip
    except (OSError, ValueError, KeyError) as error:
        raise SetupError(f"The rules of erasure {path} cannot be read: {error}.") from error
    if any(one.months < 1 for one in categories):
        raise SetupError(f"The rules of erasure {path} hold a period below one month.")
    return Rules(hashlib.sha256(text).hexdigest()[:12], categories)


def months_before(day: date, months: int) -> date:
    """The same day so many calendar months earlier; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:  # the month is shorter
            continue
    return date(year, month + 1, day.day)

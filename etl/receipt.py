"""The receipt of a delivery: what became of each of its records."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.window import Position


@dataclass(frozen=True)
class Receipt:
    """``read = loaded + unchanged + quarantined + outside``. Given only after everything was committed."""

    feed: str
    name: str
    delivery_ids: tuple[int, ...] = ()
    read: int = 0
    loaded: int = 0
    unchanged: int = 0
    quarantined: int = 0
    outside: int = 0
    repeated: bool = False
    position: Position | None = None

    def __str__(self) -> str:
        if self.repeated:
            return f"{self.feed} {self.name}: delivered before, nothing changed"
        return (
            f"{self.feed} {self.name}: read {self.read}, kept {self.loaded + self.unchanged} (loaded {self.loaded}, "
            f"unchanged {self.unchanged}), quarantined {self.quarantined}, outside {self.outside}"
        )

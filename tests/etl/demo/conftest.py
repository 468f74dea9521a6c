from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from etl.feed import get_feed
from etl.feeds.demo.deliveries import Demo

NOW = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def demo() -> Demo:
    """Seed 1, all of 2024 to 2026."""
    return Demo(1, get_feed("demo").region, NOW.date() - timedelta(days=800), NOW.date())

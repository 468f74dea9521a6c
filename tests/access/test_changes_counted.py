"""How much changed is told as numbers to those who see figures, worked out by the database, and adds up for all."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

import asyncpg
import pytest

from app.db import Reader
from app.domain.permissions import allows
from app.domain.window import Filters, Window
from app.queries.changes import changes
from app.queries.changes_summary import changes_summary
from tests.queries.picture import DAYS, START
from tests.queries.test_counts import FILTERS, FIRST, LAST

if TYPE_CHECKING:
    from app.db import Pool
    from app.domain.viewer import Role, Viewer

FIGURES: tuple[Role, ...] = ("commander", "feed_admin", "wall")


@pytest.mark.parametrize("seed", range(30))
async def test_the_database_counts_what_the_list_holds(
    web: Pool, people: dict[Role, Viewer], seed: int
) -> None:
    pick = random.Random(seed)  # noqa: S311 - repeatable, not secret
    since, until = sorted(START + timedelta(hours=pick.randrange(DAYS * 24 + 400)) for _ in range(2))
    filters = pick.choice(FILTERS)
    first = FIRST + timedelta(days=pick.randrange(DAYS))
    happened = Window(
        first, first + timedelta(days=pick.choice([1, 9])), first_hour=pick.randrange(24), last_hour=5
    )
    async with Reader(web, people["analyst"]).transaction() as connection:
        listed, _ = await changes(connection, since, until, filters, limit=10_000)
        own = await changes_summary(connection, since, until, filters, happened, incidents=True)
    told = {change: sum(row["change"] == change for row in listed) for change in own.anywhere}
    assert own.anywhere == told
    assert sum(own.anywhere.values()) == len(listed)
    assert all(own.inside[change] <= number for change, number in own.anywhere.items())
    for role in FIGURES:
        async with Reader(web, people[role]).transaction() as connection:
            assert (
                await changes_summary(connection, since, until, filters, happened, incidents=False) == own
            ), role


async def test_a_chief_counts_what_lies_in_the_own_areas(web: Pool, people: dict[Role, Viewer]) -> None:
    chief, since, until = people["area_chief"], START, START + timedelta(days=DAYS + 20)
    async with Reader(web, chief).transaction() as connection:
        listed, _ = await changes(connection, since, until, Filters(), limit=10_000)
        told = await changes_summary(connection, since, until, Filters(), incidents=True)
        assert sum(told.inside.values()) == len(listed) > 0
    async with Reader(web, people["analyst"]).transaction() as connection:
        region = await changes_summary(connection, since, until, Filters(), incidents=True)
    assert sum(told.inside.values()) < sum(region.inside.values())


@pytest.mark.parametrize("role", ["analyst", "area_chief", "auditor", "partner"])
async def test_the_count_of_the_whole_region_is_for_no_other_role(
    web: Pool, people: dict[Role, Viewer], role: Role
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with Reader(web, people[role]).transaction() as connection:
            await changes_summary(connection, START, START + timedelta(days=20), Filters(), incidents=False)


@pytest.mark.parametrize("role", FIGURES)
async def test_figures_alone_list_nothing(web: Pool, people: dict[Role, Viewer], role: Role) -> None:
    assert not allows(people[role], "incidents")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with Reader(web, people[role]).transaction() as connection:
            await changes(connection, START, START + timedelta(days=20), Filters())
    window = Window(FIRST, LAST)
    async with Reader(web, people[role]).transaction() as connection:
        counted = await changes_summary(connection, START, START, Filters(), window, incidents=False)
    assert set(counted.inside.values()) == {0}

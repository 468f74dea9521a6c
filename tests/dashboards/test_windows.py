"""The windows that the time bar offers, as days and hours of the region: the browser's reckoning and a plain one."""

from __future__ import annotations

import json
import random
import subprocess
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from playwright._impl._driver import compute_driver_executable

from app.config import ROOT
from app.domain.region import Region
from app.domain.window import Window
from dashboards.view import question

REGION = Region.read(ROOT / "geodata" / "regions" / "stockholm")
SCRIPT = ROOT / "dashboards" / "assets" / "10_view.js"

# As little of a page as the view needs: an address, and no map.
PAGE = """
globalThis.window = { lagesbild: { facts: { zone: process.argv[2] } },
  localStorage: { getItem: () => null, setItem() {} }, addEventListener() {},
  setTimeout() {}, history: {}, location: { search: "" } };
globalThis.document = { getElementById: () => null };
window.dash_clientside = {};
require(process.argv[1]);
const L = window.lagesbild;
const told = JSON.parse(process.argv[3]).map((search) => {
  const view = L.read(search);
  const query = L.query(view);
  const edges = [[query.first, 0], [query.first, 23], [query.last, 0], [query.last, 23]];
  const within = edges.map(([day, hour]) => L.within(query, day, hour));
  return { written: L.write(view), query, parameters: L.parameters(query), within };
});
console.log(JSON.stringify(told));
"""


def asked(*searches: str) -> list[dict[str, Any]]:
    command = [
        str(compute_driver_executable()[0]), "-e", PAGE, str(SCRIPT), str(REGION.zone), json.dumps(searches),
    ]  # fmt: skip
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    told: list[dict[str, Any]] = json.loads(ran.stdout)
    return told


def z(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def window_of(query: dict[str, Any]) -> Window:
    return question(query)[0]


def moments() -> list[datetime]:
    """Many of any day, and those around which the clocks are changed."""
    pick = random.Random(5)  # noqa: S311 - repeatable, not secret
    some = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=pick.randrange(525_600)) for _ in range(60)]
    changes = (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC))
    return some + [begin + timedelta(minutes=37 * n) for begin in changes for n in range(70)]


def plain(name: str, at: datetime) -> Window:
    """The same in the plainest way, by the region's own clock."""
    local = at.astimezone(REGION.zone)
    today = local.date()
    day = timedelta(days=1)
    if name == "night":
        ends = today + day if local.hour >= 18 else today
        return Window(ends - day, ends, at, first_hour=18, last_hour=5)
    if name == "24h":
        begins = (at - timedelta(hours=23)).astimezone(REGION.zone)
        return Window(begins.date(), today, at, first_hour=begins.hour, last_hour=local.hour)
    length = {"today": 1, "2d": 2, "7d": 7, "30d": 30}[name]
    return Window(today - timedelta(days=length - 1), today, at)


@pytest.mark.parametrize("name", ["night", "24h", "today", "2d", "7d", "30d"])
def test_a_window_that_follows_the_moment_is_the_same_for_everybody_who_has_the_link(name: str) -> None:
    held = [moment.replace(second=0) for moment in moments()]
    told = asked(*(f"?window={name}&known_at={z(at)}" for at in held))
    for at, one in zip(held, told, strict=True):
        assert window_of(one["query"]) == plain(name, at), at
        assert f"window={name}" in one["written"]
        assert f"known_at={z(at)}" in one["written"]
    assert asked(*(one["written"] for one in told)) == told  # the address holds all of it


def test_since_my_shift_goes_along_as_a_moment() -> None:
    known, shift = datetime(2026, 11, 24, 6, tzinfo=UTC), datetime(2026, 11, 23, 21, 14, tzinfo=UTC)
    (one, later, without) = asked(
        f"?window=shift&shift={z(shift)}&known_at={z(known)}",
        f"?window=shift&shift={z(known + timedelta(days=2))}&known_at={z(known)}",
        "?window=shift",
    )
    assert window_of(one["query"]) == Window(date(2026, 11, 23), date(2026, 11, 24), known, first_hour=22)
    assert "shift=2026-11-23T21:14:00.000Z" in one["written"]
    assert window_of(later["query"]) == Window(date(2026, 11, 24), date(2026, 11, 24), known, first_hour=7)
    assert "window=7d" in without["written"]


def test_hours_of_ones_own_are_in_the_address_and_whole_days_are_not_told_as_hours() -> None:
    (night, days, wrong, turned) = asked(
        "?from=2026-11-23&to=2026-11-24&from_hour=18&to_hour=5",
        "?from=2026-11-23&to=2026-11-24",
        "?from=2026-11-23&to=2026-11-24&from_hour=24&to_hour=x",
        "?from=2026-11-23&to=2026-11-23&from_hour=18&to_hour=5",
    )
    assert window_of(night["query"]) == Window(
        date(2026, 11, 23), date(2026, 11, 24), first_hour=18, last_hour=5
    )
    assert "from_hour=18&to_hour=5" in night["written"]
    assert "from_hour=18&to_hour=5" in night["parameters"]
    assert night["within"] == [False, True, True, False]
    assert "hour" not in days["written"] + days["parameters"] + json.dumps(days["query"])
    assert window_of(days["query"]).by_day
    assert window_of(wrong["query"]).by_day
    assert "window=7d" in turned["written"], "on one day it would end before it begins"


def test_what_changed_since_is_a_moment_in_the_address() -> None:
    (one, everything, none) = asked(
        "?since=2026-11-24T06:00:00Z", "?since=2026-11-24T06:00:00Z&changed=all", "?since=yesterday"
    )
    assert "since=2026-11-24T06:00:00.000Z" in one["written"]
    assert "changed" not in one["written"]
    assert "changed=all" in everything["written"]
    assert "since" not in none["written"]

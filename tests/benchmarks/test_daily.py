"""The daily run of all measures over five years of the region, as the command runs it, in processes of its own."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from app.config import ROOT
from app.db import open_pool
from app.domain.region import Region
from app.jobs.measuring import due
from etl.feed import get_feed
from etl.feeds.demo.clock import seconds
from etl.feeds.demo.deliveries import REPORTS, Demo
from etl.keep import Keys
from etl.run import Intake
from tests.benchmarks.report import Report
from tests.servers import own_server

STEP = 10
LINE = re.compile(r"^(\w+) +([\d.]+) s, +([\d.]+) s of a core, +(\d+) MB, +(\d+) rows: (.*)$", re.MULTILINE)
TOTAL = re.compile(r"^(\d+) questions of .* in ([\d.]+) s\.$", re.MULTILINE)
CLOSE = """
select sum(incidents) from daily_total where kind = 1 and day >= $1
"""


@pytest.mark.bench
@pytest.mark.timeout(1800)
def test_daily(begin: Callable[[str, str, str], Report], small: bool, tmp_path: Path) -> None:
    years = 1 if small else 6
    region = Region.read(ROOT / "geodata" / "regions" / "stockholm")
    now = datetime.now(UTC)
    day, known_at = due(region, now)
    with own_server() as dsn:
        loaded = asyncio.run(_load(dsn, now, round(365.25 * years), day))
        report = begin(
            "daily",
            "The daily run of all measures",
            "Every question of app/jobs/questions.py, with `lagesbild measures run` on two cores, over "
            f"{years} years of the demo's reports; {loaded:,} are of the last five. The second of two runs: the "
            "first may have to compile its loops. Memory is that of the command and its processes together.",
        )
        first, _ = _run(dsn, tmp_path, day, known_at - timedelta(minutes=1))
        second, peak = _run(dsn, tmp_path, day, known_at)
    questions = LINE.findall(second)
    for name, wall, core, memory, rows, states in questions:
        report.figure(f"`{name}`, {int(rows):,} rows: {states}", f"{wall} s, {core} s of a core, {memory} MB")
    seconds_each = [float(TOTAL.findall(text)[0][1]) for text in (first, second)]
    assert int(TOTAL.findall(second)[0][0]) == len(questions) > 15
    assert "failed" not in second
    report.figure("the first run", f"{seconds_each[0]:.1f} s")
    report.figure("work in all", f"{sum(float(one[2]) for one in questions):.1f} s of a core")
    report.bound(
        "the run, tables and all",
        f"{seconds_each[1]:.1f} s",
        "≤ 60 s",
        ok=None if small else seconds_each[1] <= 60,
    )
    report.bound("memory at most", f"{peak / 1e6:.0f} MB", "< 1,000 MB", ok=peak < 1e9)
    report.check()


async def _load(dsn: str, now: datetime, days: int, day: date) -> int:
    """The demo's reports of so many days, known when they were registered."""
    until_s = seconds(now)
    demo = Demo(1, get_feed("demo").region, now.date() - timedelta(days=days + 45), now.date())
    today = demo.local_day(until_s)
    async with open_pool(dsn, size=2, name="load") as pool:
        intake = Intake(pool, Keys(bytes(range(32))))
        for ago in range(days, -1, -STEP):
            begins, ends = today - timedelta(days=ago), today - timedelta(days=ago - STEP)
            content = demo.content(REPORTS, demo.midnight_s(begins), min(demo.midnight_s(ends), until_s))
            if content is not None:
                await intake.ingest(
                    get_feed("anmalan"), content, name=f"{begins}", fetched_at=now, archive=True
                )
        async with pool.acquire() as connection:
            await connection.execute("vacuum (analyze)")
            return int(await connection.fetchval(CLOSE, day - timedelta(days=round(5 * 365.25))))


def _run(dsn: str, var: Path, day: date, known_at: datetime) -> tuple[str, int]:
    """What the command printed, and the most memory that it and its processes had at once."""
    command = [sys.executable, "-m", "app.cli", "measures", "run"]
    command += ["--day", day.isoformat(), "--known-at", known_at.isoformat()]
    with (var / "out").open("w+") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=out, env={**os.environ, "DATABASE_URL": dsn, "LAGESBILD_VAR": str(var)}
        )
        peak = 0
        while process.poll() is None:
            peak = max(peak, _memory(process.pid))
            time.sleep(0.2)
        assert process.returncode == 0
        out.seek(0)
        return out.read(), peak


def _memory(pid: int) -> int:
    total = 0
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    for process in family:
        try:
            total += process.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue  # it ended while we looked
    return total

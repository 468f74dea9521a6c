"""A child process that does one job up to a line that it tells, and stays there until it is killed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

from app.config import ROOT

CHILD = """
import asyncio, sys, time
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo
from app.db import open_pool
from etl.keep import Keys

stop_at = sys.argv[3]

def tell(line):
    print(line, flush=True)
    if stop_at and stop_at in line:
        print("HERE", flush=True)
        time.sleep(600)

async def main():
    keys = Keys.read(Path(sys.argv[2]))
    async with open_pool(sys.argv[1], size=3, name="to be killed") as pool:
        {work}

asyncio.run(main())
print("DONE", flush=True)
"""


async def killed_at(line: str, work: str, dsn: str, key_file: Path) -> list[str]:
    """Run ``work`` until it tells a line that holds ``line``; then kill -9. The lines that it told."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD.format(work=work), dsn, str(key_file), line,
        cwd=ROOT, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert child.stdout is not None
    told: list[str] = []
    while True:
        read = (await asyncio.wait_for(child.stdout.readline(), 120)).decode().strip()
        assert read, f"it ended before {line!r}: {told}"
        if read == "HERE":
            break
        told.append(read)
    child.send_signal(signal.SIGKILL)
    await child.wait()
    return told

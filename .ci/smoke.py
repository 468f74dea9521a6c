"""`make run` as a newcomer sees it: from nothing to an answer, Ctrl-C, nothing left; then again, quickly.

Standard library only. Fails when a budget is missed: 5 minutes for the first start, 15 seconds for the second,
10 seconds to stop.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PORT = int(os.environ.get("LAGESBILD_PORT", "8050"))
API = f"http://127.0.0.1:{PORT}/api/v1"
HIDDEN = "/var/lib/lagesbild"
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def main() -> None:
    """Raises: SystemExit, with what was not as it should be."""
    (ROOT / "artifacts").mkdir(exist_ok=True)
    before = processes()
    for number, (budget_s, how) in enumerate(((300, signal.SIGINT), (15, signal.SIGTERM)), start=1):
        log = ROOT / "artifacts" / f"make_run_{number}.log"
        with log.open("w") as out:
            begun = time.monotonic()
            make = subprocess.Popen(
                ["make", "run"], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip
            await_health(make, log)
            took = time.monotonic() - begun
            print(log.read_text(), f"start {number}: {took:.1f} s (at most {budget_s})", sep="", flush=True)
            if number == 1:
                look_inside()
            begun = time.monotonic()
            if how == signal.SIGINT:
                os.killpg(make.pid, how)  # as the terminal does
            else:
                make.send_signal(how)
            make.wait(30)
            stopped = time.monotonic() - begun
        time.sleep(0.5)
        left = processes() - before
        print(f"stop {number}: {stopped:.1f} s (at most 10), {len(left)} processes left", flush=True)
        if left:
            sys.exit(f"still running: {sorted(left)}")
        if took > budget_s or stopped > 10:
            sys.exit("too slow")


def await_health(make: subprocess.Popen[bytes], log: Path) -> None:
    """Return when `make run` says that it is up and the health answers."""
    while True:
        if make.poll() is not None:
            sys.exit(f"make run ended by itself:\n{log.read_text()}")
        if "Ctrl-C" in log.read_text():
            with OPENER.open(f"{API}/health", timeout=10) as answer:
                print(f"health: {answer.status} {answer.read().decode()[:300]}", flush=True)
            return
        time.sleep(0.2)


def look_inside() -> None:
    """With a token from the command line, the demo's first incidents are counted within a minute."""
    made = subprocess.run(
        [ROOT / ".venv/bin/lagesbild", "token", "create", "--role", "analyst"],
        capture_output=True,
        text=True,
        check=True,
    )
    url = f"{API}/counts?by=kind"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {made.stdout.strip()}"})  # noqa: S310
    begun = time.monotonic()
    while time.monotonic() - begun < 60:
        with OPENER.open(request, timeout=10) as answer:
            rows = json.load(answer)["rows"]
        if sum(row["incidents"] for row in rows) > 0:
            print(f"counts after {time.monotonic() - begun:.1f} s: {rows}", flush=True)
            return
        time.sleep(0.5)
    sys.exit("no incident arrived within a minute")


def processes() -> set[tuple[int, str]]:
    """This checkout's processes: those that work in it or in its database, or name it."""
    found = set()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                command = (
                    (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                )
                place = (folder / "cwd").readlink()
            except OSError:
                continue  # it ended while we looked
            if command and (
                str(ROOT) in command or place.is_relative_to(ROOT) or place.is_relative_to(HIDDEN)
            ):
                found.add((int(folder.name), command[:80]))
    return found


if __name__ == "__main__":
    main()

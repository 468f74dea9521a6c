"""Which processes an instance has: each writes down who it is, so that a later start ends it and no stranger.

A process id alone may belong to somebody else by then; with the time at which the process began it does not.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from pathlib import Path

_CLOCK_STEP_S = 2.0  # a start time is counted from the boot time, which moves when the clock is set
_PATIENCE_S = 12.0


def write(var: Path, name: str, pid: int) -> None:
    """Leave the record of process ``pid`` as ``name``; the newest one of a name counts."""
    folder = var / "run"
    folder.mkdir(parents=True, exist_ok=True)
    note = {"pid": pid, "began": psutil.Process(pid).create_time()}
    (folder / f"{name}.json").write_text(json.dumps(note))


def living(var: Path, name: str) -> psutil.Process | None:
    """The recorded process, if it is still that very one."""
    file = var / "run" / f"{name}.json"
    try:
        note = json.loads(file.read_text())
        process = psutil.Process(note["pid"])
        same = abs(process.create_time() - note["began"]) < _CLOCK_STEP_S
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except (FileNotFoundError, json.JSONDecodeError, psutil.NoSuchProcess):
        return None  # never started, killed while writing, or gone


def end(var: Path, *names: str) -> list[str]:
    """End those that still live, one after the other: asked first, killed if they do not listen."""
    ended = []
    for name in names:
        if process := living(var, name):
            family = [process, *process.children(recursive=True)]
            process.terminate()
            _, deaf = psutil.wait_procs(family, timeout=_PATIENCE_S)
            for one in deaf:
                one.kill()
            psutil.wait_procs(deaf, timeout=_PATIENCE_S)
            ended.append(name)
        (var / "run" / f"{name}.json").unlink(missing_ok=True)
    return ended

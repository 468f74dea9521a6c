"""The commands, put together. What a command needs is imported when it runs, so that ``--help`` is quick."""

from __future__ import annotations

import errno
import sys

import typer
from pydantic import ValidationError

from app.cli import (
    alerts,
    audit,
    briefing,
    cubes,
    feeds,
    keys,
    link,
    measure,
    measures,
    running,
    things,
    users,
)
from app.domain.errors import LagesbildError
from bootstrap.steps import explain

_NO_WRITING = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}

app = typer.Typer(
    name="lagesbild", help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)
running.register(app)
app.add_typer(feeds.feed, name="feed")
app.add_typer(feeds.quarantine, name="quarantine")
app.command("replay")(feeds.replay)
app.command("follow")(feeds.follow_sample)
app.add_typer(things.token, name="token")
app.add_typer(users.user, name="user")
app.add_typer(users.session, name="session")
app.add_typer(things.geodata, name="geodata")
app.add_typer(things.demo, name="demo")
app.add_typer(audit.audit, name="audit")
app.add_typer(keys.keys, name="keys")
app.add_typer(keys.gallring, name="gallring")
app.add_typer(keys.erase, name="erase")
app.add_typer(link.link, name="link")
app.add_typer(cubes.cubes, name="cubes")
app.command("measure")(measure.measure_command)
app.add_typer(measures.measures, name="measures")
app.add_typer(alerts.alerts, name="alerts")
app.add_typer(briefing.briefing, name="briefing")


def main() -> int:
    """Run one command; the exit code. What we can explain is one sentence on stderr, never a stack."""
    try:
        result = app(standalone_mode=False)
    except (LagesbildError, OSError, ValidationError, typer.TyperException) as error:
        sentence, code = _explain(error)
        sys.stderr.write(f"{sentence}\n")
        return code
    except typer.Exit as stop:
        return stop.exit_code
    except (typer.Abort, KeyboardInterrupt):
        return 130
    return result if isinstance(result, int) else 0


def _explain(error: Exception) -> tuple[str, int]:
    """The sentence, and 1 for what the machine lacks or 2 for what was asked wrongly; else the error itself."""
    if isinstance(error, LagesbildError):
        return str(error), 1
    if isinstance(error, OSError) and error.errno in _NO_WRITING:
        return str(explain(error)), 1
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]).upper()
        name = name if name == "DATABASE_URL" else f"LAGESBILD_{name}"
        return f"{name}={first['input']!r} will not do: {first['msg'].removeprefix('Value error, ')}.", 2
    if isinstance(error, typer.TyperException):
        return f"{error} (lagesbild --help shows the commands)", 2
    raise error

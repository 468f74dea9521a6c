"""The commands, put together. What a command needs is imported when it runs, so that ``--help`` is quick."""

from __future__ import annotations

import sys

import typer
from pydantic import ValidationError

from app.cli import feeds, running, things
from app.domain.errors import LagesbildError

app = typer.Typer(
    name="lagesbild", help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)
running.register(app)
app.add_typer(feeds.feed, name="feed")
app.add_typer(feeds.quarantine, name="quarantine")
app.command("replay")(feeds.replay)
app.command("follow")(feeds.follow_sample)
app.add_typer(things.token, name="token")
app.add_typer(things.geodata, name="geodata")
app.add_typer(things.demo, name="demo")


def main() -> int:
    """Run one command; the exit code. What we can explain is one sentence on stderr, never a stack."""
    try:
        result = app(standalone_mode=False)
    except LagesbildError as error:
        return _say(str(error), 1)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]).upper()
        name = name if name == "DATABASE_URL" else f"LAGESBILD_{name}"
        return _say(
            f"{name}={first['input']!r} will not do: {first['msg'].removeprefix('Value error, ')}.", 2
        )
    except typer.Exit as stop:
        return stop.exit_code
    except (typer.Abort, KeyboardInterrupt):
        return 130
    except typer.TyperException as error:
        return _say(f"{error} (lagesbild --help shows the commands)", 2)
    return result if isinstance(result, int) else 0


def _say(sentence: str, code: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return code

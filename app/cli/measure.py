"""Measures at the command line: on a file, without a database, so that anyone can check what they say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.context import moment, say
from app.domain.errors import BadInput

if TYPE_CHECKING:
    from app.domain.measure import Measure


def measure_command(
    name: Annotated[
        str | None, typer.Argument(help="which measure; without one, those that there are")
    ] = None,
    *,
    file: Annotated[
        Path | None,
        typer.Option("--input", help="a CSV file with the columns that --schema names; - reads it here"),
    ] = None,
    params: Annotated[
        str,
        typer.Option(
            help='what to set, as JSON: {"delta_s": 10}; "@FILE" in it stands for what is in that file'
        ),
    ] = "{}",
    columns: Annotated[str, typer.Option(help="the file's own column names, as JSON: {ours: theirs}")] = "{}",
    now: Annotated[str | None, typer.Option(help="as of then: ISO 8601 with zone; default now")] = None,
    seed: Annotated[
        int, typer.Option(min=0, help="of the random generator: the same seed, the same answer")
    ] = 1,
    schema: Annotated[
        bool, typer.Option("--schema", help="print the columns, parameters and result keys instead")
    ] = False,
) -> None:
    """Work a measure out from a CSV file, or show what it takes and gives; prints JSON."""
    from app.measures import all_measures, get_measure

    if name is None:
        for one in sorted(all_measures().values(), key=lambda found: found.name):
            say(f"{one.name:<22} {one.title.en}")
        return
    measure = get_measure(name)
    if schema:
        say(json.dumps(measure.schema(), ensure_ascii=False, indent=1))
        return
    if file is None:
        raise BadInput(f"{name} needs --input FILE.csv; lagesbild measure {name} --schema shows its columns.")
    say(
        json.dumps(
            _worked_out(measure, file, params, columns, now, seed),
            ensure_ascii=False,
            indent=1,
            allow_nan=False,
        )
    )


def _worked_out(
    measure: Measure[Any, Any], file: Path, params: str, columns: str, now: str | None, seed: int
) -> dict[str, Any]:
    import numpy as np
    from pydantic import ValidationError

    from app.cli.measure_file import read_csv

    asked = _with_files(_document(params, "--params"))
    try:
        settled = measure.params.model_validate(asked)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "--params"
        raise BadInput(
            f"The parameter {where} of {measure.name} will not do: {first['msg']}; "
            f"lagesbild measure {measure.name} --schema shows what it takes."
        ) from error
    frame = read_csv(file, measure.columns, _document(columns, "--columns"))
    at = datetime.now(UTC) if now is None else moment("--now", now)
    result = measure.run(frame, settled, now=at, rng=np.random.default_rng(seed))
    return {
        "measure": measure.name,
        "version": measure.version,
        "rows": len(frame),
        "params": settled.model_dump(mode="json"),
        "result": result.model_dump(mode="json"),
        "words": [sentence._asdict() for sentence in measure.say(result)],
    }


def _document(text: str, option: str) -> dict[str, Any]:
    """The JSON object that an option gives, or that the file it names holds."""
    from_file = Path(text.removeprefix("@"))
    source = from_file.read_text("utf-8") if text.startswith("@") or _is_file(text) else text
    try:
        found = json.loads(source)
    except json.JSONDecodeError as error:
        raise BadInput(f"{option} is no JSON ({error.msg} at place {error.pos + 1}): {text[:60]}") from error
    if not isinstance(found, dict):
        raise BadInput(f"{option} must be a JSON object, as {{}} is, and not {text[:60]}.")
    return found


def _is_file(text: str) -> bool:
    return not text.lstrip().startswith("{") and Path(text).is_file()


def _with_files(value: Any) -> Any:
    """The value with each ``"@FILE"`` replaced by the rows of that CSV file, or by the value of that JSON file."""
    if isinstance(value, dict):
        return {key: _with_files(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_files(inner) for inner in value]
    if not isinstance(value, str) or not value.startswith("@"):
        return value
    named = Path(value[1:])
    if not named.is_file():
        raise BadInput(f"There is no file {named}, which the parameters name.")
    if named.suffix == ".json":
        return json.loads(named.read_text("utf-8"))
    import pandas as pd

    return pd.read_csv(named).to_numpy().tolist()

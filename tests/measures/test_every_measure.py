"""Every measure: it gives for its own sample what is expected of it, by the command that anyone can run; and says what
it is, what it needs and where it comes from."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from app.cli.main import app as cli
from app.cli.measure_file import read_csv
from app.domain.errors import BadInput
from app.domain.measure import Measure
from app.domain.words import objection
from app.measures import FOLDER, folders, of_folder

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
EVERY = [(folder, measure) for folder in folders() for measure in of_folder(folder)]
HEADINGS = ("## What it says", "## What it does not say", "## Sources", "## Minimum data", "## Limits")


def files(folder: str, measure: Measure[Any, Any]) -> tuple[Path, Path, Path]:
    at = FOLDER / folder / measure.name
    return at.with_suffix(".csv"), at.with_suffix(".params.json"), at.with_suffix(".expected.json")


def asked(*words: str | Path) -> dict[str, Any]:
    printed: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.cli.measure.say", printed.append)
        cli([str(word) for word in words], standalone_mode=False)
    found: dict[str, Any] = json.loads("\n".join(printed))
    return found


def same(found: Any, expected: Any, where: str = "result") -> None:
    """Equal, figures to a billionth."""
    if isinstance(expected, dict):
        assert isinstance(found, dict), where
        assert set(expected) <= set(found), f"{where}: {set(expected) - set(found)} is missing"
        for key, value in expected.items():
            same(found[key], value, f"{where}.{key}")
    elif isinstance(expected, list):
        assert isinstance(found, list), where
        assert len(found) == len(expected), where
        for number, value in enumerate(expected):
            same(found[number], value, f"{where}[{number}]")
    elif isinstance(expected, float):
        assert found is not None, where
        assert math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-12), (
            f"{where}: {found} and not {expected}"
        )
    else:
        assert found == expected, f"{where}: {found} and not {expected}"


@pytest.mark.parametrize(("folder", "measure"), EVERY, ids=[measure.name for _, measure in EVERY])
class TestEveryMeasure:
    def test_gives_what_is_expected_of_its_sample(self, folder: str, measure: Measure[Any, Any]):
        sample, params, expected = files(folder, measure)
        answer = asked(
            "measure", measure.name, "--input", sample, "--params", f"@{params}", "--now", NOW.isoformat()
        )
        same(answer["result"], json.loads(expected.read_text("utf-8")))

    def test_gives_the_same_again_and_leaves_its_table_as_it_was(
        self, folder: str, measure: Measure[Any, Any]
    ):
        sample, params, _ = files(folder, measure)
        frame = read_csv(sample, measure.columns)
        before = frame.copy(deep=True)
        settled = measure.params.model_validate_json(params.read_text("utf-8"))
        first = measure.run(frame, settled, now=NOW, rng=np.random.default_rng(7))
        again = measure.run(frame, settled, now=NOW, rng=np.random.default_rng(7))
        assert first.model_dump_json() == again.model_dump_json()
        pd.testing.assert_frame_equal(frame, before)

    def test_says_it_in_two_languages_in_plain_words(self, folder: str, measure: Measure[Any, Any]):
        sample, params, _ = files(folder, measure)
        settled = measure.params.model_validate_json(params.read_text("utf-8"))
        result = measure.run(
            read_csv(sample, measure.columns), settled, now=NOW, rng=np.random.default_rng(7)
        )
        sentences = measure.say(result)
        assert sentences
        assert [why for sentence in sentences if (why := objection(sentence))] == []

    def test_an_empty_table_is_refused_in_words(self, folder: str, measure: Measure[Any, Any]):
        _, params, _ = files(folder, measure)
        frame = read_csv(files(folder, measure)[0], measure.columns).iloc[:0]
        settled = measure.params.model_validate_json(params.read_text("utf-8"))
        result = measure.run(frame, settled, now=NOW, rng=np.random.default_rng(7))
        assert result.refusal is not None
        assert measure.say(result)[0] == result.refusal

    def test_tells_its_schema(self, folder: str, measure: Measure[Any, Any]):
        schema = asked("measure", measure.name, "--schema")
        assert [column["name"] for column in schema["columns"]] == [column.name for column in measure.columns]
        for part in ("params", "result"):
            for name, told in schema[part]["properties"].items():
                assert told.get("description") or name == "refusal", f"{part}.{name} does not say what it is"

    def test_names_a_missing_column(self, folder: str, measure: Measure[Any, Any], tmp_path: Path):
        file = tmp_path / "other.csv"
        file.write_text("something\n1\n", encoding="utf-8")
        needed = [column.name for column in measure.columns if column.required]
        if needed:
            with pytest.raises(BadInput, match=f"column {needed[0]} is missing"):
                read_csv(file, measure.columns)

    def test_its_method_is_told_with_sources(self, folder: str, measure: Measure[Any, Any]):
        text = (FOLDER / folder / "method.md").read_text(encoding="utf-8")
        for heading in HEADINGS:
            assert heading in text, heading
        assert "doi.org/10." in text
        assert measure.name in text

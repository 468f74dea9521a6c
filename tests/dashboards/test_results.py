"""A stored result becomes a figure, a table and sentences, whatever measure it is of, in both languages and themes."""

from __future__ import annotations

from typing import Any

import pytest

from app.config import ROOT
from app.domain.measure import Sentence
from app.domain.region import Region
from app.jobs.questions import QUESTIONS
from dashboards.components import results
from dashboards.components.text import TEXT
from dashboards.words import Words
from tests.dashboards.stored_results import stored
from tests.measures.drawn import LOOKS, said_of

REGION = Region.read(ROOT / "geodata" / "regions" / "stockholm")
MEASURES = sorted({question.measure for question in QUESTIONS} | {"farrington"})


@pytest.fixture(scope="module")
def rows() -> dict[str, dict[str, Any]]:
    return {measure: stored(measure) for measure in MEASURES}


def test_every_daily_question_has_a_table() -> None:
    assert set(MEASURES) <= {measure for measures in results.TABLES.values() for measure in measures}


@pytest.mark.parametrize("measure", MEASURES)
def test_a_stored_result_is_drawn_and_told_and_stands_in_a_table(
    measure: str, rows: dict[str, dict[str, Any]]
) -> None:
    heads = {}
    for language, theme in LOOKS:
        told = results.told_of(rows[measure], language, theme)
        assert told is not None
        assert told.table.rows, "the picture has rows behind it"
        names = [column.name for column in told.table.columns]
        assert len(set(names)) == len(names)
        assert all(set(row) == set(names) for row in told.table.rows)
        assert told.figure.layout.title.text is None, "what it says stands above it, in words that wrap"
        assert told.figure.layout.margin.t >= 12
        assert told.said
        said_of(told.figure)
        heads[language] = [column.header for column in told.table.columns]
        fills = results.of_row(rows[measure], Words(language, TEXT), REGION, theme)
        assert fills[-1] in {"told", "placed"}
        assert fills[0]["data"]
    assert heads["sv"] != heads["en"]


def test_areas_are_called_by_their_names_and_two_of_one_name_are_told_apart() -> None:
    areas: list[dict[str, Any]] = [
        {"code": "k1", "kind": "kommun", "name": "Nacka", "parent": None},
        {"code": "k2", "kind": "kommun", "name": "Tyresö", "parent": None},
        {"code": "a", "kind": "regso", "name": "Centrum", "parent": "k1"},
        {"code": "b", "kind": "regso", "name": "Centrum", "parent": "k2"},
    ]
    names = results.names_of(areas)
    assert names == {"k1": "Nacka", "k2": "Tyresö", "a": "Centrum (Nacka)", "b": "Centrum (Tyresö)"}
    row = stored("deviation")
    first = row["content"]["area"][0]
    told = results.told_of(row, "sv", "dark", names={first: "Ett namn"})
    assert told is not None
    assert any("Ett namn" in line["area"] for line in told.table.rows)
    assert not any(first == line["area"] for line in told.table.rows)


def test_where_there_is_no_answer_it_is_said_what_is_missing() -> None:
    words = Words("sv", TEXT)
    assert results.of_row(None, words, REGION, "dark")[-1] == "empty"
    failed = {
        **stored("knox"),
        "content": None,
        "words": [Sentence("Det gick inte.", "It failed.")._asdict()],
    }
    assert results.told_of(failed, "sv", "dark") is None
    assert "Det gick inte." in str(results.of_row(failed, words, REGION, "dark")[1])

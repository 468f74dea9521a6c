"""The stories are planted whenever a demo is started, told before it begins, and they spoil nothing else."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.config import ROOT
from app.domain.errors import SetupError
from etl.feed import get_feed
from etl.feeds.demo.clock import seconds
from etl.feeds.demo.deliveries import CALLS, REPORTS, Demo
from etl.feeds.demo.ground import Ground
from etl.feeds.demo.stories import document, plant, stories

ZONE = ZoneInfo("Europe/Stockholm")
STARTS = (
    datetime(2026, 11, 24, 17, 30, tzinfo=ZONE),
    datetime(2026, 11, 24, 3, 10, tzinfo=ZONE),  # last night is not over: it is the night before
    datetime(2026, 3, 29, 8, 0, tzinfo=ZONE),  # the hour from 02 to 03 does not exist
    datetime(2026, 10, 25, 9, 0, tzinfo=ZONE),  # it exists twice
    datetime(2027, 1, 1, 7, 1, tzinfo=ZONE),
)


@pytest.fixture(scope="module")
def ground() -> Ground:
    return Ground.of(1, get_feed("demo").region)


@pytest.mark.parametrize("start", STARTS, ids=str)
def test_all_is_known_before_the_start_but_what_a_story_keeps_for_later(
    ground: Ground, start: datetime
) -> None:
    begun_s = seconds(start)
    planted = plant(ground, begun_s)
    known = [row for row in planted.rows if row.registered_s < begun_s]
    assert {row.story for row in known} == {story.name for story in stories()} - {"silence"}
    assert {row.story for row in planted.rows if row.registered_s >= begun_s} <= {"correction"}
    night = planted.silences[0]
    assert begun_s - 30 * 3600 < night.from_s < night.to_s < begun_s, "the silence is of the last night"
    assert f"{datetime.fromtimestamp(night.to_s, ZONE):%H:%M}" == "04:00"


def test_the_same_start_tells_the_same_and_another_seed_other_people(ground: Ground) -> None:
    begun_s = seconds(STARTS[0])
    assert plant(ground, begun_s) == plant(ground, begun_s)
    other = Ground.of(2, get_feed("demo").region)
    assert {row.line for row in plant(ground, begun_s).rows} != {
        row.line for row in plant(other, begun_s).rows
    }


def test_a_demo_with_stories_is_the_demo_without_and_the_stories() -> None:
    start = STARTS[0].astimezone(UTC)
    begun_s, day = seconds(start), start.date()
    region, first = get_feed("demo").region, start.date() - timedelta(days=45)
    plain, told = Demo(1, region, first, day), Demo(1, region, first, day, stories_from_s=begun_s)
    from_s = begun_s - 3 * 86_400
    before, after = (_rows(demo.content(REPORTS, from_s, begun_s)) for demo in (plain, told))
    assert before - after == Counter()
    added = [dict(row) for row in after - before]
    assert {row["ID"] for row in added} == {row.number for row in told.planted.rows}
    assert {row["ID"] for row in added}.isdisjoint(plain.world.ids.tolist())
    everybody = plain.world.pairs
    numbers = {*everybody.victim.tolist(), *everybody.suspect.tolist(), *everybody.child.tolist()}
    theirs = {int(row[who].replace("-", "")) for row in added for who in ("MALSAGANDE", "MISSTANKT")}
    assert theirs.isdisjoint(numbers), "nobody of a story is anybody of the calendar's world"
    calls = [demo.content(CALLS, from_s, begun_s) or b"" for demo in (plain, told)]
    quiet = told.planted.silences[0]
    assert not told.content(CALLS, quiet.from_s, quiet.to_s)
    assert plain.content(CALLS, quiet.from_s, quiet.to_s)
    assert len(calls[0].splitlines()) == pytest.approx(len(calls[1].splitlines()), rel=0.01)


def test_the_stories_are_few_among_a_years_reports(ground: Ground) -> None:
    reports = {row.number for row in plant(ground, seconds(STARTS[0])).rows}
    assert len(reports) < 0.01 * 25 * 365


def test_the_document_is_made_of_the_file() -> None:
    assert (ROOT / "docs" / "stories.md").read_text(encoding="utf-8") == document()


def test_a_word_that_no_story_may_say_is_refused(tmp_path: object) -> None:
    file = ROOT / "etl" / "feeds" / "demo" / "stories.toml"
    wrong = tmp_path / "stories.toml"  # type: ignore[operator]
    wrong.write_text(file.read_text(encoding="utf-8").replace("house = 11", "hose = 11"), encoding="utf-8")
    with pytest.raises(SetupError, match="hose"):
        stories(wrong)


def _rows(content: bytes | None) -> Counter[tuple[tuple[str, str], ...]]:
    text = (content or b"").decode("utf-8-sig")
    return Counter(tuple(row.items()) for row in csv.DictReader(text.splitlines(), delimiter=";"))


def test_years_of_numbers_are_those_of_the_registration(ground: Ground) -> None:
    for row in plant(ground, seconds(STARTS[-1])).rows:
        registered = date.fromisoformat(row.line.split(";")[16][:10]) if row.registered_s else None
        assert registered is not None
        assert int(row.number[-2:]) <= registered.year % 100

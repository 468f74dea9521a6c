"""What the demo writes is read by the feeds it writes for, without one problem."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from app.config import ROOT
from etl.feed import Problem, get_feed
from etl.feeds.demo import call_types
from etl.feeds.demo.clock import moment
from etl.feeds.demo.deliveries import CALLS, REPORTS, Demo
from etl.helpers.swedish import slug
from etl.parse import drafts
from etl.validate import Observation, observe

if TYPE_CHECKING:
    from collections.abc import Callable

PACK = ROOT / "geodata" / "regions" / "stockholm"
DAYS = [date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 20)]  # two of them with 23 and 25 hours


def catalogue() -> dict[str, dict[str, str]]:
    with (PACK / "offences.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def read(demo: Demo) -> Callable[[str, date], list[Observation]]:
    def read_day(name: str, day: date) -> list[Observation]:
        feed = get_feed(name)
        to_s = demo.midnight_s(day + timedelta(days=1))
        content = demo.content(name, demo.midnight_s(day), to_s)
        assert content is not None
        seen = []
        for record, draft in drafts(list(feed.parser().records(content, feed)), feed):
            assert not isinstance(draft, Problem), (record, draft)
            seen.append(observe(draft, moment(to_s)))
        return seen

    return read_day


@pytest.mark.parametrize("day", DAYS)
def test_reports_are_read_without_a_problem(
    read: Callable[[str, date], list[Observation]], demo: Demo, day: date
) -> None:
    seen = read(REPORTS, day)
    stretch = demo.midnight_s(day), demo.midnight_s(day + timedelta(days=1))
    versions = demo.world.registered(*stretch)
    assert len(seen) == len(versions)
    known = sorted(int(report.known_at.timestamp()) for report in seen if report.known_at)
    assert known == demo.world.versions.registered_s[versions].tolist()
    codes = catalogue()
    for report in seen:
        assert all(codes[offence.code]["kind"] == "1" for offence in report.offences)
        assert report.reported_at is not None
        assert report.areas or report.latitude is not None


@pytest.mark.parametrize("day", DAYS)
def test_calls_are_read_without_a_problem(read: Callable[[str, date], list[Observation]], day: date) -> None:
    seen = read(CALLS, day)
    assert len(seen) > 1_700
    codes = catalogue()
    assert {offence.code for call in seen for offence in call.offences} <= codes.keys()
    assert all(call.latitude is not None and call.priority is not None for call in seen)
    assert any(call.occurred_to > call.occurred_from for call in seen)


def test_a_report_says_what_the_world_knows(
    read: Callable[[str, date], list[Observation]], demo: Demo
) -> None:
    day = DAYS[-1]
    seen = {(report.source_key, report.known_at): report for report in read(REPORTS, day)}
    world = demo.world
    for position in world.registered(demo.midnight_s(day), demo.midnight_s(day + timedelta(days=1))).tolist():
        event = world.versions.event[position]
        report = seen[world.ids[event], moment(world.versions.registered_s[position])]
        assert report.protected == world.pairs.protected[world.events.pair[event]]
        assert (report.state == "withdrawn") == world.versions.withdrawn[position]
        assert report.offences[0].victim is not None or report.people
        happened = int(world.events.at[event] + world.versions.shift_min[position])
        assert (
            report.occurred_from.timestamp() <= demo.clock.utc_s(world.events.at[[event]] * 0 + happened)[0]
        )


def test_every_type_of_call_is_in_the_catalogue() -> None:
    assert {f"uppdrag:{slug(name)}" for name in call_types.NAMES} <= catalogue().keys()


def test_every_code_is_in_the_catalogue_and_of_its_relation() -> None:
    from etl.feeds.demo import offences

    codes = catalogue()
    for group in offences.GROUPS:
        for code, relation, man in zip(group.codes, offences.RELATIONS, offences.VICTIM_IS_MAN, strict=True):
            row = codes[code]
            assert row["relation"] == relation, (group.name, code)
            assert row["victim_sex"] == ("man" if man else "kvinna")
            assert row["close_relationship"] == "true"
            assert not row["valid_from"] or row["valid_from"] <= "2020-01-01"
            assert not row["valid_to"]


def test_most_reports_have_a_position_and_some_have_none(demo: Demo) -> None:
    stretch = demo.midnight_s(date(2026, 10, 1)), demo.midnight_s(date(2026, 11, 1))
    content = demo.content(REPORTS, *stretch)
    assert content is not None
    assert content.startswith(b"\xef\xbb\xbfID;BROTTSKOD;")
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines(), delimiter=";"))
    without = [row for row in rows if not row["LATITUDE"]]
    assert 0.04 < len(without) / len(rows) < 0.16
    assert any(not row["GATA"] for row in without)
    assert any(row["GATA"] for row in without)
    assert all(row["KOMMUN"] for row in rows)
    assert all("," in row["LATITUDE"] for row in rows if row["LATITUDE"])
    assert {row["SKYDDAD"] for row in rows} == {"J", "N"}
    assert any(row["SKYDDAD"] == "J" and row["GATA"] for row in rows)

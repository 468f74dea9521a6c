"""One case as it became known: at any moment only what was known by then, as the rungs and flags of that moment say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.domain.dyad import Rung
from app.domain.flags import Noted, evaluate, flag_rules
from app.domain.review import Event, Look, Review, Words, merged, review
from tests.domain.rungs import ACTS, START, rung

RULES = flag_rules()
BEGIN = datetime(START.year, START.month, START.day, tzinfo=UTC)
END = BEGIN + timedelta(days=900)
CODES = sorted(ACTS)

Version = tuple[datetime, Rung | None]
"""From when on a report was known so; None: withdrawn, or no longer of this pair."""


def day(n: float) -> datetime:
    return BEGIN + timedelta(days=n)


@st.composite
def histories(draw: st.DrawFn) -> tuple[dict[int, list[Version]], list[datetime]]:
    """Up to five reports, each with some versions, known at any moments; and the moments of some follow-ups."""
    reports: dict[int, list[Version]] = {}
    for number in range(draw(st.integers(0, 5))):
        happened = draw(st.integers(0, 700))
        known = sorted(draw(st.sets(st.integers(happened + 1, 850), min_size=1, max_size=4)))
        versions: list[Version] = []
        for at in known:
            said = rung(number + 1, happened, draw(st.sampled_from(CODES)), told_days=1)
            areas = frozenset({draw(st.integers(1, 3))})
            versions.append((day(at), replace(said, known_at=day(at), area_ids=areas)))
            if draw(st.integers(0, 4)) == 0:
                versions[-1] = (day(at), None)
        reports[number] = versions
    noted = sorted(draw(st.lists(st.integers(0, 880).map(day), max_size=4)))
    return reports, noted


def rungs_at(reports: dict[int, list[Version]], at: datetime) -> tuple[Rung, ...]:
    """What was known then, told as plainly as can be."""
    found = []
    for versions in reports.values():
        known = [said for moment, said in versions if moment <= at]
        if known and known[-1] is not None:
            found.append(known[-1])
    return tuple(found)


def looks(reports: dict[int, list[Version]]) -> list[Look]:
    moments = sorted({moment for versions in reports.values() for moment, _ in versions})
    return [Look(at, rungs_at(reports, at)) for at in moments]


def told(
    reports: dict[int, list[Version]], noted: list[datetime], beside: list[Event] | None = None
) -> Review:
    events = [Event(at, "follow_up", words=Words("Besök", "Visit")) for at in noted]
    return review(looks(reports), RULES, events, beside or [], END)


def until(reports: dict[int, list[Version]], at: datetime) -> dict[int, list[Version]]:
    return {number: [one for one in versions if one[0] <= at] for number, versions in reports.items()}


@given(histories(), st.integers(0, 900 * 24).map(lambda hours: BEGIN + timedelta(hours=hours)))
def test_at_any_moment_the_state_is_what_the_reports_and_rules_said_then(
    history: tuple[dict[int, list[Version]], list[datetime]], at: datetime
) -> None:
    reports, noted = history
    state = told(reports, noted).state(at)
    rungs = rungs_at(reports, at)
    flags = evaluate(rungs, RULES, Noted(at, tuple(moment for moment in noted if moment <= at)))
    assert set(state.rungs if state else ()) == set(rungs)
    assert (state.flags if state else ()) == flags


@given(histories(), st.integers(0, 900 * 24).map(lambda hours: BEGIN + timedelta(hours=hours)))
def test_what_becomes_known_later_changes_nothing_of_what_was_known(
    history: tuple[dict[int, list[Version]], list[datetime]], at: datetime
) -> None:
    reports, noted = history
    beside = [
        Event(day(100), "alert", words=Words("Larm", "Alert")),
        Event(day(800), "entry", words=Words("a", "b")),
    ]
    whole = told(reports, noted, beside)
    then = review(
        looks(until(reports, at)),
        RULES,
        [Event(moment, "follow_up", words=Words("Besök", "Visit")) for moment in noted if moment <= at],
        [event for event in beside if event.known_at <= at],
        at,
    )
    assert then.events == whole.known(at)
    assert then.states == tuple(state for state in whole.states if state.at <= at)


@given(histories())
def test_events_stand_in_the_order_of_knowing_and_lead_from_state_to_state(
    history: tuple[dict[int, list[Version]], list[datetime]],
) -> None:
    whole = told(*history)
    assert [event.known_at for event in whole.events] == sorted(event.known_at for event in whole.events)
    open_reports: set[UUID | None] = set()
    open_flags: set[str] = set()
    for event in whole.events:
        if event.kind == "reported":
            open_reports.add(event.incident)
        if event.kind == "withdrawn":
            open_reports.remove(event.incident)
        if event.words and event.kind in ("flag", "missing"):
            open_flags.add(event.words.sv)
        if event.words and event.kind == "flag_ended":
            open_flags.remove(event.words.sv)
    last = whole.state(END)
    assert open_reports == {rung.incident for rung in (last.rungs if last else ())}
    assert open_flags == {flag.text_sv for flag in (last.flags if last else ())}


def test_a_third_report_raises_a_flag_when_it_becomes_known_and_not_when_it_happened() -> None:
    reports: dict[int, list[Version]] = {
        n: [(day(known), rung(n, happened))] for n, happened, known in ((1, 0, 1), (2, 30, 31), (3, 40, 70))
    }
    whole = told(reports, [day(2), day(32), day(41)])
    raised = [event for event in whole.events if event.kind == "flag"]
    assert [event.known_at for event in raised] == [day(70)]
    third = next(event for event in whole.events if event.incident == UUID(int=3))
    assert third.happened is not None
    assert third.happened[0] < day(41) < third.known_at
    assert not [event for event in whole.events if event.kind == "missing"]


def test_a_follow_up_that_nobody_noted_is_an_event_of_the_day_on_which_it_was_missed() -> None:
    whole = told({1: [(day(1), rung(1, 0))]}, [day(20)])
    missing = [event for event in whole.events if event.kind == "missing"]
    assert [event.known_at for event in missing] == [rung(1, 0).told_at + timedelta(days=7)]
    assert whole.state(day(5)) is not None
    assert whole.known(day(5))[-1].kind == "reported"


def test_a_correction_says_what_it_changed() -> None:
    first, moved = rung(1, 0), replace(rung(1, 0, "9456"), area="0126", known_at=day(3))
    same = replace(moved, known_at=day(4))
    whole = told({1: [(day(1), first), (day(3), moved), (day(4), same), (day(5), None)]}, [day(1.5)])
    assert [(event.kind, event.fields) for event in whole.events if event.incident] == [
        ("reported", ()), ("corrected", ("area", "offences")), ("corrected", ("other",)), ("withdrawn", ()),
    ]  # fmt: skip


def test_pairs_of_one_report_are_one_case_and_each_thing_is_told_once() -> None:
    shared = {1: [(day(1), rung(1, 0))]}
    one = told(shared, [])
    two = told({**shared, 2: [(day(2), rung(2, 1))]}, [])
    both = merged([one, two])
    reported = [event.incident for event in both.events if event.kind == "reported"]
    assert reported == [UUID(int=1), UUID(int=2)]
    last = both.state(END)
    assert last is not None
    assert {rung.incident for rung in last.rungs} == {UUID(int=1), UUID(int=2)}
    assert both.state(BEGIN - timedelta(days=1)) is None

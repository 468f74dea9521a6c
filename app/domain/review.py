"""One case as it became known (dödsfallsgranskning): what was known of a pair at each moment, and what was done.

Pure. Looks at a pair (its reports as they were known at the moments at which anything changed), what was noted, what
the log book holds and which alert rules fired go in; out come events, each with the moment at which it became known,
and the state that held from each moment on. At any moment only what was known by then is in either: what becomes known
later changes neither (``tests/domain/test_review.py``). It tells what was known and not what should have been done, and
it weighs nobody.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from app.domain.flags import Flag, Noted, Rule, evaluate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from app.domain.dyad import Rung

Kind = Literal[
    "reported", "corrected", "withdrawn", "flag", "flag_ended", "missing", "follow_up", "entry", "alert"
]
ORDER: tuple[Kind, ...] = (
    "reported", "corrected", "withdrawn", "flag", "missing", "flag_ended", "alert", "follow_up", "entry",
)  # fmt: skip
"""How events of the same moment stand."""
FIELDS = ("occurred_from", "occurred_to", "area", "offences", "beside", "protected")
"""What a report says of a pair that can be corrected; what else differs is told as ``other``."""


@dataclass(frozen=True)
class Look:
    """The pair's reports as they were known from a moment (aware) on, until the next look."""

    at: datetime
    rungs: tuple[Rung, ...]


@dataclass(frozen=True)
class Words:
    """Something that people or rules said, in Swedish and English, with what is told beside it."""

    sv: str
    en: str
    more: str = ""


@dataclass(frozen=True)
class Event:
    """Something that became known at ``known_at``.

    ``happened``: from when until when it happened, where that is another clock; ``rung``: the report as it was known
    then; ``fields``: what a correction changed; ``words``: what a rule, a note or a decision says.
    """

    known_at: datetime
    kind: Kind
    happened: tuple[datetime, datetime] | None = None
    incident: UUID | None = None
    rung: Rung | None = None
    fields: tuple[str, ...] = ()
    words: Words | None = None


@dataclass(frozen=True)
class State:
    """What was known from ``at`` on, until the next state."""

    at: datetime
    rungs: tuple[Rung, ...] = ()
    flags: tuple[Flag, ...] = ()
    follow_ups: int = 0


@dataclass(frozen=True)
class Review:
    """Events in the order in which they became known, and the states between them."""

    events: tuple[Event, ...] = ()
    states: tuple[State, ...] = field(default=())

    def known(self, at: datetime) -> tuple[Event, ...]:
        """The events that were known at a moment."""
        return tuple(event for event in self.events if event.known_at <= at)

    def state(self, at: datetime) -> State | None:
        """What was known at a moment; None before anything was."""
        place = bisect_right([state.at for state in self.states], at)
        return self.states[place - 1] if place else None


def review(
    looks: Iterable[Look],
    rules: Sequence[Rule],
    noted: Iterable[Event],
    beside: Iterable[Event],
    until: datetime,
) -> Review:
    """A pair's case until a moment.

    ``noted`` are its follow-ups (kind ``follow_up``), on which flags depend; ``beside`` what else was noted or fired.
    """
    ordered = sorted((look for look in looks if look.at <= until), key=lambda look: look.at)
    told = [event for event in noted if event.known_at <= until]
    states = _states(ordered, rules, sorted(event.known_at for event in told), until)
    events = [*_events(states, rules), *told, *(event for event in beside if event.known_at <= until)]
    return Review(tuple(sorted(events, key=place_in_line)), states)


def merged(reviews: Sequence[Review]) -> Review:
    """The cases of several pairs that one report names as one: what became known of any, each thing once."""
    events = {
        (one.known_at, one.kind, one.incident, one.words, one.fields): one
        for told in reviews
        for one in told.events
    }
    moments = sorted({state.at for told in reviews for state in told.states})
    states = []
    for at in moments:
        held = [state for told in reviews if (state := told.state(at)) is not None]
        rungs = {rung.incident: rung for state in held for rung in state.rungs}
        flags = {(flag.rule, flag.sources): flag for state in held for flag in state.flags}
        states.append(
            State(at, tuple(rungs.values()), tuple(flags.values()), sum(state.follow_ups for state in held))
        )
    return Review(tuple(sorted(events.values(), key=place_in_line)), tuple(states))


def place_in_line(event: Event) -> tuple[datetime, int, str]:
    """By what an event stands in the time line: when it became known; then reports before what follows of them."""
    return event.known_at, ORDER.index(event.kind), str(event.incident or "")


def _states(
    looks: Sequence[Look], rules: Sequence[Rule], noted: Sequence[datetime], until: datetime
) -> tuple[State, ...]:
    """A state for each moment at which anything may have changed: a look, a note, or the end of days without one."""
    if not looks:
        return ()
    ends = {
        rung.told_at + timedelta(days=rule.no_follow_up_days)
        for look in looks
        for rung in look.rungs
        for rule in rules
        if rule.no_follow_up_days
    }
    first = looks[0].at
    moments = sorted({look.at for look in looks} | {at for at in (*noted, *ends) if first <= at <= until})
    starts = [look.at for look in looks]
    found: list[State] = []
    for at in moments:
        rungs = looks[bisect_right(starts, at) - 1].rungs
        known = tuple(moment for moment in noted if moment <= at)
        state = State(at, rungs, evaluate(rungs, rules, Noted(at, known)), len(known))
        if not found or (found[-1].rungs, found[-1].flags, found[-1].follow_ups) != (
            state.rungs, state.flags, state.follow_ups,
        ):  # fmt: skip
            found.append(state)
    return tuple(found)


def _events(states: Sequence[State], rules: Sequence[Rule]) -> list[Event]:
    """What differs from each state to the next."""
    missing = {rule.id for rule in rules if rule.no_follow_up_days}
    before = State(datetime.min)  # noqa: DTZ901 - never told: only its being empty is looked at
    found: list[Event] = []
    for state in states:
        found += _of_reports(before, state)
        held = {flag.rule: flag for flag in before.flags}
        holds = {flag.rule: flag for flag in state.flags}
        for rule, flag in holds.items():
            if rule not in held:
                kind: Kind = "missing" if rule in missing else "flag"
                found.append(Event(state.at, kind, words=Words(flag.text_sv, flag.text_en)))
        found += [
            Event(state.at, "flag_ended", words=Words(flag.text_sv, flag.text_en))
            for rule, flag in held.items()
            if rule not in holds
        ]
        before = state
    return found


def _of_reports(before: State, after: State) -> list[Event]:
    old = {rung.incident: rung for rung in before.rungs}
    new = {rung.incident: rung for rung in after.rungs}
    found = [_event(after.at, "reported", rung) for uid, rung in new.items() if uid not in old]
    for uid, rung in new.items():
        if uid in old and old[uid] != rung:
            changed = tuple(name for name in FIELDS if getattr(old[uid], name) != getattr(rung, name))
            found.append(_event(after.at, "corrected", rung, changed or ("other",)))
    found += [_event(after.at, "withdrawn", rung) for uid, rung in old.items() if uid not in new]
    return found


def _event(at: datetime, kind: Kind, rung: Rung, fields: tuple[str, ...] = ()) -> Event:
    return Event(at, kind, (rung.occurred_from, rung.occurred_to), rung.incident, rung, fields)

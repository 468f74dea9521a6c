"""A rule replayed over history: what it would have done with what was known at each step, and how often for nothing.

The firings are those of ``evaluate``, the function that the live engine asks. How often it would fire where all is as
usual is told by the measure ``backtest`` where that knows the rule: windows of whole days, counts and repeats.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from app.alerts.evaluate import evaluate
from app.alerts.facts import EPOCH, Facts, day_of
from app.alerts.grouping import Alert, alerts_of, place_all, weeks_over
from app.alerts.rule import Deviation, Repeat, Rule, Threshold
from app.domain import words
from app.domain.measure import Sentence
from app.measures.backtest.backtest import BACKTEST
from app.measures.backtest.model import BacktestParams, BacktestResult

SEED = 30
MONTH_DAYS = 365.25 / 12


@dataclass(frozen=True)
class Replay:
    """What the rule would have done between two moments."""

    rule: Rule
    since: datetime
    until: datetime
    allowed_per_week: float
    alerts: tuple[Alert, ...]
    weeks: int
    weeks_over: int
    expected: BacktestResult | None
    """Of the simulation in which all is as usual; None where there is none for such a rule."""

    @property
    def fired(self) -> int:
        """How many alerts."""
        return len(self.alerts)

    @property
    def per_week(self) -> float:
        """How many a week."""
        return self.fired / ((self.until - self.since) / timedelta(weeks=1))

    @property
    def within_budget(self) -> bool:
        """Whether that is no more than is allowed: else the rule can go on probation only."""
        return self.per_week <= self.allowed_per_week

    @property
    def false_share(self) -> float | None:
        """Of its alerts, how many may be of what happens where all is as usual."""
        if self.expected is None or self.expected.false_per_month is None or not self.fired:
            return None
        months = (self.until - self.since) / timedelta(days=MONTH_DAYS)
        return min(1.0, self.expected.false_per_month * months / self.fired)

    def summary(self) -> dict[str, object]:
        """What is kept with the rule's version."""
        expected = self.expected
        return {
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "fired": self.fired,
            "per_week": round(self.per_week, 3),
            "allowed_per_week": self.allowed_per_week,
            "within_budget": self.within_budget,
            "weeks": self.weeks,
            "weeks_over": self.weeks_over,
            "false_per_month": None if expected is None else expected.false_per_month,
            "false_low": None if expected is None else expected.false_low,
            "false_high": None if expected is None else expected.false_high,
            "false_share": self.false_share,
        }


def replay(
    rule: Rule,
    facts: Facts,
    since: datetime,
    until: datetime,
    allowed_per_week: float,
    *,
    expect: bool = True,
) -> Replay:
    """Replay a rule from ``since`` to ``until``."""
    found = evaluate(rule, facts, since, until, None)
    alerts = tuple(alerts_of(place_all(rule, found.firings, {})))
    weeks, over = weeks_over([one.period for one in alerts], since, until, allowed_per_week)
    expected = _expected(rule, facts, since, until, allowed_per_week) if expect else None
    return Replay(rule, since, until, allowed_per_week, alerts, weeks, over, expected)


def _expected(
    rule: Rule, facts: Facts, since: datetime, until: datetime, allowed: float
) -> BacktestResult | None:
    params = _params(rule, since, until, facts, allowed)
    signed = facts.signed
    if params is None or not len(signed.key):
        return None
    known = np.asarray([day_of(at, facts.zone) for at in signed.known.tolist()], dtype=np.int64)
    kept = signed.known <= until.timestamp()
    frame = pd.DataFrame(
        {
            "area": np.asarray(facts.keys, dtype=object)[signed.key][kept],
            "occurred_day": _days(signed.day[kept]),
            "known_day": _days(np.maximum(known, signed.day)[kept]),
            "n": signed.n[kept],
        }
    )
    frame["area"] = frame["area"].replace("", "-")
    # A correction that takes a report away and tells it anew on the same day is no new report.
    net = frame.groupby([*frame.columns.drop("n")], sort=True)["n"].sum().reset_index()
    net = net[net["n"] != 0]
    result = BACKTEST.run(net, params, now=until, rng=np.random.default_rng(SEED))
    return None if result.refusal is not None or result.false_per_month is None else result


def _days(numbers: np.typing.NDArray[np.int64]) -> pd.Series[pd.Timestamp]:
    return pd.Series(pd.to_datetime(numbers, unit="D", origin=pd.Timestamp(EPOCH)))


def _params(
    rule: Rule, since: datetime, until: datetime, facts: Facts, allowed: float
) -> BacktestParams | None:
    if not isinstance(rule, Threshold | Deviation):
        return None  # that somebody was reported again is a fact, and silence is no count
    # The measure fires again while a rule goes on holding, a rule here does not: so it rests for the window at least.
    window_days = rule.window_days if isinstance(rule, Deviation) else math.ceil(rule.window_hours / 24)
    rest = max(math.ceil(max(rule.group_hours, rule.rearm_hours) / 24), window_days)
    first = since.astimezone(facts.zone).date() + timedelta(days=1)
    common = BacktestParams(
        since=first, until=until.astimezone(facts.zone).date(), rest_days=rest, allowed_per_week=allowed,
        at_least=rule.at_least, rule=rule.kind,
    )  # fmt: skip
    if isinstance(rule, Threshold):
        if rule.window_hours % 24 or rule.window_hours // 24 > 3660:
            return None
        return common.model_copy(update={"window_days": rule.window_hours // 24, "together": rule.together})
    more = {"window_days": rule.window_days, "deviations": rule.deviations, "together": rule.together}
    return common.model_copy(update={**more, "windows_before": rule.windows_before})


def say(replay: Replay) -> tuple[Sentence, ...]:
    """What a replay says: how often, within the budget or not, and how much of it would be nothing."""
    days = (replay.until - replay.since) / timedelta(days=1)
    told = [
        Sentence(
            f"Regeln hade gett {words.counted(replay.fired, words.ALERT, 'sv')} på {words.span(days, 'sv')}, med det "
            "som var känt vid varje tidpunkt.",
            f"The rule would have given {words.counted(replay.fired, words.ALERT, 'en')} in {words.span(days, 'en')}, "
            "with what was known at each moment.",
        ),
        _budget(replay),
        _false(replay),
    ]
    return tuple(told)


def _budget(replay: Replay) -> Sentence:
    allowed_sv, allowed_en = (_few(replay.allowed_per_week, language) for language in ("sv", "en"))
    rate_sv, rate_en = (words.number(replay.per_week, language, 1) for language in ("sv", "en"))
    kept = replay.within_budget
    return Sentence(
        f"Ni tillåter {allowed_sv} i veckan; det blir {rate_sv}, och {words.number(replay.weeks_over, 'sv')} av "
        f"{words.number(replay.weeks, 'sv')} veckor hade fler. "
        + ("Regeln kan sättas i drift." if kept else "Det är för många: regeln kan bara gå på prov."),
        f"You allow {allowed_en} a week; it comes to {rate_en}, and {words.number(replay.weeks_over, 'en')} of "
        f"{words.number(replay.weeks, 'en')} weeks had more. "
        + ("The rule can go live." if kept else "That is too many: the rule can go on probation only."),
    )


def _false(replay: Replay) -> Sentence:
    found = replay.expected
    if isinstance(replay.rule, Repeat):
        return Sentence(
            "En upprepning är ett faktum, ingen avvikelse: falskt kan bara vara att anmälningarna hör ihop.",
            "A repeat is a fact, no deviation: false can only be that the reports belong together.",
        )
    if found is None or found.false_per_month is None or found.false_low is None or found.false_high is None:
        return Sentence(
            "Hur många av larmen som vore falska går inte att säga för den här regeln.",
            "How many of the alerts would be false cannot be told for this rule.",
        )
    low, high, rate = found.false_low, found.false_high, found.false_per_month
    return Sentence(
        f"I en simulering där allt är som vanligt ger den {words.number(rate, 'sv', 1)} larm i månaden "
        f"({words.interval(low, high, 'sv', 1)}).",
        f"In a simulation in which all is as usual it gives {words.number(rate, 'en', 1)} alerts a month "
        f"({words.interval(low, high, 'en', 1)}).",
    )


def _few(value: float, language: words.Language) -> str:
    return words.number(value, language, 0 if value == round(value) else 1)

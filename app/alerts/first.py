"""The rules that a new house begins with (``first_rules.toml``)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from uuid import UUID, uuid5

from app.alerts.rule import Mode, Rule, read_rule

NAMESPACE = UUID("5f6d1b0a-7c1e-4c57-9a54-0e7e6f0f3a30")
"""The ids of these rules are the same in every house, so that two installations at once install them once."""


@dataclass(frozen=True)
class FirstRule:
    """A rule with what it is called and allowed."""

    rule_id: UUID
    title_sv: str
    title_en: str
    rule: Rule
    mode: Mode
    allowed_per_week: float


def first_rules() -> tuple[FirstRule, ...]:
    """All of them, checked."""
    told = tomllib.loads((files("app.alerts") / "first_rules.toml").read_text(encoding="utf-8"))
    return tuple(
        FirstRule(
            rule_id=uuid5(NAMESPACE, one["name"]),
            title_sv=one["title_sv"],
            title_en=one["title_en"],
            rule=read_rule(one["definition"]),
            mode=one.get("mode", "probation"),
            allowed_per_week=float(one["allowed_per_week"]),
        )
        for one in told["rule"]
    )


DELIVERY = uuid5(NAMESPACE, "not-sent")
"""The rule whose alerts tell that an alert could not be sent."""

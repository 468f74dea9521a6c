"""What is expected, and the harm beside the counts: what the measures said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.briefing.edition import Said, Section, Text
from app.briefing.said import joined, path, told

if TYPE_CHECKING:
    from app.briefing.facts import Facts


def ahead(facts: Facts) -> Section | None:
    """The weeks to come, and counts with harm of four weeks; None where neither is there."""
    said: list[Said] = []
    for question, words, page in (("harm", 2, "/utveckling"), ("forecast", 2, "/utveckling")):
        measured = facts.measured.get(question)
        if measured is not None and measured.state == "told":
            text = joined(*measured.words[:words])
            said.append(told(question, text, facts.of_measure(measured), link=path(page, area=facts.area)))
    if not said:
        return None
    return Section(
        name="ahead",
        title=Text(
            sv="Skadan bredvid antalen, och veckorna som kommer",
            en="Harm beside the counts, and the weeks to come",
        ),
        said=tuple(said),
    )

"""What was decided since the morning before, and what is open: from the log book, as it was known then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.briefing.edition import Column, Grid, Section, Text, Value
from app.briefing.said import both, path, short_when, told
from app.domain.measure import Sentence
from app.domain.words import Language, Noun, counted, number

if TYPE_CHECKING:
    from app.briefing.facts import Entry, Facts

DECISION = Noun(Sentence("beslut", "decision"), Sentence("beslut", "decisions"))
FOLLOW_UP = Noun(
    Sentence("öppen uppföljning", "open follow-up"), Sentence("öppna uppföljningar", "open follow-ups")
)
MOST = 160
"""Letters of an entry that are quoted; the rest is in the log book."""
ABOUT_A_CASE = Text(sv="Om ett ärende; läs i loggboken.", en="About a case; read it in the log book.")


def decided(facts: Facts) -> Section:
    """How many, how many are overdue, and each with its time and place; what is about a case is not quoted."""
    title = Text(sv="Beslut och öppna uppföljningar", en="Decisions and open follow-ups")
    source = facts.source(
        "log_book.decisions", since=facts.before.isoformat(), until=facts.known_at.isoformat()
    )
    link = path("/loggbok", area=facts.area)
    book = facts.log_book
    if book is None:
        text = Text(sv="Loggboken kunde inte läsas.", en="The log book could not be read.")
        return Section(name="decided", title=title, said=(told("log_book", text, source, tone="unknown"),))
    overdue = sum(entry.due is not None and entry.due <= facts.known_at for entry in book.opened)
    figures: dict[str, Value] = {"decided": len(book.decided), "open": len(book.opened), "overdue": overdue}
    said = told(
        "log_book", both(lambda language: _counts(facts, figures, language)), source, figures=figures, link=link,
        tone="unusual" if overdue else "fact",
    )  # fmt: skip
    return Section(name="decided", title=title, said=(said,), grids=_tables(facts, book.decided, book.opened))


def _counts(facts: Facts, figures: dict[str, Value], language: Language) -> str:
    since = short_when(facts.before, facts.zone, language)
    made, left, late = (int(figures[name] or 0) for name in ("decided", "open", "overdue"))
    if language == "sv":
        first = (
            f"{counted(made, DECISION, 'sv')} sedan {since}."
            if made
            else f"Inget beslut är noterat sedan {since}."
        )
        if not left:
            return f"{first} Ingen uppföljning är öppen."
        return f"{first} {counted(left, FOLLOW_UP, 'sv')}, {number(late, 'sv')} över tiden."
    first = (
        f"{counted(made, DECISION, 'en')} since {since}." if made else f"No decision is noted since {since}."
    )
    if not left:
        return f"{first} No follow-up is open."
    return f"{first} {counted(left, FOLLOW_UP, 'en')}, {number(late, 'en')} overdue."


def _tables(facts: Facts, made: tuple[Entry, ...], left: tuple[Entry, ...]) -> tuple[Grid, ...]:
    at = Column(name="at", header=Text(sv="Tid", en="Time"))
    area = Column(name="area", header=Text(sv="Område", en="District"))
    text = Column(name="text", header=Text(sv="Vad", en="What"))
    owner = Column(name="owner", header=Text(sv="Ansvarig", en="Owner"))
    due = Column(name="due", header=Text(sv="Senast", en="Due"))
    grids = []
    if made:
        rows = [_row(facts, entry) for entry in made]
        grids.append(
            Grid(
                name="decisions", title=Text(sv="Beslut", en="Decisions"), columns=(at, area, text), rows=tuple(rows),
                source=facts.source("log_book.decisions"),
            )
        )  # fmt: skip
    if left:
        rows = [{**_row(facts, entry), "owner": entry.owner, "due": _due(facts, entry)} for entry in left]
        for row in rows:
            del row["at"]
        grids.append(
            Grid(
                name="open", title=Text(sv="Öppna uppföljningar", en="Open follow-ups"),
                columns=(due, owner, area, text), rows=tuple(rows),
                source=facts.source("log_book.open_items"),
            )
        )  # fmt: skip
    return tuple(grids)


def _row(facts: Facts, entry: Entry) -> dict[str, Value | Text]:
    words = entry.text if len(entry.text) <= MOST else f"{entry.text[: MOST - 1].rstrip()}…"
    return {
        "at": both(lambda language: short_when(entry.at, facts.zone, language)),
        "area": entry.area or Text(sv="Hela regionen", en="The whole region"),
        "text": words or ABOUT_A_CASE,
    }


def _due(facts: Facts, entry: Entry) -> Text:
    if entry.due is None:
        return Text(sv="", en="")
    due, late = entry.due, entry.due <= facts.known_at
    return both(
        lambda language: (
            short_when(due, facts.zone, language)
            + ((" (över tiden)" if language == "sv" else " (overdue)") if late else "")
        )
    )

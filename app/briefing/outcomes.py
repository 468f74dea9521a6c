"""Fatal and near-fatal outcomes, and whether a person has reviewed each."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from app.briefing.edition import Column, Grid, Section, Text, Value
from app.briefing.said import OUTCOME, both, district, path, told
from app.domain.words import Language, counted, day_text, number

if TYPE_CHECKING:
    from app.briefing.facts import Facts

DAYS = 90
"""How far back an outcome without a review is told of."""
LATELY = timedelta(days=7)
NOUN = {True: Text(sv="dödligt", en="fatal"), False: Text(sv="försök", en="attempt")}


def outcomes(facts: Facts) -> Section:
    """How many in the last seven days and in 90, how many nobody has reviewed, and each with its day and district."""
    found = facts.outcomes
    lately = [one for one in found if one.day >= facts.day - LATELY]
    figures: dict[str, Value] = {
        "fatal_7": sum(one.fatal for one in lately),
        "near_7": sum(not one.fatal for one in lately),
        "fatal_90": sum(one.fatal for one in found),
        "near_90": sum(not one.fatal for one in found),
        "unreviewed": sum(not one.reviewed for one in found),
    }
    source = facts.source("briefing.outcomes", days=DAYS, groups=["mord_drap", "mord_drap_forsok"])
    said = [told("outcomes", both(lambda language: _counts(figures, language)), source, figures=figures)]
    if found:
        said.append(
            told(
                "reviewed",
                both(lambda language: _reviewed(figures, len(found), language)),
                source,
                tone="unknown" if figures["unreviewed"] else "fact",
                figures=figures,
                link=path("/loggbok", area=facts.area),
            )
        )
    text = Text(
        sv="Koden för fullbordat mord eller dråp säger inte om de inblandade var i en nära relation; det kan bara en "
        "granskning säga.",
        en="The code of a completed homicide does not say whether those involved were in a close relationship; only a "
        "review can.",
    )
    said.append(told("relation", text, source, tone="unknown"))
    return Section(
        name="outcomes",
        title=Text(sv="Dödligt och nästan dödligt våld", en="Fatal and near-fatal violence"),
        said=tuple(said),
        grids=_table(facts),
    )


def _counts(figures: dict[str, Value], language: Language) -> str:
    fatal, near, fatal_90, near_90 = (
        int(figures[name] or 0) for name in ("fatal_7", "near_7", "fatal_90", "near_90")
    )
    if language == "sv":
        return (
            f"De senaste 7 dygnen: {_many(fatal, 'sv')} med dödlig utgång och {_many(near, 'sv')} av försök till mord "
            f"eller dråp. På 90 dagar: {number(fatal_90, 'sv')} och {number(near_90, 'sv')}."
        )
    return (
        f"In the last 7 days: {_many(fatal, 'en')} with a fatal outcome and {_many(near, 'en')} of attempted murder or "
        f"manslaughter. In 90 days: {number(fatal_90, 'en')} and {number(near_90, 'en')}."
    )


def _many(count: int, language: Language) -> str:
    if count == 0:
        return "inga fall" if language == "sv" else "no cases"
    return counted(count, OUTCOME, language)


def _reviewed(figures: dict[str, Value], total: int, language: Language) -> str:
    left = int(figures["unreviewed"] or 0)
    if language == "sv":
        if left == 0:
            return (
                f"Alla {number(total, 'sv')} är granskade av en person."
                if total > 1
                else "Det är granskat av en person."
            )
        return f"{number(left, 'sv')} av {number(total, 'sv')} har ännu inte granskats av en person."
    if left == 0:
        return (
            f"All {number(total, 'en')} are reviewed by a person."
            if total > 1
            else "It is reviewed by a person."
        )
    has = "has" if left == 1 else "have"
    return f"{number(left, 'en')} of {number(total, 'en')} {has} not been reviewed by a person yet."


def _table(facts: Facts) -> tuple[Grid, ...]:
    if not facts.outcomes:
        return ()
    close = {
        True: Text(sv="nära relation", en="close relationship"),
        None: Text(sv="framgår inte av koden", en="the code does not tell"),
        False: Text(sv="annan relation", en="other relation"),
    }
    done = {True: Text(sv="granskad", en="reviewed"), False: Text(sv="inte granskad", en="not reviewed")}
    rows: list[dict[str, Value | Text]] = [
        {
            "day": both(partial(day_text, one.day)),
            "area": district(facts, one.district),
            "what": NOUN[one.fatal],
            "relation": close[one.close],
            "review": done[one.reviewed],
        }
        for one in sorted(facts.outcomes, key=lambda one: (one.day, one.district or "", one.fatal), reverse=True)
    ]  # fmt: skip
    columns = (
        Column(name="day", header=Text(sv="Dag", en="Day")),
        Column(name="area", header=Text(sv="Område", en="District")),
        Column(name="what", header=Text(sv="Utgång", en="Outcome")),
        Column(name="relation", header=Text(sv="Relation", en="Relation")),
        Column(name="review", header=Text(sv="Granskning", en="Review")),
    )
    return (
        Grid(
            name="outcomes",
            title=Text(sv="De senaste 90 dagarna", en="The last 90 days"),
            columns=columns,
            rows=tuple(rows),
            source=facts.source("briefing.outcomes", days=DAYS),
        ),
    )

"""What the night knew that the day corrected: what was known at the morning before and is believed differently now."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.briefing.edition import Column, Grid, Section, Text, Tone, Value
from app.briefing.said import both, district, path, short_when, told
from app.domain.words import REPORT, Language, counted, number

if TYPE_CHECKING:
    from app.briefing.facts import Change, Facts

WAYS: dict[str, Text] = {
    "withdrawn": Text(sv="återtagen", en="withdrawn"),
    "moved": Text(sv="flyttad", en="moved"),
    "corrected": Text(sv="rättad", en="corrected"),
}


def corrected(facts: Facts) -> Section:
    """How many came, were corrected, withdrawn or moved since the morning before; and each kind of change."""
    by_way = {way: sum(one.n for one in facts.changes if one.change == way) for way in WAYS}
    figures: dict[str, Value] = {"added": facts.added, **by_way}
    source = facts.source(
        "briefing.changes", since=facts.before.isoformat(), until=facts.known_at.isoformat()
    )
    link = path("/", area=facts.area, known_at=facts.known_at.isoformat())
    text = both(lambda language: _summed(facts, figures, language))
    tone: Tone = "unusual" if any(by_way.values()) else "usual"
    said = (told("changes", text, source, tone=tone, figures=figures, link=link),)
    return Section(
        name="corrected",
        title=Text(sv="Vad natten visste som dagen rättade", en="What the night knew that the day corrected"),
        said=said,
        grids=_table(facts) if facts.changes else (),
    )


def _summed(facts: Facts, figures: dict[str, Value], language: Language) -> str:
    since = short_when(facts.before, facts.zone, language)
    added = counted(int(figures["added"] or 0), REPORT, language)
    counts = [int(figures[way] or 0) for way in ("corrected", "withdrawn", "moved")]
    changed = sum(counts)
    mended, taken, moved = (number(count, language) for count in counts)
    if language == "sv":
        if not changed:
            return f"Sedan {since} har {added} kommit in, och inget som då var känt har ändrats."
        each = f"{mended} rättade, {taken} återtagna, {moved} flyttade"
        return f"Sedan {since} har {added} kommit in, och {number(changed, 'sv')} som då var kända har ändrats: {each}."
    if not changed:
        return f"Since {since} {added} came in, and nothing that was known then has changed."
    each = f"{mended} corrected, {taken} withdrawn, {moved} moved"
    return f"Since {since} {added} came in, and {number(changed, 'en')} that were known then have changed: {each}."


def _table(facts: Facts) -> tuple[Grid, ...]:
    columns = (
        Column(name="at", header=Text(sv="Känt", en="Known")),
        Column(name="change", header=Text(sv="Ändring", en="Change")),
        Column(name="area", header=Text(sv="Område", en="District")),
        Column(name="what", header=Text(sv="Från och till", en="From and to")),
        Column(name="n", header=Text(sv="Antal", en="Number"), kind="number"),
    )
    rows: list[dict[str, Value | Text]] = [
        {
            "at": both(partial(short_when, one.known_at, facts.zone)),
            "change": WAYS[one.change],
            "area": district(facts, one.district),
            "what": both(partial(_what, facts, one)),
            "n": one.n,
        }
        for one in facts.changes
    ]
    return (
        Grid(
            name="changes",
            title=Text(sv="Ändringar, den senaste först", en="Changes, the last one first"),
            columns=columns,
            rows=tuple(rows),
            source=facts.source("briefing.changes"),
        ),
    )


def _what(facts: Facts, one: Change, language: Language) -> str:
    before = getattr(one.before, language) if one.before else "–"
    if one.change == "withdrawn":
        return before
    parts = []
    if one.to_district != one.district:
        name = district(facts, one.to_district)
        parts.append(f"→ {getattr(name, language) if isinstance(name, Text) else name}")
    if one.after is not None and one.after != one.before:
        parts.append(f"{before} → {getattr(one.after, language)}")
    if one.day_after is not None and one.day_after != one.day_before:
        parts.append(f"{one.day_before.isoformat()} → {one.day_after.isoformat()}")
    inside = "platsen inom området" if language == "sv" else "the place within the district"
    return "; ".join(parts) or inside

"""What the picture does not know: what is late, silent, held back, without a place, or was not worked out."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.briefing.edition import Said, Section, Text, Tone, Value
from app.briefing.said import both, clock, feed_name, joined, path, short_when, told
from app.domain.measure import Sentence
from app.domain.words import REPORT, Language, Noun, capital, counted, interval, listed, number, percent, span

if TYPE_CHECKING:
    from app.briefing.facts import Facts, FeedState, Gap

_RECORD = Noun(Sentence("post", "record"), Sentence("poster", "records"))
SILENT = 7.0
"""A gap in which so many would usually have come: by chance that happens less than once in a thousand (e^-7)."""
STALE = timedelta(hours=24)
QUESTIONS: dict[str, Text] = {
    "deviation": Text(sv="mer eller färre än vanligt", en="more or fewer than usual"),
    "nowcast": Text(sv="uppräkningen av de senaste dygnen", en="the reckoning of the last days"),
    "forecast": Text(sv="de kommande veckorna", en="the weeks to come"),
    "harm": Text(sv="skadan", en="harm"),
    "clusters": Text(sv="kluster i tid och rum", en="clusters in time and space"),
    "repeats_pairs": Text(sv="hur ofta par anmäls igen", en="how often pairs are reported again"),
}


def expected(feed: FeedState, gap: Gap, zone: str) -> float:
    """How many the feed would usually have told of in the gap, by the hours of the region's clock that it lies in."""
    moment, total = gap.first, 0.0
    while moment < gap.beyond:
        local = moment.astimezone(ZoneInfo(zone))
        next_hour = moment + timedelta(hours=1) - timedelta(
            minutes=local.minute, seconds=local.second, microseconds=local.microsecond
        )  # fmt: skip
        until = min(next_hour, gap.beyond)
        total += feed.hourly[local.hour] * (until - moment).total_seconds() / 3600
        moment = until
    return total


def silences(feed: FeedState, zone: str) -> list[tuple[Gap, float]]:
    """The gaps that chance explains badly, with what would usually have come in each."""
    return [(gap, many) for gap in feed.gaps if (many := expected(feed, gap, zone)) >= SILENT]


def missing(facts: Facts) -> list[tuple[str, Text]]:
    """What an edition needs and does not have: a name and how it is said on the first line."""
    found = []
    for question in facts.asked:
        measured = facts.measured.get(question)
        if measured is None or measured.state == "failed":
            found.append((f"measure.{question}", QUESTIONS[question]))
    found += [
        (f"feed.{feed.feed}", both(partial(_not_since, feed, facts)))
        for feed in facts.feeds
        if _open(feed, facts)
    ]
    if not facts.feeds:
        found.append(("feeds", Text(sv="alla källor", en="all feeds")))
    if any(len(one.past) == 0 for one in facts.counted):
        found.append(
            ("history", Text(sv="tidigare veckor att jämföra med", en="earlier weeks to compare with"))
        )
    if facts.log_book is None:
        found.append(("log_book", Text(sv="loggboken", en="the log book")))
    return found


def first_line(facts: Facts) -> Said:
    """The edition's first line."""
    found = missing(facts)
    source = facts.source("briefing.needs", asked=list(facts.asked))
    if not found:
        text = Text(
            sv="Allt underlag som genomgången behöver finns.",
            en="Everything that the briefing needs is there.",
        )
        return told("first", text, source, figures={"missing": 0})
    names = Text(
        sv=listed([one.sv for _, one in found], "sv"),
        en=listed([one.en for _, one in found], "en"),
    )
    text = Text(
        sv=f"Det här saknas i underlaget: {names.sv}.",
        en=f"This is missing from what it rests on: {names.en}.",
    )
    return told("first", text, source, tone="unknown", figures={"missing": len(found)})


def unknown(facts: Facts) -> Section:
    """Lateness, silences, records held back, reports without a place, measures that could not be told."""
    said = [*_measures(facts), *_late(facts), *_feeds(facts), *_held(facts), _unplaced(facts)]
    return Section(
        name="unknown",
        title=Text(sv="Vad lägesbilden inte vet", en="What the picture does not know"),
        said=tuple(said),
    )


def _measures(facts: Facts) -> list[Said]:
    said = []
    for question in facts.asked:
        measured = facts.measured.get(question)
        name = QUESTIONS[question]
        if measured is None:
            text = Text(
                sv=f"{capital(name.sv)}: måttet är inte räknat för den här dagen.",
                en=f"{capital(name.en)}: the measure has not been worked out for this day.",
            )
            said.append(told(f"no_{question}", text, facts.source(f"measure.{question}"), tone="unknown"))
        elif measured.state != "told":
            words = joined(*measured.words)
            text = Text(sv=f"{capital(name.sv)}: {words.sv}", en=f"{capital(name.en)}: {words.en}")
            said.append(told(f"no_{question}", text, facts.of_measure(measured), tone="unknown"))
    return said


def _late(facts: Facts) -> list[Said]:
    measured = facts.measured.get("nowcast")
    if measured is None or measured.content is None or measured.state != "told":
        return []
    content = measured.content
    rows = [
        row for row, days in enumerate(content["span_days"])
        if days == 7 and content["area"][row] in (None, facts.area) and content["to_day"][row] == content["as_of"]
    ]  # fmt: skip
    if not rows:
        return []
    row = rows[0]
    figures: dict[str, Value] = {
        name: content[name][row] for name in ("known", "low", "high", "share_known", "verdict")
    }

    def write(language: Language) -> str:
        known = counted(content["known"][row], REPORT, language)
        will = interval(content["low"][row], content["high"][row], language)
        share = percent(content["share_known"][row], language)
        if language == "sv":
            return (
                f"Anmälningar kommer sent. För de senaste 7 hela dygnen är {known} kända; när allt har kommit in "
                f"räknar vi med {will} (9 gånger av 10). Så här långt brukar {share} vara kända."
            )
        return (
            f"Reports come late. For the last 7 whole days {known} are known; when all has come in we reckon with "
            f"{will} (9 times in 10). By now {share} are usually known."
        )

    meant = {
        "no_fall": Text(sv="Det är ingen nedgång.", en="That is no fall."),
        "only_lateness": Text(
            sv="Det ser ut som en nedgång, men kan vara bara eftersläpning.",
            en="It looks like a fall, but may be only lateness.",
        ),
        "fall": Text(sv="Det är en nedgång.", en="That is a fall."),
        "too_few": Text(
            sv="För få fall för att säga om det är en nedgång.",
            en="Too few cases to say whether it is a fall.",
        ),
    }
    text = joined(both(write), meant[content["verdict"][row]])
    return [
        told(
            "late",
            text,
            facts.of_measure(measured),
            tone="unknown",
            figures=figures,
            link=path("/utveckling", area=facts.area),
        )
    ]


def _open(feed: FeedState, facts: Facts) -> bool:
    """Whether the feed is silent at the edition's moment."""
    if feed.last is None:
        return True
    return any(gap.beyond == facts.known_at for gap, _ in silences(feed, facts.zone)) or (
        facts.known_at - feed.last > STALE
    )


def _not_since(feed: FeedState, facts: Facts, language: Language) -> str:
    """As "uppdrag sedan lördag 23:10"."""
    name = getattr(feed_name(feed.feed), language).lower()
    if feed.last is None:
        return f"{name} (inget har hörts)" if language == "sv" else f"{name} (nothing was heard)"
    return f"{name} {'sedan' if language == 'sv' else 'since'} {short_when(feed.last, facts.zone, language)}"


def _feeds(facts: Facts) -> list[Said]:
    said = []
    for feed in facts.feeds:
        found = silences(feed, facts.zone)
        source = facts.source("briefing.feeds", feed=feed.feed)
        link = path("/kallor")
        for number_, (gap, many) in enumerate(found, 1):
            text = both(partial(_silence, facts, feed, gap, many))
            figures: dict[str, Value] = {
                "expected": round(many, 1),
                "after": gap.after,
                "first": gap.first.isoformat(),
            }
            said.append(
                told(
                    f"silent_{feed.feed}_{number_}", text, source, tone="unknown", figures=figures, link=link
                )
            )
        if not found:
            text = both(partial(_as_usual, facts, feed))
            last = None if feed.last is None else feed.last.isoformat()
            tone: Tone = "unknown" if feed.last is None or _open(feed, facts) else "usual"
            said.append(told(f"feed_{feed.feed}", text, source, tone=tone, figures={"last": last}, link=link))
    return said


def _silence(facts: Facts, feed: FeedState, gap: Gap, many: float, language: Language) -> str:
    name = getattr(feed_name(feed.feed), language)
    hours = f"{clock(gap.first, facts.zone)}–{clock(gap.beyond, facts.zone)}"
    usually = number(many, language)
    still = gap.beyond == facts.known_at
    if language == "sv":
        text = f"{name} var tysta {hours}, då omkring {usually} brukar komma."
        rest = f" Halvtimmen efter kom {number(gap.after, 'sv')}." if not still else " De är tysta än."
        return text + rest
    text = f"{name} were silent {hours}, when about {usually} usually come."
    rest = f" In the half hour after {number(gap.after, 'en')} came." if not still else " They still are."
    return text + rest


def _as_usual(facts: Facts, feed: FeedState, language: Language) -> str:
    name = getattr(feed_name(feed.feed), language)
    if feed.last is None:
        return f"{name}: inget har hörts." if language == "sv" else f"{name}: nothing was heard."
    ago = _ago(facts.known_at - feed.last, language)
    if language == "sv":
        return f"{name}: hördes av som vanligt, senast {clock(feed.last, facts.zone)} ({ago} före)."
    return f"{name}: heard as usual, last at {clock(feed.last, facts.zone)} ({ago} before)."


def _ago(time: timedelta, language: Language) -> str:
    minutes = int(time.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} {'tim' if language == 'sv' else 'h'}"
    return span(minutes / 1440, language)


def _held(facts: Facts) -> list[Said]:
    held = sum(feed.held for feed in facts.feeds)
    if held == 0:
        return []
    text = Text(
        sv=f"{counted(held, _RECORD, 'sv')} står i karantän och är inte med i siffrorna.",
        en=f"{counted(held, _RECORD, 'en')} {'is' if held == 1 else 'are'} in quarantine and not in the figures.",
    )
    return [
        told(
            "held",
            text,
            facts.source("briefing.quarantine"),
            tone="unknown",
            figures={"held": held},
            link="/kallor",
        )
    ]


def _unplaced(facts: Facts) -> Said:
    text = both(partial(_place, facts.unplaced))
    tone: Tone = "unknown" if facts.unplaced else "usual"
    return told(
        "unplaced", text, facts.source("briefing.unplaced", days=7), tone=tone, figures={"n": facts.unplaced}
    )


def _place(count: int, language: Language) -> str:
    if language == "sv":
        if count == 0:
            return "Alla anmälningar de senaste 7 dygnen har en plats på kartan."
        return f"{counted(count, REPORT, 'sv')} de senaste 7 dygnen saknar plats på kartan, men är med i antalen."
    if count == 0:
        return "All reports of the last 7 days have a place on the map."
    has, are = ("has", "is") if count == 1 else ("have", "are")
    return f"{counted(count, REPORT, 'en')} of the last 7 days {has} no place on the map, but {are} counted."

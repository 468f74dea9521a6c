"""Pairs as known at T: exactly those that the demo planted, without what was withdrawn, ended or protected."""

from __future__ import annotations

import asyncio
import csv
import json
import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.commands.suspicions import state_suspicion
from app.db import set_codecs
from app.domain.errors import BadInput, NotFound
from app.domain.window import Window
from app.jobs.link import propose
from app.jobs.link_truth import judge_proposals
from app.queries.dyads import dyads_of_suspect, dyads_of_victim, dyads_with, repeats, rungs
from app.queries.flags import flagged, flags
from etl.feed import get_feed
from etl.feeds.demo.write import write_files
from etl.identify import Pseudonyms
from etl.keep import Keys
from etl.run import Intake
from tests.queries.picture import OneConnection

NOW = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)
DAYS = 20
KEYS = Keys(bytes(range(32)))  # one for all: it holds the keys of what is sealed
EVER = (date(2000, 1, 1), NOW.date())
Pair = tuple[bytes, bytes]


@dataclass(frozen=True)
class Said:
    """One version of a report: when it was registered, whether it stood, and the pairs that it named."""

    at: datetime
    active: bool
    pairs: frozenset[Pair]
    victims: frozenset[bytes]
    reported: str


@dataclass(frozen=True)
class Planted:
    """What the demo wrote: by report its versions in order, and the truth beside it."""

    versions: dict[str, list[Said]]
    truth: dict[str, Any]

    def reports(self, known_at: datetime, *, protected: bool = False) -> dict[Pair, set[str]]:
        """By pair, the reports that named it as known then; without victims who have been protected since."""
        hidden = {victim for report in self.truth["protected"] for victim in self.last_victims(report)}
        found: dict[Pair, set[str]] = defaultdict(set)
        for report, versions in self.versions.items():
            said = [version for version in versions if version.at <= known_at]
            if said and said[-1].active:
                for pair in said[-1].pairs:
                    if protected or pair[0] not in hidden:
                        found[pair].add(report)
        return found

    def last_victims(self, report: str) -> frozenset[bytes]:
        return self.versions[report][-1].victims if report in self.versions else frozenset()

    def ever(self, pair: Pair) -> set[str]:
        return {
            report
            for report, versions in self.versions.items()
            if any(pair in version.pairs for version in versions)
        }


@pytest.fixture(scope="module")
def planted(dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Planted:
    folder = tmp_path_factory.mktemp("demo")
    list(write_files(folder, days=DAYS, seed=1, now=NOW))
    asyncio.run(_load(dsn, folder))
    names = Pseudonyms(KEYS)
    rows: dict[str, dict[datetime, list[dict[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for file in sorted((folder / "anmalan").iterdir()):
        for row in csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"):
            rows[row["ID"]][datetime.fromisoformat(row["REGISTRERAD"])].append(row)

    def person(row: dict[str, str], column: str, role: str) -> bytes | None:
        if not row[column] and row[f"{column}_NAMN"]:  # of one mention: nobody is joined by a name
            return names.of_mention("anmalan", row["ID"], role, 1)
        return names.of(row[column] or None, "")

    def said(at: datetime, version: list[dict[str, str]]) -> Said:
        named = {(person(r, "MALSAGANDE", "victim"), person(r, "MISSTANKT", "suspect")) for r in version}
        pairs = {(victim, suspect) for victim, suspect in named if victim is not None and suspect is not None}
        victims = frozenset(victim for victim, _ in named if victim is not None)
        return Said(
            at, version[0]["STATUS"] == "Aktiv", frozenset(pairs), victims, version[0]["INSKRIVNINGSDATUM"]
        )

    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    versions = {report: [said(at, told) for at, told in sorted(by.items())] for report, by in rows.items()}
    return Planted(versions, truth)


async def _load(dsn: str, folder: Path) -> None:
    connection = await asyncpg.connect(dsn)
    await set_codecs(connection)
    intake = Intake(OneConnection(connection), KEYS)  # type: ignore[arg-type]
    for file in sorted((folder / "anmalan").iterdir()):
        await intake.ingest(
            get_feed("anmalan"), file.read_bytes(), name=file.name, fetched_at=NOW, archive=True
        )
    await connection.close()


@pytest.fixture
async def keys_of(planted: Planted, db: asyncpg.Connection) -> dict[Any, str]:
    return dict(await db.fetch("select uid, source_key from incident"))


SOME = random.Random(6)  # noqa: S311 - repeatable, not secret
MOMENTS = [NOW, *(NOW - timedelta(minutes=SOME.randrange(DAYS * 1440)) for _ in range(6))]


@pytest.mark.parametrize("known_at", MOMENTS)
async def test_the_planted_repeat_pairs_are_found_exactly_as_known_then(
    db: asyncpg.Connection, planted: Planted, keys_of: dict[Any, str], known_at: datetime
):
    window = Window(*EVER, known_at)
    expected = {pair: told for pair, told in planted.reports(known_at).items() if len(told) >= 2}
    found = await dyads_with(db, window, 2, within_days=10_000)
    told = {(d.victim, d.suspect): {keys_of[rung.incident] for rung in d.rungs} for d in found}
    assert told == expected
    assert [d.last_told_at for d in found] == sorted((d.last_told_at for d in found), reverse=True)
    assert all(rung.known_at <= known_at for d in found for rung in d.rungs)


async def test_there_is_something_to_find_and_it_is_what_was_planted(planted: Planted):
    names = Pseudonyms(KEYS)
    alone = {
        told["report"] for link in planted.truth["links"] for told in link["mentions"] if not told["numbered"]
    }
    for pair in planted.truth["pairs"]:
        who = (names.of(pair["victim"], ""), names.of(pair["suspect"], ""))
        # The truth reaches ahead of now, and a suspect may become known later or never.
        told = {
            report
            for report in pair["reports"]
            if report not in alone and any(v.pairs for v in planted.versions.get(report, ()))
        }
        # Of reports from before its first day only corrections are in the files; the truth does not tell them.
        ever = {r for r in planted.ever(who) if planted.versions[r][0].reported >= planted.truth["from"]}  # type: ignore[arg-type]
        assert ever == told
    found = [told for told in planted.reports(NOW).values() if len(told) >= 2]
    assert len(found) > 5
    assert planted.truth["withdrawals"]
    assert planted.truth["protected"]


async def test_planted_links_are_proposed_and_judged_by_the_truth(db: asyncpg.Connection, planted: Planted):
    names = Pseudonyms(KEYS)

    def unnumbered(feed: str, source_key: str, role: str, person: bytes) -> bool:
        return names.of_mention(feed, source_key, role, 1) == person

    done = await propose(db, KEYS.open, unnumbered)
    judged = await judge_proposals(db, json.dumps(planted.truth).encode())
    assert judged.proposed == done.proposed
    assert judged.true >= judged.right >= 2
    assert judged.precision == 1.0


@pytest.mark.parametrize(("at_least", "days"), [(2, 0), (2, 7), (3, 30), (2, 365)])
async def test_reported_again_within_some_days_is_what_a_plain_count_finds(
    db: asyncpg.Connection, planted: Planted, at_least: int, days: int
):
    window = Window(NOW.date() - timedelta(days=9), NOW.date() - timedelta(days=2), NOW - timedelta(days=1))
    everybody = await dyads_with(db, Window(*EVER, window.known_at), 1, within_days=0)
    expected = set()
    for pair in everybody:
        happened = [rung.day for rung in pair.rungs]
        if any(
            window.first <= day <= window.last
            and sum(timedelta(0) <= day - other <= timedelta(days=days) for other in happened) >= at_least
            for day in happened
        ):
            expected.add((pair.victim, pair.suspect))
    assert {(d.victim, d.suspect) for d in await dyads_with(db, window, at_least, days)} == expected


async def test_counts_of_pairs_tell_no_person_and_agree(db: asyncpg.Connection, planted: Planted):
    counts = await repeats(db, Window(*EVER, NOW))
    plain = Counter(len(reports) for reports in planted.reports(NOW, protected=True).values())
    assert counts == plain


async def test_flags_of_the_list_are_those_of_the_pair(db: asyncpg.Connection, planted: Planted):
    listed = await flagged(db, Window(*EVER, NOW))
    assert {flag.rule for _, held in listed for flag in held} >= {"contact-ban-breach"}
    for pair, held in listed[:20]:
        assert await flags(db, pair.victim, pair.suspect, NOW) == held
        known = {rung.incident for rung in pair.rungs}
        assert all(source.incident in known for flag in held for source in flag.sources)


async def test_a_pair_is_followed_across_districts(db: asyncpg.Connection, planted: Planted):
    pairs = await dyads_with(db, Window(*EVER, NOW), 2, within_days=10_000)
    assert any(len({rung.area for rung in pair.rungs}) > 1 for pair in pairs)
    assert all(rung.area_ids for pair in pairs for rung in pair.rungs)


@pytest.mark.parametrize("reason", ["acquitted", "charge_dismissed", "prosecution_discontinued"])
async def test_what_has_ended_comes_up_in_no_search_at_whatever_moment(
    db: asyncpg.Connection, planted: Planted, reason: Any
):
    window = Window(*EVER, NOW)
    pair = (await dyads_with(db, window, 2, within_days=10_000))[0]
    ended = pair.rungs[0]
    await state_suspicion(
        db, ended.incident, pair.suspect, reason, NOW.date(), source="tingsrätt", recorded_by="test"
    )
    for known_at in (None, NOW, ended.known_at):  # going back before the verdict does not bring it up either
        left = await rungs(db, pair.victim, pair.suspect, known_at)
        of_suspect = await dyads_of_suspect(db, pair.suspect, known_at)
        of_victim = await dyads_of_victim(db, pair.victim, known_at)
        shown = [*left, *(r for found in (*of_suspect, *of_victim) for r in found.rungs)]
        assert ended.incident not in {rung.incident for rung in shown}
        held = await flags(db, pair.victim, pair.suspect, known_at)
        assert ended.incident not in {source.incident for flag in held for source in flag.sources}
    assert await rungs(db, pair.victim, pair.suspect) == pair.rungs[1:]
    for other in await dyads_with(db, window, 1, within_days=0):
        assert ended.incident not in {rung.incident for rung in other.rungs} or other.suspect != pair.suspect
    await state_suspicion(
        db, ended.incident, pair.suspect, "reopened", NOW.date(), source="hovrätt", recorded_by="test"
    )
    assert await rungs(db, pair.victim, pair.suspect) == pair.rungs


async def test_a_new_version_of_the_report_does_not_bring_back_what_ended(
    db: asyncpg.Connection, planted: Planted
):
    pair = (await dyads_with(db, Window(*EVER, NOW), 2, within_days=10_000))[0]
    code, other = (
        pair.rungs[0].offences[0].code,
        "9456" if pair.rungs[0].offences[0].code != "9456" else "9365",
    )
    await state_suspicion(
        db, pair.rungs[0].incident, pair.suspect, "acquitted", NOW.date(),
        source="tingsrätt", recorded_by="test", offence=code,
    )  # fmt: skip
    await db.execute(
        """update incident_offence set offence_id = (select offence_id from offence where code = $1)
           where suspect = $2 and version_id in (
               select version_id from incident_version join incident using (incident_id) where uid = $3)""",
        other, pair.suspect, pair.rungs[0].incident,
    )  # fmt: skip
    assert await rungs(db, pair.victim, pair.suspect) == pair.rungs[1:]


async def test_a_pair_that_becomes_protected_leaves_every_list_also_of_the_past(
    db: asyncpg.Connection, planted: Planted
):
    pair = (await dyads_with(db, Window(*EVER, NOW), 2, within_days=10_000))[0]
    await db.execute(
        """update incident_version set protected = true, geom = null, cx = null, cy = null, place_text = null
           where incident_id = (select incident_id from incident where uid = $1)""",
        pair.last.incident,
    )
    for known_at in (NOW, pair.rungs[0].known_at):
        for found in (
            await dyads_with(db, Window(*EVER, known_at), 1, within_days=0),
            await dyads_of_suspect(db, pair.suspect, known_at),
            await dyads_of_victim(db, pair.victim, known_at),
        ):
            assert (pair.victim, pair.suspect) not in {(d.victim, d.suspect) for d in found}


async def test_what_makes_no_sense_is_refused(db: asyncpg.Connection, planted: Planted):
    pair = (await dyads_with(db, Window(*EVER, NOW), 1, within_days=0))[0]
    said = {"final_on": NOW.date(), "source": "tingsrätt", "recorded_by": "test"}
    with pytest.raises(NotFound):
        await state_suspicion(db, pair.last.incident, b"nobody", "acquitted", **said)
    with pytest.raises(BadInput, match="ends or goes on"):
        await state_suspicion(db, pair.last.incident, pair.suspect, "guilty", **said)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="no offence"):
        await state_suspicion(db, pair.last.incident, pair.suspect, "acquitted", offence="0", **said)
    with pytest.raises(BadInput, match="at least"):
        await dyads_with(db, Window(*EVER), 0, within_days=1)

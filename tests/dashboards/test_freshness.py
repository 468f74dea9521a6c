"""What a page says of the feeds that it leans on: one calm sentence where one is late or silent, nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.config import ROOT
from app.domain.feed_rhythm import FeedFacts, Heard, State
from app.domain.region import Region
from app.queries.feed_health import Status
from dashboards.components.freshness import badge, sentence, sentences
from dashboards.components.text import TEXT
from dashboards.discovery import find_pages
from dashboards.words import Words

REGION = Region.read(ROOT / "geodata" / "regions" / "stockholm")
NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)  # 06:00 there
LAST = datetime(2026, 11, 24, 2, 10, tzinfo=UTC)
SV, EN = Words("sv", TEXT), Words("en", TEXT)
CALLS = FeedFacts("uppdrag", "call", "Uppdrag", "Calls", timedelta(minutes=30))


def status(state: State, heard: Heard, since: datetime | None = LAST, waits: int = 0) -> Status:
    return Status(CALLS, heard, state, since, waits)


def test_a_silent_feed_is_said_with_the_time_since_when_nothing_is_known() -> None:
    silent = status("silent", Heard(LAST))
    assert sentence(silent, NOW, REGION, SV) == (
        "Uppdrag är tyst sedan 03:10: det som hänt sedan dess syns inte här."
    )
    assert sentence(silent, NOW + timedelta(days=1), REGION, EN) == (
        "Calls has been silent since Tue 24 Nov 03:10: what has happened since is not shown here."
    )
    assert "senare än vanligt, senast hörd 03:10" in sentence(status("late", Heard(LAST)), NOW, REGION, SV)


def test_a_source_that_does_not_answer_is_said_so() -> None:
    asked = FeedFacts("polisen", "notice", "Notiser", "Notices", every=timedelta(minutes=3))
    lost = Status(asked, Heard(LAST, answered_at=LAST), "silent", LAST, 0)
    assert sentence(lost, NOW, REGION, SV).startswith("polisen.se svarar inte sedan 03:10:")


def test_nothing_is_said_while_a_feed_keeps_its_rhythm_or_was_never_heard() -> None:
    assert sentences([status("good", Heard(NOW)), status("never", Heard(), None)], NOW, REGION, SV) == []
    bar = sentences([status("silent", Heard(LAST)), status("good", Heard(NOW))], NOW, REGION, SV)
    assert len(bar) == 3  # a mark, one sentence, the way to Källor
    assert "href='/kallor?" in str(bar[-1])


def test_a_badge_tells_its_state_in_words_and_by_its_shape() -> None:
    drawn = str(badge(status("late", Heard(LAST), waits=3), NOW, REGION, SV))
    for told in ("late", "2 h", "sen", "3 i karantän"):
        assert told in drawn


def test_pages_without_feeds_say_nothing_of_them() -> None:
    leans = {page.name: page.leans_on for page in find_pages()}
    assert leans["nu"] == ("chosen",)
    assert leans["granskning"] == leans["partner"] == ()
    assert leans["par"] == ("report",)

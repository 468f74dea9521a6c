"""Every feed that exists, on its own sample. A new feed is tested here without a line of test code."""

from __future__ import annotations

import orjson
import pytest

from app.domain.errors import UnreadableFile
from app.domain.window import KINDS
from etl.feed import Draft, Feed, OffenceDraft, feed_names, get_feed
from etl.helpers.sample import made_of, sample_of

READ = [name for name in feed_names() if not get_feed(name).settings.get("demo")]
"""Feeds that read a format; a demo feed only writes in the formats of others."""


@pytest.fixture(params=READ)
def feed(request: pytest.FixtureRequest) -> Feed:
    return get_feed(request.param)


@pytest.mark.parametrize("name", feed_names())
def test_says_what_it_is(name: str) -> None:
    feed = get_feed(name)

    assert feed.kind in KINDS
    assert feed.title_sv
    assert feed.title_en


def test_makes_of_its_sample_what_is_expected(feed: Feed) -> None:
    expected = orjson.loads((feed.folder() / "expected.json").read_bytes())

    made = made_of(sample_of(feed).read_bytes(), feed)

    assert made == expected, f"see `python -m etl.helpers.sample {feed.name}`"
    assert any("draft" in one for one in made)


def test_drafts_hold_only_fields_of_the_contract(feed: Feed) -> None:
    for made in made_of(sample_of(feed).read_bytes(), feed):
        draft = made.get("draft", {})
        assert draft.keys() <= Draft.__annotations__.keys()
        for offence in draft.get("offences", ()):
            assert offence.keys() <= OffenceDraft.__annotations__.keys()


def test_a_record_that_waited_in_quarantine_is_read_the_same(feed: Feed) -> None:
    parser = feed.parser()
    for record in parser.records(sample_of(feed).read_bytes(), feed):
        if record.problem is not None:
            continue
        kept = orjson.loads(orjson.dumps(record.body))
        assert kept == record.body


def test_an_empty_delivery_is_refused_with_one_sentence(feed: Feed) -> None:
    with pytest.raises(UnreadableFile, match=r"^[A-Z].*\.$"):
        list(feed.parser().records(b"", feed))

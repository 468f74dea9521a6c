"""A parser that fails costs one record, and tells nobody what was in it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from etl.feed import Draft, Feed, Parser, Problem, Record
from etl.parse import drafts
from tests.ledger.plain_feed import plain_feed

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest

SECRET = "19121212-1212"


class _Failing:
    def records(self, content: bytes, feed: Feed) -> Iterable[Record]:
        raise NotImplementedError

    def draft(self, record: Record, feed: Feed) -> Draft:
        raise KeyError(record.body["person"])


@dataclass(frozen=True)
class _FailingFeed(Feed):
    def parser(self) -> Parser:
        return _Failing()


def test_a_parser_that_fails_tells_where_and_not_what(caplog: pytest.LogCaptureFixture) -> None:
    plain = plain_feed()
    feed = _FailingFeed("failing", plain.kind, "Prov", "Trial", True, {}, plain.region)

    with caplog.at_level(logging.ERROR):
        [(_, problem)] = drafts([Record(7, {"person": SECRET})], feed)

    assert isinstance(problem, Problem)
    assert problem.reason == "The parser failed (KeyError); the log shows where."
    assert SECRET not in str(problem)
    assert "failing failed on record 7: KeyError" in caplog.text
    assert "test_parse.py" in caplog.text  # where it failed
    assert SECRET not in caplog.text

"""Parse: a delivery's bytes become records, and each record a draft in our terms, by the feed's own parser."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

from etl.feed import Problem

if TYPE_CHECKING:
    from etl.feed import Draft, Feed, Record

log = logging.getLogger(__name__)


def drafts(records: list[Record], feed: Feed) -> Iterator[tuple[Record, Draft | Problem]]:
    """Each record with its draft, or with what is wrong with it; as many as came in, in their order.

    A parser that fails in a way it did not foresee costs its one record, which waits in quarantine for a better
    parser; the failure is logged with its trace for whoever mends it.
    """
    parser = feed.parser()
    for record in records:
        if record.problem is not None:
            yield record, record.problem
            continue
        try:
            yield record, parser.draft(record, feed)
        except Problem as problem:
            yield record, problem
        except Exception as error:  # kept: the record is quarantined and the trace logged
            log.exception("the parser of %s failed on record %d", feed.name, record.number)
            yield record, Problem("parse", "record", type(error).__name__, f"The parser failed: {error}")

"""Parse: a delivery's bytes become records, and each record a draft in our terms, by the feed's own parser."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from typing import TYPE_CHECKING

from etl.feed import Problem

if TYPE_CHECKING:
    from etl.feed import Draft, Feed, Record

log = logging.getLogger(__name__)


def drafts(records: list[Record], feed: Feed) -> Iterator[tuple[Record, Draft | Problem]]:
    """Each record with its draft, or with what is wrong with it; as many as came in, in their order.

    A parser that fails in a way it did not foresee costs its one record, which waits in quarantine for a better
    parser; the failure is logged with its trace for whoever mends it. Neither says what the exception says, since
    that may quote a person's data.
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
        except Exception as error:  # noqa: BLE001 - kept: the record is quarantined and the trace logged
            kind, trace = type(error).__name__, "".join(traceback.format_tb(error.__traceback__))
            log.error("the parser of %s failed on record %d: %s\n%s", feed.name, record.number, kind, trace)  # noqa: TRY400 - see above
            yield (
                record,
                Problem("parse", "record", kind, f"The parser failed ({kind}); the log shows where."),
            )

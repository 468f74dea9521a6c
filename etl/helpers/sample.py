"""A feed's sample beside what is expected of it: ``sample.*`` and ``expected.json`` in the feed's folder.

``python -m etl.helpers.sample NAME`` prints what the feed makes of its sample now. Read it line by line against the
sample; when it is right, save it as ``expected.json``. The tests hold every feed to it.
"""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson

from app.domain.errors import SetupError
from etl.feed import Problem, get_feed

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from etl.feed import Feed


def sample_of(feed: Feed) -> Traversable:
    """The feed's sample.

    Raises:
        SetupError: There is none, or more than one.
    """
    found = [entry for entry in feed.folder().iterdir() if entry.name.startswith("sample.")]
    if len(found) != 1:
        raise SetupError(
            f"etl/feeds/{feed.name} needs one file sample.* (such as sample.csv), not {len(found)}."
        )
    return found[0]


def made_of(content: bytes, feed: Feed) -> list[dict[str, Any]]:
    """What a feed makes of a delivery, in JSON's terms: for each record its draft, or what is wrong with it."""
    parser = feed.parser()
    made: list[dict[str, Any]] = []
    for record in parser.records(content, feed):
        try:
            draft = parser.draft(record, feed)
        except Problem as problem:
            made.append({"number": record.number, "problem": _told(problem)})
        else:
            made.append({"number": record.number, "draft": _without_nothing(draft)})
    plain: list[dict[str, Any]] = orjson.loads(
        orjson.dumps(made, default=_iso, option=orjson.OPT_PASSTHROUGH_DATETIME)
    )
    return plain


def _told(problem: Problem) -> dict[str, str]:
    return {"step": problem.step, "field": problem.field, "value": problem.value, "reason": problem.reason}


def _without_nothing(draft: Any) -> dict[str, Any]:
    """A draft without the fields that say nothing, so that a person can read it."""
    return {field: value for field, value in draft.items() if value not in (None, (), {})}


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


if __name__ == "__main__":
    _feed = get_feed(sys.argv[1])
    _made = made_of(sample_of(_feed).read_bytes(), _feed)
    sys.stdout.write(orjson.dumps(_made, option=orjson.OPT_INDENT_2).decode() + "\n")

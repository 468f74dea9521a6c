"""What is told of a heading that does not fit."""

from __future__ import annotations

import pytest

from app.domain.errors import SetupError, UnreadableFile
from tests.etl.helpers.conftest import COLUMNS, TableFeed


def test_a_file_without_a_heading_is_refused_without_quoting_its_first_row(feed: TableFeed) -> None:
    with pytest.raises(UnreadableFile) as refused:
        feed.records(
            b"0201-K1-26;19121212-1212;Anna Svensson;Kungsgatan 1\n0201-K2-26;19121212-1212;Anna;Gatan\n"
        )

    told = str(refused.value)
    assert "of its 4 columns the feed knows none" in told
    for cell in ("19121212", "1212", "Anna", "Kungsgatan", "0201"):
        assert cell not in told


def test_of_a_heading_that_lacks_a_column_the_known_names_are_told(feed: TableFeed) -> None:
    with pytest.raises(UnreadableFile, match=r"of its 3 columns the feed knows ID, Kod\."):
        feed.records(b"ID;Kod;Hemligt\n1;0805;x\n")


@pytest.mark.parametrize("field", ["victim", "witness", "reporter_phone", "suspect_name"])
def test_a_feed_that_seals_nothing_may_read_nothing_of_people(field: str) -> None:
    settings = {**COLUMNS, "columns": {**COLUMNS["columns"], field: ["Person"]}}
    with pytest.raises(SetupError, match="holds_identities = true"):
        TableFeed(settings).records(b"ID;Kod;Brottsdag\n1;0805;2026-01-01\n")

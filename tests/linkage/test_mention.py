"""What reports tell of people becomes the frame that is linked."""

from __future__ import annotations

import pytest

from app.linkage.mention import frame, split_name
from app.linkage.normal import FIELDS


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Anna Lindqvist", ("Anna", "Lindqvist")),
        ("Lindqvist, Anna-Karin", ("Anna-Karin", "Lindqvist")),
        ("Carl von Berg", ("Carl", "von Berg")),
        ("Eva Berg Lindgren", ("Eva", "Berg Lindgren")),
        ("Eva Maria Lindgren", ("Eva Maria", "Lindgren")),
        ("Anna", ("Anna", None)),
        ("Lindqvist", (None, "Lindqvist")),
        (", Anna", ("Anna", None)),
        ("", (None, None)),
    ],
)
def test_a_name_is_split(name: str, parts: tuple[str | None, str | None]):
    assert split_name(name) == parts


def test_the_frame_has_a_row_for_each_mention_also_of_one_who_tells_nothing():
    told = frame([{"name": "Anna Lindqvist", "born": "1862-04-17", "sex": "female"}, {}])
    assert list(told.columns) == ["mention", *FIELDS]
    assert told["mention"].tolist() == [0, 1]
    assert told["given"][0] == "Anna"
    assert told.loc[1, list(FIELDS)].isna().all()
    assert frame([]).empty

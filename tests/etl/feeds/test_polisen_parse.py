"""What makes a version of a notice, what is noise, and which notices are the region's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import UnreadableFile
from etl.feed import Problem, get_feed
from etl.feeds.polisen import parse

if TYPE_CHECKING:
    from etl.feed import Draft

FEED = get_feed("polisen")


def item(**other: Any) -> dict[str, Any]:
    plain = {
        "id": 900001,
        "datetime": "2025-06-30 07:32:17 +02:00",
        "name": "30 juni 06.10, Brand, Solna",
        "summary": "Provnotis om en bil.",
        "url": "/aktuellt/handelser/prov/",
        "type": "Brand",
        "location": {"name": "Solna", "gps": "58.345364,18.000001"},
    }
    return {**plain, **other}


def draft_of(**other: Any) -> Draft:
    [record] = parse.records(json.dumps([item(**other)]).encode(), FEED)
    return parse.draft(record, FEED)


@pytest.mark.parametrize(
    "noise",
    [
        {"datetime": "2025-06-30 7:32:17 +02:00"},
        {"summary": "Provnotis\u00a0om en  bil. "},
        {"summary": "Provnotis om en&nbsp;bil."},
        {"name": "30 juni 06.10, Brand, Solna "},
        {"location": {"name": "Solna", "gps": "58.345364000000004,18.000000999999998"}},
        {"location": {"gps": "58.345364, 18.000001", "name": "Solna"}},
        {"url": " /aktuellt/handelser/prov/"},
    ],
)
def test_noise_makes_no_version(noise: dict[str, Any]) -> None:
    assert draft_of(**noise) == draft_of()


@pytest.mark.parametrize(
    "edit",
    [
        {"datetime": "2025-06-30 07:32:18 +02:00"},
        {"summary": "Provnotis om två bilar."},
        {"name": "30 juni 06.11, Brand, Solna"},
        {"type": "Mordbrand"},
        {"url": "/aktuellt/handelser/prov"},
        {"location": {"name": "Sundbyberg", "gps": "58.345364,18.000001"}},
        {"location": {"name": "Solna", "gps": "58.345365,18.000001"}},
        {"location": None},
    ],
)
def test_an_edit_makes_a_version(edit: dict[str, Any]) -> None:
    assert draft_of(**edit) != draft_of()


@given(st.decimals(-90, 90, places=6, allow_nan=False, allow_infinity=False), st.integers(-3, 3))
def test_no_float_noise_of_a_position_shows(degrees: Any, steps: int) -> None:
    import math

    noisy = float(degrees)
    for _ in range(abs(steps)):
        noisy = math.nextafter(noisy, math.copysign(math.inf, steps))

    clean = draft_of(location={"name": "Solna", "gps": f"{degrees},18.0"})
    assert draft_of(location={"name": "Solna", "gps": f"{noisy!r},18.0"}) == clean


@pytest.mark.parametrize(
    ("location", "place", "areas"),
    [
        ("Solna", "Solna", ("Solna",)),
        ("Upplands väsby", "Upplands väsby", ("Upplands Väsby",)),
        ("Järfälla", "Upplands-Bro", ("Järfälla",)),  # the location decides
        ("Stockholms län", "Haninge", ("Haninge", "Stockholms län")),
        ("Stockholms län", "Stockholms län", ("Stockholms län",)),
        ("Stockholms län", "Uppsala", ("Stockholms län",)),
        ("Gotlands län", "Gotland", ("Gotland", "Gotlands län")),
        (None, "Haninge", ("Haninge",)),
        (None, "Gotlands län", ("Gotlands län",)),
        ("Uppsala län", "Stockholm", None),
        ("Uppsala", "Uppsala", None),
        (None, "Uppsala", None),
        (None, "", None),
    ],
)
def test_the_location_says_whose_it_is_and_the_title_says_more(
    location: str | None, place: str, areas: tuple[str, ...] | None
) -> None:
    draft = draft_of(
        name=f"30 juni 06.10, Brand, {place}", location=location and {"name": location, "gps": "58.3,18.0"}
    )

    assert draft["state"] == ("outside" if areas is None else "active")
    assert draft["areas"] == (areas or ())


def test_a_position_is_a_fact_and_never_a_point() -> None:
    draft = draft_of()

    assert draft["attributes"]["gps"] == [58.345364, 18.000001]
    assert "latitude" not in draft


def test_a_summary_of_the_night_is_one_notice() -> None:
    draft = draft_of(type="Sammanfattning natt", name="30 juni 07.00, Sammanfattning natt, Solna")

    assert draft["offences"] == [{"code": "polisen:sammanfattning-natt"}]
    assert draft["attributes"]["summary_notice"] is True


def test_only_an_address_of_the_web_is_a_link() -> None:
    assert draft_of()["url"] == "https://polisen.se/aktuellt/handelser/prov/"
    assert draft_of(url="javascript:alert(1)")["url"] is None
    assert draft_of(url="//evil.example/")["url"] is None
    assert draft_of(url=None)["url"] is None


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (json.dumps([item()]).encode()[:-40], "cut off"),
        (b'{"error": "x"}', "no array"),
        (b"<html>", "no JSON"),
        (b"\xff\xfe", "no JSON"),
    ],
)
def test_a_body_that_is_no_array_is_refused_whole(body: bytes, told: str) -> None:
    with pytest.raises(UnreadableFile, match=told):
        list(parse.records(body, FEED))


def test_an_empty_window_says_nothing() -> None:
    assert list(parse.records(b"[]", FEED)) == []


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        ({"id": None}, "id"), ({"id": True}, "id"), ({"name": ""}, "name"), ({"type": None}, "type"),
        ({"datetime": "nyss"}, "datetime"), ({"summary": ["x"]}, "summary"), ({"location": "Solna"}, "location"),
    ],
)  # fmt: skip
def test_an_item_that_cannot_be_read_is_a_problem_of_its_own(broken: dict[str, Any], field: str) -> None:
    with pytest.raises(Problem) as told:
        draft_of(**broken)

    assert (told.value.step, told.value.field) == ("parse", field)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.lists(
        st.one_of(JSON, st.dictionaries(st.sampled_from(list(item())), JSON).map(lambda odd: item(**odd))),
        max_size=5,
    )
)
def test_every_item_is_a_draft_or_a_problem(items: list[Any]) -> None:
    records = list(parse.records(json.dumps(items).encode("utf-8", "surrogatepass"), FEED))

    assert len(records) == len(items)
    for record in records:
        try:
            draft = parse.draft(record, FEED)
        except Problem:
            continue
        assert draft["occurred_from"] <= draft["reported_at"]  # type: ignore[operator]


@given(st.binary(max_size=300))
def test_any_bytes_are_records_or_one_sentence(body: bytes) -> None:
    try:
        list(parse.records(body, FEED))
    except UnreadableFile as error:
        refused = str(error)
    else:
        return
    assert "\n" not in refused

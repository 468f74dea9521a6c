"""The offence catalogue and the harm weights: what the code plan's traps must not break."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest

from geodata.pack import REGIONS, Offence, RegionPack, read_pack
from geodata.tables import read_table

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = REGIONS / "stockholm"
RELATIONS = ["parrelation", "slakt", "bekant", "obekant"]


@pytest.fixture(scope="module")
def pack() -> RegionPack:
    return read_pack("stockholm")


@pytest.fixture(scope="module")
def by_code(pack: RegionPack) -> dict[str, Offence]:
    return {offence.code: offence for offence in pack.offences}


def test_codes_are_unique_and_keep_their_leading_zeros(pack: RegionPack, by_code: dict[str, Offence]) -> None:
    assert len(by_code) == len(pack.offences)
    reports = [offence.code for offence in pack.offences if offence.kind == 1]
    assert len(reports) == 300
    assert all(len(code) == 4 and code.isdigit() for code in reports)
    assert sum(code.startswith("0") for code in reports) == 40
    assert "0412" in by_code
    assert "412" not in by_code


def test_codes_known_to_be_wrong_or_absent_are_not_there(by_code: dict[str, Offence]) -> None:
    assert not {"5910", "9426", "9400", "9342"} & set(by_code)


@pytest.mark.parametrize(
    "codes",
    [
        ["9365", "9381", "9382", "0365"], ["9359", "9375", "9376", "0375"], ["9369", "9385", "9386", "0367"],
        ["9363", "9379", "9380", "0377"], *[[str(first + step) for step in range(4)] for first in
        (4090, 4094, 9393, 9408, 9412, 9416, 9420, 9428, 9432, 9436, 9440, 9444, 9448, 9452, 9456, 9460, 9554, 9558,
         *range(9627, 9699, 4))],
    ],
)  # fmt: skip
def test_four_code_blocks_run_from_couple_to_stranger(by_code: dict[str, Offence], codes: list[str]) -> None:
    block = [by_code[code] for code in codes]
    assert [offence.relation for offence in block] == RELATIONS
    assert [offence.close_relationship for offence in block] == [True, True, False, False]
    for attribute in ("group_code", "victim_sex", "victim_age", "place", "stage"):
        assert len({getattr(offence, attribute) for offence in block}) == 1, attribute
    assert [offence.severity for offence in block] == sorted((o.severity for o in block), reverse=True)


def test_facts_of_codes_that_matter_most(by_code: dict[str, Offence]) -> None:
    indoors, outdoors = by_code["9367"], by_code["9359"]
    assert (indoors.group_code, indoors.place, outdoors.place) == ("grov_misshandel", "inne", "ute")
    assert by_code["0412"].relation == "parrelation"
    assert by_code["0412"].close_relationship is True
    assert by_code["9432"].place == "internet"
    assert by_code["9440"].place is None
    assert (by_code["9627"].stage, by_code["9635"].stage) == ("forsok", "fullbordat")
    assert by_code["9495"].victim_age == "0-17"
    assert by_code["0435"].valid_from == date(2022, 6, 1)


def test_homicide_codes_do_not_claim_to_know_the_relation(by_code: dict[str, Offence]) -> None:
    for code in ("0310", "0311", "0312", "0313"):
        assert by_code[code].relation is None
        assert by_code[code].close_relationship is None
        assert by_code[code].group_code == "mord_drap"


def test_children_known_to_the_offender_are_not_counted_as_outside_the_family(
    by_code: dict[str, Offence],
) -> None:
    for code in range(9302, 9349, 2):
        if str(code) in by_code:
            assert by_code[str(code)].close_relationship is None
            assert by_code[str(code)].relation == "bekant"


def test_ended_codes_have_an_end_and_their_successors_a_beginning(by_code: dict[str, Offence]) -> None:
    for code in range(9349, 9357):
        assert by_code[str(code)].valid_to == date(2019, 1, 1)
    assert by_code["4085"].valid_to == date(2026, 1, 1)
    assert (by_code["9366"].valid_from, by_code["9366"].valid_to) == (date(2018, 1, 1), date(2019, 1, 1))
    assert by_code["9365"].valid_from == date(2018, 1, 1)
    assert by_code["9381"].valid_from == by_code["9382"].valid_from == date(2019, 1, 1)
    for offence in by_code.values():
        assert offence.valid_to is None or offence.valid_from is None or offence.valid_from < offence.valid_to


def test_severity_orders_what_must_not_be_confused(by_code: dict[str, Offence]) -> None:
    order = [
        "0310",
        "9393",
        "9635",
        "9367",
        "9627",
        "0412",
        "9401",
        "9365",
        "9424",
        "4090",
        "9440",
        "9691",
        "9456",
    ]
    severities = [by_code[code].severity for code in order]
    assert severities == sorted(severities, reverse=True)
    assert len(set(severities)) == len(order)
    assert all(0 <= offence.severity <= 32767 for offence in by_code.values())


def test_severity_and_code_together_leave_no_tie(pack: RegionPack) -> None:
    keys = [(offence.severity, offence.code) for offence in pack.offences]
    assert len(keys) == len(set(keys))


def test_every_name_is_there_in_swedish_and_in_english(pack: RegionPack) -> None:
    for offence in pack.offences:
        for text in (offence.name_sv, offence.name_en, offence.group_sv, offence.group_en):
            assert text.strip() == text != ""
    reports = [offence for offence in pack.offences if offence.kind == 1]
    for attribute in ("name_sv", "name_en"):
        most, times = Counter(getattr(offence, attribute) for offence in reports).most_common(1)[0]
        assert times == 1, most
    assert not any(letter in offence.name_en.lower() for offence in reports for letter in "åäö")


def test_a_group_has_one_name_and_belongs_to_one_kind(pack: RegionPack) -> None:
    groups = {
        (offence.group_code, offence.group_sv, offence.group_en, offence.kind) for offence in pack.offences
    }
    assert len({group[0] for group in groups}) == len(groups)
    assert len([group for group in groups if group[3] == 1]) == 19


def test_notices_and_calls_have_namespaces_of_their_own_and_a_row_for_the_unknown(pack: RegionPack) -> None:
    for kind, prefix in ((2, "uppdrag:"), (3, "polisen:")):
        codes = {offence.code for offence in pack.offences if offence.kind == kind}
        assert all(code.startswith(prefix) for code in codes)
        assert f"{prefix}okand" in codes
    names = {offence.name_sv: offence for offence in pack.offences if offence.kind == 3}
    assert names["Mord/dråp, försök"].code == "polisen:mord-drap-forsok"
    assert names["Trafikolycka, smitning från"].code == "polisen:trafikolycka-smitning-fran"
    assert len(names) >= 97
    assert not any(offence.relation for offence in names.values())


def test_every_offence_has_one_weight_and_notices_and_calls_have_none(pack: RegionPack) -> None:
    reports = [offence.code for offence in pack.offences if offence.kind == 1]
    assert sorted(weight.code for weight in pack.harm_weights) == sorted(reports)
    assert {(weight.index_name, weight.version) for weight in pack.harm_weights} == {("bsi", "bsi-2020-1")}
    assert all(weight.weight > 0 for weight in pack.harm_weights)


def test_published_weights_are_as_printed_and_the_rest_is_marked_provisional(pack: RegionPack) -> None:
    weights = {weight.code: weight for weight in pack.harm_weights}
    printed = {"0310": 122, "9636": 25, "9367": 19, "9359": 19, "9635": 15, "0412": 12, "9365": 4, "9357": 4}
    for code, months in printed.items():
        assert (weights[code].weight, weights[code].provisional) == (months, False), code
    for code in ("9369", "9440", "9456", "9627", "9393", "4090", "0422", "9554"):
        assert weights[code].provisional, code
        assert "not published" in weights[code].source


def test_provisional_weights_follow_their_stated_rule() -> None:
    rows = read_table(FOLDER / "harm_weights.csv")
    published = {row["basis"]: float(row["weight"]) for row in rows if row["provisional"] == "false"}
    assert set(published.values()) == {122, 25, 19, 15, 12, 4}
    for row in rows:
        assert float(row["weight"]) == pytest.approx(published[row["basis"]] * float(row["factor"]))
        assert row["source"]


def test_real_samples_hold_no_event_type_that_the_catalogue_lacks(shared: Path, pack: RegionPack) -> None:
    names = {offence.name_sv for offence in pack.offences if offence.kind == 3}
    seen = set()
    for path in sorted((shared / "data" / "polisen_se").glob("monthly_*.json.gz")):
        seen |= {event["type"] for event in json.loads(gzip.decompress(path.read_bytes()))}
    assert len(seen) > 60
    assert seen <= names

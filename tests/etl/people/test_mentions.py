"""Four roles kept apart, with or without a number; what is told of people is sealed, and nothing of protected ones."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import asyncpg
import orjson
import pytest

from app.db import Pool
from etl import quarantine
from etl.follow import follow
from etl.identify import Pseudonyms
from tests.etl.people.world import (
    ANMALAN,
    NOW,
    OTHER,
    SUSPECT,
    VICTIM,
    WITNESS,
    csv,
    mentions_of,
    pairs_of,
    tell,
    traces,
    whole_database,
)

if TYPE_CHECKING:
    from etl.keep import Keys
    from etl.run import Intake

HOUR = timedelta(hours=1)
KALLA = {
    "MALSAGANDE_NAMN": "Målina  Kanariesson", "MALSAGANDE_FODD": "18910312", "MALSAGANDE_KON": "K",
    "MALSAGANDE_TEL": "070-0000001", "MALSAGANDE_GATA": "Kanariegatan 1", "MALSAGANDE_POSTNR": "131 00",
}  # fmt: skip


async def test_each_role_has_its_own_people(intake: Intake, db: asyncpg.Connection, keys: Keys) -> None:
    await tell(
        intake,
        {"ID": "roles", "MALSAGANDE": VICTIM, "MISSTANKT": SUSPECT, "VITTNE": WITNESS, "ANMALARE": OTHER,
         "ANMALARE_TEL": "070-0000002"},
        {"ID": "roles", "BROTTSKOD": "9440", "MALSAGANDE": VICTIM, "MISSTANKT": SUSPECT, "VITTNE_NAMN": "Vittja Ny"},
    )  # fmt: skip
    names = Pseudonyms(keys)
    assert [tuple(row) for row in await pairs_of(db, "roles")] == [
        (1, names.of(VICTIM, ""), names.of(SUSPECT, "")),
        (2, names.of(VICTIM, ""), names.of(SUSPECT, "")),
    ]
    told = [
        (row["role"], row["number"], row["person"], row["sealed"] is not None)
        for row in await mentions_of(db, "roles")
    ]
    assert told == [
        ("reporter", 1, names.of(OTHER, ""), True),
        ("witness", 1, names.of(WITNESS, ""), False),
        ("witness", 2, names.of_mention("anmalan", "roles", "witness", 2), True),
    ]


async def test_who_has_no_number_is_a_person_of_this_report_alone(
    intake: Intake, db: asyncpg.Connection, keys: Keys
) -> None:
    for key in ("alone-1", "alone-2"):
        await tell(
            intake,
            {"ID": key, **KALLA, "MISSTANKT": SUSPECT},
            {"ID": key, "BROTTSKOD": "9440", **KALLA, "MISSTANKT": SUSPECT},
        )
    first, second = await pairs_of(db, "alone-1"), await pairs_of(db, "alone-2")
    names = Pseudonyms(keys)
    # The extract writes its people again on each row: they are one within the report, and two over reports.
    assert {row["victim"] for row in first} == {names.of_mention("anmalan", "alone-1", "victim", 1)}
    assert {row["victim"] for row in second} == {names.of_mention("anmalan", "alone-2", "victim", 1)}
    (mention,) = await mentions_of(db, "alone-1")
    assert (mention["role"], mention["number"]) == ("victim", 1)
    assert orjson.loads(keys.open(mention["sealed"], mention["key_id"])) == {
        "name": "Målina Kanariesson", "born": "1891-03-12", "sex": "female", "phone": "070-0000001",
        "street": "Kanariegatan 1", "postcode": "131 00",
    }  # fmt: skip


async def test_a_corrected_name_is_a_new_version_of_the_same_person(
    intake: Intake, db: asyncpg.Connection
) -> None:
    await tell(intake, {"ID": "name", **KALLA})
    same = await tell(
        intake, {"ID": "name", **KALLA, "MALSAGANDE_NAMN": "Målina Kanariesson "}, at=NOW + HOUR
    )
    assert same.unchanged == 1
    await tell(intake, {"ID": "name", **KALLA, "MALSAGANDE_NAMN": "Malena Ny"}, at=NOW + 2 * HOUR)
    first, second = await mentions_of(db, "name")
    assert first["person"] == second["person"]
    assert first["key_id"] != second["key_id"]


async def test_a_later_number_takes_the_place_of_the_mention(
    intake: Intake, db: asyncpg.Connection, keys: Keys
) -> None:
    await tell(intake, {"ID": "later", **KALLA, "MISSTANKT_NAMN": "Okänd Man"})
    await tell(
        intake, {"ID": "later", **KALLA, "MALSAGANDE": VICTIM, "MISSTANKT_NAMN": "Okänd Man"}, at=NOW + HOUR
    )
    first, second = await pairs_of(db, "later")
    names = Pseudonyms(keys)
    assert second["victim"] == names.of(VICTIM, "")
    assert first["suspect"] == second["suspect"] == names.of_mention("anmalan", "later", "suspect", 1)


async def test_two_people_of_one_role_are_two(intake: Intake, db: asyncpg.Connection) -> None:
    await tell(
        intake,
        {"ID": "two", **KALLA, "MISSTANKT_NAMN": "A"},
        {"ID": "two", "BROTTSKOD": "9440", **KALLA, "MALSAGANDE_NAMN": "Någon Annan", "MISSTANKT_NAMN": "A"},
    )
    rows = await pairs_of(db, "two")
    assert rows[0]["victim"] != rows[1]["victim"]
    assert rows[0]["suspect"] == rows[1]["suspect"]
    assert [(row["role"], row["number"]) for row in await mentions_of(db, "two")] == [
        ("suspect", 1), ("victim", 1), ("victim", 2),
    ]  # fmt: skip


async def test_nothing_that_is_told_of_people_lies_in_the_database_in_the_clear(
    intake: Intake, db: asyncpg.Connection
) -> None:
    await tell(intake, {"ID": "seal", **KALLA, "MALSAGANDE_NAMN": "Nina Zinkensdam", "MISSTANKT": SUSPECT})
    await tell(
        intake,
        {"ID": "seal-q", **KALLA, "MALSAGANDE_NAMN": "Nina Zinkensdam", "MISSTANKT": "18640823-3233"},
    )
    everything = await whole_database(db)
    for trace in traces(
        "Zinkensdam", "070-0000001", "Kanariegatan", "188807211175", "0721-1175", "0823-3233"
    ):
        assert trace not in everything


async def test_protection_erases_what_earlier_versions_told_of_people(
    intake: Intake, pool: Pool, db: asyncpg.Connection, keys: Keys
) -> None:
    await tell(intake, {"ID": "prot", **KALLA, "VITTNE": WITNESS, "VITTNE_NAMN": "Vittja"})
    before = await mentions_of(db, "prot")
    assert all(row["sealed"] for row in before)
    await tell(intake, {"ID": "prot", **KALLA, "VITTNE": WITNESS, "SKYDDAD": "J"}, at=NOW + HOUR)
    after = await mentions_of(db, "prot")
    assert len(after) > len(before)
    assert all(row["sealed"] is None and row["key_id"] is None for row in after)
    # The keys are gone too, so no copy of the database tells it either.
    assert keys.ring.many([row["key_id"] for row in before]) == {}
    assert {row["person"] for row in after} == {row["person"] for row in before}


async def test_an_archive_s_sighting_that_becomes_news_keeps_its_people(
    intake: Intake, db: asyncpg.Connection, keys: Keys
) -> None:
    """A, A, then B in between: the second A is a version, and names the same people."""
    a, b = {"ID": "aba", **KALLA}, {"ID": "aba", **KALLA, "MALSAGANDE_NAMN": "B"}
    await tell(intake, a, at=NOW, archive=True)
    await tell(intake, a, at=NOW + 2 * HOUR, archive=True)
    await tell(intake, b, at=NOW + HOUR, archive=True)
    told = [
        orjson.loads(keys.open(row["sealed"], row["key_id"]))["name"] for row in await mentions_of(db, "aba")
    ]
    assert told == ["Målina Kanariesson", "B", "Målina Kanariesson"]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"MALSAGANDE_FODD": "850312"}, "MALSAGANDE_FODD"),
        ({"MALSAGANDE_FODD": "1985-02-30"}, "MALSAGANDE_FODD"),
        ({"VITTNE_KON": "blå"}, "VITTNE_KON"),
        ({"VITTNE": "18910312-2042"}, "people.witness"),
        ({"ANMALARE": "18910312-T123"}, "people.reporter"),
    ],
)
async def test_what_cannot_be_read_of_a_person_waits_in_quarantine_masked(
    intake: Intake, db: asyncpg.Connection, cells: dict[str, Any], column: str
) -> None:
    receipt = await tell(intake, {"ID": f"q-{column}", **cells})
    assert receipt.quarantined == 1
    entry = (await quarantine.list_open(db, ANMALAN.name))[-1]
    assert entry.field == column
    assert not any(value in entry.value for value in cells.values())


async def test_following_a_report_shows_of_people_the_shape_only(db: asyncpg.Connection, keys: Keys) -> None:
    content = csv({"ID": "follow", **KALLA, "VITTNE": WITNESS, "ANMALARE_NAMN": "Anmäla Anka"})
    lines = "\n".join([line async for line in follow(db, ANMALAN, content, name="uttag", now=NOW, keys=keys)])
    assert "load " in lines
    assert "Xxxxxx" not in lines
    assert "xxxxxx xxxx" in lines
    told = re.sub(r"position \d+-\d+", "", lines)  # any digits may stand in that
    for secret in ("Målina", "Anka", "0312", "0000001", "Kanariegatan", "131 00", "4712"):
        assert secret not in told


@pytest.mark.parametrize(
    ("told", "kept"),
    [("1891", "1891"), ("1891-00-00", "1891"), ("18910300", "1891-03"), ("1891-03-12", "1891-03-12")],
)
async def test_a_birth_date_may_be_known_in_part(
    intake: Intake, db: asyncpg.Connection, keys: Keys, told: str, kept: str
) -> None:
    await tell(intake, {"ID": f"born-{told}", "MALSAGANDE_FODD": told})
    (mention,) = await mentions_of(db, f"born-{told}")
    assert orjson.loads(keys.open(mention["sealed"], mention["key_id"])) == {"born": kept}

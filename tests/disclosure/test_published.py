"""Every form that a partner sees says the same, and none holds what is hidden."""

from __future__ import annotations

import json
import pickle

from app.disclosure.ledger import Publications, publish
from app.disclosure.published import HIDDEN
from tests.disclosure.small import PIN, area_plan, counts_of

# 4711 stands for a count that must never leave; a neighbour of 1 hides it as a complement would be.
NUMBERS = [1, 3, 4711, 2, 20, 30, 41, 50]


def published():
    plan = area_plan()
    return publish(Publications(plan), "2026-01", counts_of(plan, NUMBERS), PIN)


def test_chart_table_tooltip_export_and_api_are_one():
    cube = published().cube("district")
    records, rows = cube.records(), cube.document()["rows"]
    assert [record["figure"] for record in records] == [row["figure"] for row in rows]
    hidden = [record for record in records if record["figure"] is None]
    assert hidden
    assert all(record["text"] == HIDDEN for record in hidden)
    assert all(record["text"] == str(record["figure"]) for record in records if record not in hidden)


def test_what_leaves_the_house_holds_no_hidden_count():
    publications = published()
    cube = publications.cube("district")
    secret = {number for number in NUMBERS if number not in {row.figure for row in cube.rows}}
    assert 4711 in secret
    kept = pickle.dumps(cube)
    for number in secret:
        assert all(row.figure != number for row in pickle.loads(kept).rows)  # noqa: S301 - our own bytes
    for form in (json.dumps(cube.document()), json.dumps(cube.records()), repr(cube)):
        assert "4711" not in form
    assert "4711" not in repr(publications)

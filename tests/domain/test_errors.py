"""What goes wrong is said in Swedish on a Swedish page: every sentence that a page can meet has its Swedish wording."""

from __future__ import annotations

import ast
import pickle
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.alerts.rule import FIELDS_SV, read_rule
from app.commands.alerts import Action
from app.config import ROOT
from app.domain.errors import BadInput, LagesbildError, TooMany
from app.domain.reasons import parse
from app.domain.window import Window
from dashboards import main
from dashboards.pages.larm.form import CHOICES, MANY, NUMBERS, rule_from, values_of

KINDS = {"LagesbildError", "BadInput", "NotFound", "NotAllowed", "TooMany", "Unavailable", "Overtaken"}
"""Those that a page can meet; a machine that lacks something and a file that cannot be read are met elsewhere."""
FOLDERS = ("app/domain", "app/alerts", "app/commands", "app/queries", "dashboards")
BESIDE = ("app/db.py", "app/house.py", "app/gate/limits.py")
ELSEWHERE = {
    *(
        f"app/commands/{name}.py" for name in ("passwords", "scopes", "tokens", "tries", "users")
    ),  # signing in, set-up
    "app/commands/suspicions.py",  # the API: what a court decided comes from another system
    "app/queries/users.py",  # the command line
    *(f"app/queries/{name}.py" for name in ("live", "tiles")),  # the API: the stream and the map's tiles
}
"""What no callback of a page calls. A new module is none of these: its sentences need Swedish, or a line here."""
AT_START = {"open_pool"}
"""Functions whose sentences are for whoever starts the server, before there is a page."""
FILES = sorted(
    {file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py")} | {ROOT / name for name in BESIDE}
)
MET = [file for file in FILES if str(file.relative_to(ROOT)) not in ELSEWHERE]


def without_swedish(source: str) -> list[int]:
    """The lines on which an error is made without a Swedish wording."""
    tree = ast.parse(source)
    skipped = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and function.name in AT_START
        for node in ast.walk(function)
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", None)) in KINDS
        and id(node) not in skipped
        and not any(one.arg == "sv" and getattr(one.value, "value", True) for one in node.keywords)
    ]


@pytest.mark.parametrize("file", MET, ids=lambda file: str(file.relative_to(ROOT)))
def test_what_a_page_can_meet_is_said_in_swedish(file: Path) -> None:
    assert without_swedish(file.read_text(encoding="utf-8")) == []


def test_a_sentence_without_swedish_is_found() -> None:
    made = (
        'raise BadInput("No.")\nraise errors.NotFound("No.", sv=None)\nraise TooMany("No.", 3, sv="Nej.")\n'
    )
    assert without_swedish(made) == [1, 2]


def test_what_no_page_meets_is_there() -> None:
    assert all((ROOT / name).is_file() for name in ELSEWHERE)


@pytest.mark.parametrize("file", sorted((ROOT / "dashboards").rglob("*.py")), ids=lambda file: file.stem)
def test_no_page_shows_the_english_sentence(file: Path) -> None:
    """It may be looked at for a word in it, which is not shown."""
    for line in file.read_text(encoding="utf-8").splitlines():
        assert "str(error)" not in line or '" in str(error)' in line


def test_an_error_is_said_in_the_language_that_is_asked_for() -> None:
    error = BadInput("Swap the two.", sv="Byt plats på dem.")
    assert (error.said("sv"), error.said("en"), str(error)) == (
        "Byt plats på dem.",
        "Swap the two.",
        "Swap the two.",
    )
    assert LagesbildError("Swap the two.").said("sv") == "Swap the two."
    late = TooMany("Wait.", 7, sv="Vänta.")
    assert (late.said("sv"), late.said("en"), late.retry_after_s) == ("Vänta.", "Wait.", 7)
    assert pickle.loads(pickle.dumps(error)).said("sv") == "Byt plats på dem."  # noqa: S301 - made here


def test_the_shell_is_given_both_wordings(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr(main, "set_props", lambda _, props: told.append(props["data"]))
    main.explain(BadInput("Swap the two.", sv="Byt plats på dem."))
    assert told == [{"key": "fault.input", "reason": "Swap the two.", "reason_sv": "Byt plats på dem."}]


CORNERS = {"kind": "geofence", "shape": "corners"}


def refused(change: dict[str, Any]) -> BadInput:
    with pytest.raises(BadInput) as caught:
        rule_from(values_of(None) | change)
    return caught.value


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"window_hours": 0}, "Fönster, timmar: det minsta är 1"),
        ({"window_hours": 9000}, "Fönster, timmar: det högsta är 8\N{NO-BREAK SPACE}784"),
        ({"window_hours": ""}, "Fönster, timmar: det ska vara ett heltal"),
        ({"window_hours": None}, "Fönster, timmar: det ska vara ett heltal"),
        ({"window_hours": 1.5}, "Fönster, timmar: det ska vara ett heltal"),
        ({"group_hours": ""}, "Ett och samma larm inom, timmar: det ska vara ett tal"),
        ({"kind": "deviation", "deviations": 0.1}, "Standardavvikelser: det minsta är 0,5"),
        ({"kind": "silence", "least_hours": 0}, "Minst, timmar: det minsta är 0,1"),
        ({"kind": "nothing"}, "Slag: välj på nytt"),
        ({"incidents": "letter"}, "Räknar: välj på nytt"),
        ({"areas": ["a b"]}, "Områden: välj på nytt"),
        ({"offences": ["a"] * 61}, "Brott: högst 60 går att välja"),
        ({"kind": "repeat", "incidents": "call"}, "bara anmälningar anger ett par"),
        (CORNERS | {"polygon": "18 59"}, "en gräns har minst tre hörn"),
        (CORNERS | {"polygon": "18\n19\n20"}, "Gränsen: något saknas"),
        (CORNERS | {"polygon": "18 59\n19 60\n19 59\n18 60"}, "gränsens sidor får inte korsa varandra"),
        ({"kind": "geofence", "lon": None}, "Punkten: det ska vara ett tal"),
        ({"kind": "geofence", "lat": 91}, "Punkten: det högsta är 90"),
    ],
)
def test_what_a_rule_lacks_is_said_in_swedish_as_the_form_calls_it(change: dict[str, Any], said: str) -> None:
    assert refused(change).said("sv") == f"Regeln går inte att göra: {said}."


def test_nothing_drawn_is_no_fence() -> None:
    assert refused(CORNERS).said("sv") == "Rita gränsen på kartan: minst tre hörn."


def test_a_fence_is_one_or_the_other() -> None:
    both = {"polygon": [[18, 59], [19, 59], [18, 60]], "point": [18, 59]}
    with pytest.raises(BadInput) as caught:
        read_rule({"kind": "geofence"}, both)
    assert caught.value.said("sv") == "Regeln går inte att göra: ange antingen hörn eller en punkt med radie."
    assert caught.value.said("en").endswith("a fence is either a polygon or a point with metres.")


def test_every_field_of_the_form_has_its_name() -> None:
    assert {*NUMBERS, *MANY, *CHOICES} - {"lon", "lat", "allowed"} <= FIELDS_SV.keys()


def test_ids_and_codes_stay_out_of_the_swedish() -> None:
    """Where the English lists ids, as the API takes them, the Swedish names what the page shows."""
    with pytest.raises(BadInput) as reason:
        parse("x")
    assert "Uppföljning av par" in reason.value.said("sv")
    with pytest.raises(BadInput) as days:
        Window(date(2026, 11, 24), date(2026, 11, 23))
    now = datetime(2026, 11, 24, tzinfo=UTC)
    with pytest.raises(BadInput) as act:
        Action("acknowledged", until=now + timedelta(hours=1)).check(now)
    for caught in (reason, days, act):
        assert not re.search(r"[a-z]+_[a-z]+|`", caught.value.said("sv"))

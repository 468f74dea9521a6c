"""The page Länkar's figures and forms: what is drawn of a proposal says what the linkage found, and nothing more."""

from __future__ import annotations

from typing import Any

import pytest

from app.config import ROOT
from app.domain.region import Region
from app.linkage.comparisons import FIELDS
from app.linkage.measured import BANDS, MODEL, tried
from app.linkage.model import read
from dashboards.components.text import TEXT as COMMON
from dashboards.pages.lankar import figures, form
from dashboards.pages.lankar.text import TEXT
from dashboards.words import LANGUAGES, Words

REGION = Region.read(ROOT / "geodata" / "regions" / "stockholm")
SV, EN = Words("sv", COMMON, TEXT), Words("en", COMMON, TEXT)
ROW: dict[str, Any] = {
    "proposal": "0d0c7a52-6d55-4c8c-9b8e-6e2f6b2f8d11",
    "probability": 0.962,
    "evidence": {
        "given": {"level": "slip", "bits": 7.26},
        "family": {"level": "other", "bits": -3.9},
        "born": {"level": "missing", "bits": 0.0},
        "where": {"level": "telephone, one digit", "bits": 14.3},
        "sex": {"level": "same", "bits": 1.0},
    },
    "model_version": MODEL,
    "proposed_at": "2026-11-24T05:12:00Z",
    "one": [
        {"uid": "4c9e5d1e-6a0b-4a53-9a1e-0c6f0f7b8f11", "role": "victim", "day": "2026-11-23", "district": "Järva"}
    ],
    "other": [],
}  # fmt: skip
DECIDED = {
    **ROW, "decision": "reject", "reason": "quality: tvillingar", "decided_at": "2026-11-24T06:40:00Z", "name": "Alva",
}  # fmt: skip


def said(root: Any) -> list[str]:
    """Every text in what is drawn, in its order."""
    if isinstance(root, (list, tuple)):
        return [text for item in root for text in said(item)]
    if isinstance(root, str):
        return [root] if root.strip() else []
    return said(getattr(root, "children", None) or [])


def bars(root: Any) -> list[Any]:
    if isinstance(root, (list, tuple)):
        return [found for item in root for found in bars(item)]
    own = [root] if hasattr(root, "data-side") else []
    return own + bars(getattr(root, "children", None) or [])


@pytest.mark.parametrize(
    ("bits", "begins", "ends"),
    [(0.0, 8, 8), (16.0, 8, 24), (-8.0, 0, 8), (4.0, 8, 12), (-2.0, 6, 8), (99.0, 8, 24), (-99.0, 0, 8)],
)
def test_a_bar_goes_from_the_line_to_its_weight_and_never_beyond_the_scale(
    bits: float, begins: float, ends: float
) -> None:
    left, width = figures.bar(bits)
    assert left == pytest.approx(100 * begins / 24)
    assert left + width == pytest.approx(100 * ends / 24)


@pytest.mark.parametrize(
    ("bits", "swedish", "english"),
    [
        (7.26, "+7,3", "+7.3"),
        (-3.1, "−3,1", "−3.1"),
        (0.0, "0,0", "0.0"),
        (-0.04, "0,0", "0.0"),
        (14.0, "+14,0", "+14.0"),
    ],
)
def test_a_weight_has_its_sign_beside_the_bar(bits: float, swedish: str, english: str) -> None:
    assert figures.signed(bits, "sv") == swedish
    assert figures.signed(bits, "en") == english


def test_each_field_stands_with_its_level_its_bar_and_its_number_in_words_too() -> None:
    drawn = figures.evidence(ROW["evidence"], SV)
    told = said(drawn)
    assert told[told.index("Förnamn") :][:4] == ["Förnamn", "skrivfel", "+7,3", "för"]
    assert told[told.index("Efternamn") :][:4] == ["Efternamn", "olika", "−3,9", "emot"]
    assert told[told.index("Födelsedag") :][:4] == [
        "Födelsedag",
        "saknas på någon sida",
        "0,0",
        "neutral",
    ]
    assert [getattr(bar, "data-side") for bar in bars(drawn)] == ["for", "against", "none", "for", "for"]
    widths = [float(bar.style["width"].rstrip("%")) for bar in bars(drawn)]
    assert widths == pytest.approx([100 * bits / 24 for bits in (7.26, 3.9, 0, 14.3, 1)], abs=0.01)


def test_a_field_and_a_level_of_a_later_model_are_told_by_their_own_names() -> None:
    assert said(figures.evidence({"eyes": {"level": "bluish", "bits": 1.5}}, SV))[-6:-1] == [
        "Vikt, bitar", "eyes", "bluish", "+1,5", "för",
    ]  # fmt: skip


def test_every_field_and_level_of_the_linkage_has_its_words() -> None:
    assert set(FIELDS) == set(figures.FIELDS)
    names = {"missing"} | {
        level.name for levels in FIELDS.values() for level in levels if level.name != "null"
    }
    wanted = {f"link.level_{figures.slug(name)}" for name in names} | {
        f"link.field_{name}" for name in FIELDS
    }
    assert wanted <= TEXT.keys()
    assert {key for key in TEXT if key.startswith(("link.level_", "link.field_"))} == wanted
    assert len({figures.slug(name) for name in names}) == len(names)


def test_how_sure_it_is_is_said_of_what_was_tried_and_of_no_other_model() -> None:
    model = read()
    assert model.version == MODEL, "measure the new model by probability, and tell app/linkage/measured.py"
    assert BANDS[0].at_least == model.propose_from
    assert [band.at_least for band in BANDS] == sorted(band.at_least for band in BANDS)
    assert all(band.at_least - 0.02 <= band.right / band.of <= 1 for band in BANDS)
    assert tried(0.962, MODEL) == (0.95, 98, 100)
    assert tried(0.7, MODEL) == BANDS[0]
    assert tried(1.0, MODEL) == BANDS[-1]
    assert tried(0.69, MODEL) is None
    assert tried(0.962, "99") is None


@pytest.mark.parametrize(
    ("probability", "begins"),
    [
        (0.71, "Kanske samma person: 90 av 100 sådana"),
        (0.962, "Sannolikt samma person: 98 av 100 sådana"),
        (0.995, "Mycket sannolikt samma person: 993 av 1\u00a0000 sådana"),
        (0.99999, "Mycket sannolikt samma person: 9\u00a0998 av 10\u00a0000 sådana"),
    ],
)
def test_the_probability_is_said_in_words(probability: float, begins: str) -> None:
    told = said(figures.describe({**ROW, "probability": probability}, REGION, SV))
    assert [text for text in told if text.startswith(begins)]
    assert [text for text in told if "säger inget om vad någon har gjort" in text]


def test_of_a_model_that_was_not_tried_its_own_probability_is_all_that_is_said() -> None:
    told = said(figures.describe({**ROW, "model_version": "99"}, REGION, SV))
    assert "Sannolikhet för samma person enligt modell 99: 96,2\u00a0%." in [
        text.replace(" %", "\u00a0%") for text in told
    ]
    assert not [text for text in told if "i prov" in text]


def test_near_certainty_is_not_told_as_certainty() -> None:
    assert figures.percent(0.999999, "sv") == "> 99,9 %"
    assert figures.percent(0.9994, "sv") == "99,9 %"
    assert figures.percent(0.7, "en") == "70.0 %"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_decision_is_told_with_who_when_and_why(language: Any) -> None:
    words = Words(language, COMMON, TEXT)
    told = " ".join(said(figures.describe(DECIDED, REGION, words)))
    assert words["link.is_reject"] in told
    assert "Alva" in told
    assert f"{words['reason.of_quality']} – tvillingar" in told


def test_a_side_without_a_report_says_so() -> None:
    told = said(figures.describe(ROW, REGION, EN))
    assert EN["link.no_reports"] in told
    assert told[told.index("The one") :][5:9] == ["Mon 23 Nov 2026", "victim", "Järva", "4c9e5d"]


def listed(*names: str) -> dict[str, Any]:
    rows = [{**ROW, "proposal": name, "probability": 0.7 + place / 10} for place, name in enumerate(names)]
    return {"rows": rows, "decided": [{**DECIDED, "proposal": "old"}], "waiting": len(rows), "rest": None}


def test_proposals_stand_in_the_order_that_was_read() -> None:
    told = listed("a", "b", "c")
    drawn = figures.rows(told, REGION, SV, "b")
    buttons = [item.children for item in drawn]
    assert [button.id["proposal"] for button in buttons] == ["a", "b", "c"]
    assert [getattr(button, "aria-current", None) for button in buttons] == [None, "true", None]
    assert not [text for text in said(drawn) if "%" in text or "," in text.replace("2026", "")]


@pytest.mark.parametrize(("judged", "then"), [("a", "b"), ("b", "c"), ("c", "b"), ("old", "a")])
def test_after_a_decision_the_next_one_opens(judged: str, then: str) -> None:
    assert form.after(listed("a", "b", "c"), judged) == then


def test_after_the_last_decision_nothing_opens() -> None:
    assert form.after(listed("a"), "a") is None


def test_what_is_open_is_found_among_what_waits_and_what_was_decided() -> None:
    told = listed("a", "b")
    assert form.find(told, "b") == told["rows"][1]
    assert form.find(told, "old") == told["decided"][0]
    assert form.find(told, "c") is None
    assert form.find(None, "a") is None


@pytest.mark.parametrize(
    "text", ["", "kort", "aaaaaaaaaaaa", "hon har 18620304-0123", "nr 620304 0123 enligt syster"]
)
def test_a_decision_needs_a_reason_that_says_something_and_names_nobody(text: str) -> None:
    assert form.unfit(text, SV) != ""


def test_a_good_reason_will_do() -> None:
    assert form.unfit("samma telefon och gata enligt utredaren", SV) == ""

"""What may be kept as a view: an address of a page here, and nothing that signs in, leads away or names a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.address import kept_address, kept_name
from app.domain.errors import BadInput


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("/", "/"),
        ("/?lang=sv&theme=dark", "/"),
        ("/omrade?area=lpo-sodermalm&window=7d&lang=en", "/omrade?area=lpo-sodermalm&window=7d"),
        ("/?offence=misshandel,%C3%B6vrigt&map=18.0686,59.3293,11",) * 2,
        ("/?known_at=2026-11-24T06:00:00.000Z&since=2026-11-24T05:00:00.000Z",) * 2,
        ("/?incident=4c9e5d1e-6a0b-4a53-9a1e-0c6f0f7b8f11",) * 2,
        ("/utveckling?split=area&measure=harm",) * 2,
    ],
)  # fmt: skip
def test_an_address_of_a_page_is_kept_without_its_readers_own_tastes(given_: str, kept: str) -> None:
    assert kept_address(given_) == kept
    assert kept_address(kept) == kept


@pytest.mark.parametrize(
    "wrong",
    [
        "", "omrade", "//evil.example/x", "https://evil.example/", "/\\evil.example", "/omrade/../login", "/Omrade",
        "/?next=https://evil.example", "/?next=//evil.example", "/#x", "/?a=1#x", "javascript:alert(1)", "/?a=<b>",
        "/login?x=1&login=abc", "/?token=abc", "/?code=1&state=2", "/?session=x", "/?pair=Qm5uYV9vY2g", "/?log=4",
        "/?x=" + "A1b2C3d4" * 5, "/?area=19121212-1212", "/?area=1212121212", "/?area=a&area=b", "/?=x", "/?a",
        "/?a=%00", "/?a=%0d%0aSet-Cookie:x", "/?a=" + "x " * 300, "/" + "a" * 3000, "/?A=1", "/?a=%ff",
    ],
)  # fmt: skip
def test_anything_else_is_refused_in_a_sentence(wrong: str) -> None:
    with pytest.raises(BadInput, match=r"\.$"):
        kept_address(wrong)


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_given_what_is_kept_leads_nowhere_else(path: str, query: str) -> None:
    for text in (path, f"/{path}", f"/?{query}", f"/{path}?a={query}"):
        try:
            kept = kept_address(text)
        except BadInput:
            continue
        assert kept.startswith("/")
        assert not kept.startswith("//")
        assert kept.isascii()
        assert kept.isprintable()
        assert not set(kept) & set(' "<>\\#')
        assert "//" not in kept
        assert kept_address(kept) == kept


@pytest.mark.parametrize(
    "name", ["", "   ", "x" * 81, "a\x00b", "\u202eabc", "Par 19121212-1212", "1212121212"]
)
def test_a_name_is_short_and_of_nobody(name: str) -> None:
    with pytest.raises(BadInput):
        kept_name(name)


def test_a_name_is_kept_on_one_line() -> None:
    assert kept_name("  Natten\n på   Södermalm ") == "Natten på Södermalm"

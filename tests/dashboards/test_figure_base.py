"""The frame of the measures' figures: readable in both themes, told apart without colour, written in the language."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.domain.measure import Sentence
from dashboards.components.figures.base import (
    LOOKS,
    Theme,
    blank,
    day_axis,
    day_label,
    diverging,
    faint,
    look,
    refused,
    sequential,
    series,
    wrapped,
)

THEMES: tuple[Theme, ...] = ("light", "dark")


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_what_is_drawn_stands_out_from_its_ground_and_what_is_written_more(theme: Theme):
    colours = look(theme)
    for ground in (colours.card, colours.raised):
        assert contrast(colours.text, ground) >= 7
        assert contrast(colours.soft, ground) >= 4.5
        drawn = (
            colours.observed,
            colours.expected,
            colours.notable,
            colours.provisional,
            colours.good,
            *colours.series,
        )
        assert [colour for colour in drawn if contrast(colour, ground) < 3] == []


@pytest.mark.parametrize("theme", THEMES)
def test_series_are_told_apart_without_their_colour(theme: Theme):
    six = [series(number, theme) for number in range(6)]
    assert (
        len({one.symbol for one in six})
        == len({one.dash for one in six})
        == len({one.colour for one in six})
        == 6
    )
    many = [series(number, theme) for number in range(30)]
    assert len(set(many)) == 30
    assert len(LOOKS) == len(THEMES)


@pytest.mark.parametrize("theme", THEMES)
def test_scales_hold_in_grey(theme: Theme):
    light = [luminance(colour) for _, colour in sequential(theme)]
    assert light == sorted(light, reverse=theme == "light")
    assert [place for place, _ in sequential(theme)] == [0, 0.25, 0.5, 0.75, 1]
    less, _, middle, _, more = (luminance(colour) for _, colour in diverging(theme))
    assert (less - middle) * (more - middle) > 0, "both ends differ from the middle to the same side"
    assert faint("#0b5cad", 0.25) == "rgba(11,92,173,0.25)"


def test_figures_are_written_as_the_language_writes_them():
    title = (
        Sentence("31 anmälningar.", "31 reports."),
        Sentence("Det är fler än vanligt.", "More than usual."),
    )
    swedish = blank("sv", "dark", x=Sentence("Vecka", "Week"), title=title)
    english = blank("en", "light", x=Sentence("Vecka", "Week"), title=title)
    assert swedish.layout.separators == ",\u00a0"
    assert english.layout.separators == ".,"
    assert swedish.layout.xaxis.title.text == "Vecka"
    assert english.layout.title.text == "31 reports. More than usual."
    assert swedish.layout.paper_bgcolor == swedish.layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert blank("sv", "dark").layout.title.text is None


def test_a_refusal_is_said_where_the_figure_would_be():
    figure = refused(
        "sv", "light", Sentence("För få fall för att säga något.", "Too few cases to say anything.")
    )
    assert [note.text for note in figure.layout.annotations] == ["För få fall för att säga något."]
    assert figure.layout.xaxis.visible is figure.layout.yaxis.visible is False


def test_words_are_broken_into_lines_and_never_within_a_figure():
    text = wrapped("Det var 1\u00a0234 anmälningar i region Stockholm under förra året.", 20)
    assert all(len(line) <= 20 for line in text.split("<br>"))
    assert "1\u00a0234" in text


@pytest.mark.parametrize("length", [1, 5, 9, 30, 200, 400, 1900, 9000])
def test_days_have_a_few_ticks_in_words_of_the_language(length: int):
    days = [date(2024, 2, 27) + timedelta(days=number) for number in range(length)]
    axis = day_axis(days, "sv")
    assert 1 <= len(axis["tickvals"]) <= 9
    assert len(axis["tickvals"]) == len(axis["ticktext"])
    assert all(days[0].isoformat() <= tick <= days[-1].isoformat() for tick in axis["tickvals"])
    assert not any(word in " ".join(axis["ticktext"]) for word in ("May", "Oct", "Dec"))
    assert day_axis([day.isoformat() for day in days], "sv") == axis
    assert day_axis([], "sv") == {}
    assert day_label("2026-10-05", "sv") == "5 okt 2026"
    assert day_label(date(2026, 10, 5), "en", year=False) == "5 Oct"

"""Swedish text: months, slugs, and names written in many ways."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MONTHS = {
    name: number
    for number, name in enumerate(
        (
            "januari",
            "februari",
            "mars",
            "april",
            "maj",
            "juni",
            "juli",
            "augusti",
            "september",
            "oktober",
            "november",
            "december",
        ),
        start=1,
    )
}

_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_POLICE_AREA = re.compile(r"^(?:lpo|lokalpolisområde[t]?)\s+|\s+(?:lpo|lokalpolisområde[t]?)$", re.IGNORECASE)
_KOMMUN = re.compile(r"^(.*?[^s\s])s?\s+(?:kommun|stad)$", re.IGNORECASE)
_EXACT_KOMMUN = {
    "stockholms stad": "Stockholm",
    "region gotland": "Gotland",
    "gotlands kommun": "Gotland",
    "solna stad": "Solna",
    "lidingö stad": "Lidingö",
    "vaxholms stad": "Vaxholm",
    "sundbybergs stad": "Sundbyberg",
}


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """``text`` without case, accents and everything that is not a letter or digit: to compare column names."""
    return _NOT_PLAIN.sub("", _without_accents(text))


@lru_cache(maxsize=8192)
def slug(text: str) -> str:
    """``text`` as a code: "Mord/dråp, försök" becomes ``mord-drap-forsok``."""
    return _NOT_PLAIN.sub("-", _without_accents(text)).strip("-")


def _without_accents(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in folded if not unicodedata.combining(char))


def tidy(text: str) -> str:
    """``text`` with every run of white space, also non-breaking, as one blank, and none at the ends."""
    return " ".join(text.split())


@lru_cache(maxsize=1024)
def kommun_name(text: str) -> str:
    """A kommun's name as the map knows it: "STOCKHOLMS KOMMUN" and "Stockholms stad" become "Stockholm".

    A four-digit code is left as it is ("180" from a spreadsheet becomes "0180"). What is not understood is
    returned tidied: the map then says that it knows no such area.
    """
    name = tidy(text)
    if name.isdigit():
        return name.zfill(4)
    low = name.casefold()
    if low in _EXACT_KOMMUN:
        return _EXACT_KOMMUN[low]
    if found := _KOMMUN.match(name):
        name = found[1]
    return name.title() if name.isupper() or name.islower() else name


@lru_cache(maxsize=1024)
def police_area_name(text: str) -> str:
    """A lokalpolisområde's bare name: "LPO Södermalm" and "Lokalpolisområde Södermalm" become "Södermalm"."""
    return tidy(_POLICE_AREA.sub("", tidy(text)))

"""What the calls are about: types of the offence catalogue, how many, at what hours, where, how urgent.

The mix is an assumption that leans on no published table: traffic, disturbances and checks make most of the volume,
calls about violence and rows between people who are close some six in a hundred.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from etl.feeds.demo.offences import NUMBER as GROUP
from etl.feeds.demo.shape import hours

if TYPE_CHECKING:
    from etl.feeds.demo.shape import Floats


@dataclass(frozen=True)
class CallType:
    """``share`` of all calls; ``profile`` of hours; ``public``: happens in town rather than at homes.

    ``urgent`` is the share with priority 1 (the others have 2 to 4); ``found`` by a patrol, which registers it when it
    is over; ``graver`` the type that it turns out to be when that is corrected.
    """

    name: str
    share: float
    profile: str
    public: bool
    urgent: float
    minutes: float
    found: bool = False
    graver: str = ""


TYPES = (
    CallType("Lägenhetsbråk", 2.2, "domestic", False, 0.45, 55, graver="Misshandel i relation"),
    CallType("Bråk i relation", 1.1, "domestic", False, 0.50, 60, graver="Misshandel i relation"),
    CallType("Misshandel i relation", 0.7, "domestic", False, 0.85, 110),
    CallType("Familjebråk", 1.0, "domestic", False, 0.40, 55, graver="Bråk i relation"),
    CallType("Överträdelse av kontaktförbud", 0.3, "domestic", False, 0.45, 60),
    CallType("Oro för närstående", 3.4, "even", False, 0.25, 50),
    CallType("Psykisk ohälsa", 5.5, "even", False, 0.35, 75),
    CallType("Försvunnen person", 1.8, "even", False, 0.30, 120),
    CallType("Barn som far illa", 0.9, "day", False, 0.25, 80, graver="Misshandel i relation"),
    CallType("Misshandel", 2.6, "night", True, 0.80, 70, graver="Rån"),
    CallType("Hot", 3.2, "domestic", True, 0.40, 55, graver="Misshandel"),
    CallType("Ofredande", 1.6, "domestic", True, 0.15, 40, graver="Hot"),
    CallType("Våldtäkt", 0.25, "night", False, 0.85, 150),
    CallType("Rån", 0.7, "night", True, 0.90, 80),
    CallType("Skottlossning", 0.06, "night", True, 1.0, 240),
    CallType("Inbrott", 3.2, "day", False, 0.20, 60),
    CallType("Stöld", 9.5, "day", True, 0.06, 40, graver="Rån"),
    CallType("Skadegörelse", 3.4, "night", True, 0.08, 35),
    CallType("Narkotikabrott", 4.2, "night", True, 0.05, 55, found=True),
    CallType("Fylleri", 6.8, "night", True, 0.12, 45, found=True),
    CallType("Ordningsstörning", 9.2, "night", True, 0.12, 35, graver="Misshandel"),
    CallType("Larm", 4.2, "even", True, 0.35, 30, graver="Inbrott"),
    CallType("Trafikolycka", 7.5, "traffic", True, 0.45, 60),
    CallType("Trafikbrott", 9.6, "traffic", True, 0.08, 40, found=True),
    CallType("Kontroll", 10.5, "day", True, 0.01, 25, found=True),
    CallType("Övrigt", 6.6, "even", True, 0.05, 30),
)
NAMES = tuple(kind.name for kind in TYPES)
NUMBER = {name: number for number, name in enumerate(NAMES)}
PUBLIC = np.array([kind.public for kind in TYPES])
URGENT = np.array([kind.urgent for kind in TYPES])
MINUTES = np.array([kind.minutes for kind in TYPES])
FOUND = np.array([kind.found for kind in TYPES])
GRAVER = np.array([NUMBER.get(kind.graver, -1) for kind in TYPES])
DOMESTIC = np.array(
    [number for number, kind in enumerate(TYPES) if kind.profile == "domestic" and not kind.public]
)
SHARES = np.array([kind.share for kind in TYPES]) / sum(kind.share for kind in TYPES)


def _tables() -> tuple[Floats, Floats]:
    """For each weekday the cumulative chance of (type, hour), of all calls and of the domestic ones alone."""
    cells = np.stack([hours(kind.profile) * share for kind, share in zip(TYPES, SHARES, strict=True)], axis=1)
    domestic = np.where(np.isin(np.arange(len(TYPES)), DOMESTIC)[None, :, None], cells, 0.0)
    every, some = (np.cumsum(table.reshape(7, -1), axis=1) for table in (cells, domestic))
    return every / every[:, -1:], some / some[:, -1:]


CUMULATIVE, CUMULATIVE_DOMESTIC = _tables()

# What the caller says when the police later write a report of this kind: between couples, among kin.
_ABOUT = {
    "ofredande": ("Ofredande", "Ofredande"),
    "olaga_hot": ("Hot", "Hot"),
    "kontaktforbud": ("Överträdelse av kontaktförbud", "Överträdelse av kontaktförbud"),
    "misshandel_ute": ("Misshandel", "Misshandel"),
    "grov_misshandel": ("Misshandel i relation", "Misshandel"),
    "mordforsok": ("Misshandel", "Misshandel"),
    "valdtakt": ("Våldtäkt", "Våldtäkt"),
    "olaga_tvang": ("Hot", "Hot"),
}
ABOUT = np.array(
    [[NUMBER[name] for name in _ABOUT.get(group, ("Lägenhetsbråk", "Familjebråk"))] for group in GROUP],
    np.int64,
)
"""Type of call by offence group and, second, whether the two are kin."""

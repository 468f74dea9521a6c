"""What is reported: offence groups, their codes by relation, how often and how late.

Codes are BRÅ's (domain A1). The mix is ours, leaning on published orders of magnitude: 8,819 assaults in couple
relationships against women and 1,707 against men in the country in 2019 (SCB), most of them not aggravated; about 750
offences a month against women in couples in the region (polisen.se). A grave offence is drawn without regard to the
history of the pair: the highest harm often has none (Bland & Ariel 2015: over half of those dyads had no prior
contact). Reporting delays by group are assumptions; that sexual offences are reported late and violence the same day is
general experience.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from etl.feeds.demo.clock import Ints

COUPLE_WOMAN, COUPLE_MAN, KIN_WOMAN, KIN_MAN = range(4)
RELATIONS = ("parrelation", "parrelation", "slakt", "slakt")
RELATION_SHARES = np.array([0.745, 0.115, 0.085, 0.055])
VICTIM_IS_MAN = np.array([0, 1, 0, 1])


@dataclass(frozen=True)
class Group:
    """One kind of offence.

    ``codes`` by relation as above; ``shares`` its part of the main offences by relation; ``same_day`` the share that
    is reported within hours; ``late_days`` the median delay of the others; ``mistaken_for`` what it is first entered
    as when the code is later corrected; ``call_share`` how often somebody has called the police at the time.
    """

    name: str
    codes: tuple[str, str, str, str]
    shares: tuple[float, float, float, float]
    same_day: float
    late_days: float
    call_share: float
    mistaken_for: str
    outdoors: bool = False
    online: bool = False


GROUPS = (
    Group("ofredande", ("9456", "9460", "9457", "9461"), (15, 18, 20, 19), 0.62, 4, 0.12, "olaga_hot"),
    Group("olaga_hot", ("9440", "9444", "9441", "9445"), (16, 15, 24, 25), 0.66, 3, 0.30, "ofredande"),
    Group(
        "olaga_hot_internet",
        ("9432", "9436", "9433", "9437"), (3, 3, 3, 3), 0.45, 5, 0.0, "olaga_hot", online=True,
    ),
    Group("misshandel_inne", ("9365", "9369", "9381", "9385"), (38, 44, 34, 34), 0.82, 2, 0.66, "ofredande"),
    Group(
        "misshandel_ute",
        ("9357", "9361", "9373", "9377"), (5, 7, 5, 7), 0.84, 2, 0.60, "misshandel_inne", outdoors=True,
    ),
    Group("kontaktforbud", ("4090", "4094", "4091", "4095"), (6, 3, 2, 2), 0.70, 2, 0.35, "ofredande"),
    Group("olaga_forfoljelse", ("9424", "9428", "9425", "9429"), (1.2, 0.7, 0.5, 0.5), 0.30, 9, 0.05, "ofredande"),
    Group("olaga_tvang", ("9416", "9420", "9417", "9421"), (1.3, 0.8, 1.5, 1), 0.50, 6, 0.15, "olaga_hot"),
    Group("sexuellt_ofredande", ("9691", "9695", "9692", "9696"), (0.8, 0.4, 1, 0.4), 0.35, 11, 0.08, "ofredande"),
    Group("fridskrankning", ("0412", "9403", "9402", "9404"), (5, 2, 3, 2), 0.40, 6, 0.25, "misshandel_inne"),
    Group(
        "frihetsberovande", ("9408", "9412", "9409", "9413"), (0.7, 0.3, 0.5, 0.3), 0.60, 4, 0.45, "olaga_tvang"
    ),
    Group("valdtakt", ("9635", "9651", "9636", "9652"), (4.2, 0.5, 1.5, 0.5), 0.30, 14, 0.15, "misshandel_inne"),
    Group("grov_misshandel", ("9367", "9371", "9383", "9387"), (3.3, 4.5, 3.3, 4.5), 0.88, 1, 0.80, "misshandel_inne"),
    Group("mordforsok", ("9393", "0326", "9394", "0327"), (0.25, 0.3, 0.3, 0.4), 0.97, 1, 0.95, "grov_misshandel"),
)  # fmt: skip
NAMES = tuple(group.name for group in GROUPS)
NUMBER = {name: number for number, name in enumerate(NAMES)}
CODES = np.array([group.codes for group in GROUPS])
MISTAKEN_FOR = np.array([NUMBER[group.mistaken_for] for group in GROUPS])
SAME_DAY = np.array([group.same_day for group in GROUPS])
LATE_DAYS = np.array([group.late_days for group in GROUPS])
CALL_SHARE = np.array([group.call_share for group in GROUPS])
OUTDOORS = np.array([group.outdoors for group in GROUPS])
ONLINE = np.array([group.online for group in GROUPS])
CUMULATIVE = np.cumsum([group.shares for group in GROUPS], axis=0) / np.sum(
    [group.shares for group in GROUPS], axis=0
)

LADDER = np.array([NUMBER[name] for name in ("ofredande", "olaga_hot", "misshandel_inne", "grov_misshandel")])
"""The rungs of a pair whose reports get graver."""

# A second offence of the same report: (group, companion, share of reports).
COMPANIONS = (
    ("misshandel_inne", "olaga_hot", 0.20),
    ("misshandel_ute", "olaga_hot", 0.15),
    ("olaga_hot", "ofredande", 0.12),
    ("grov_misshandel", "olaga_hot", 0.30),
    ("valdtakt", "misshandel_inne", 0.18),
    ("frihetsberovande", "misshandel_inne", 0.40),
    ("kontaktforbud", "ofredande", 0.20),
)
COMPANION = np.full(len(GROUPS), -1)
COMPANION_SHARE = np.zeros(len(GROUPS))
for _group, _companion, _share in COMPANIONS:
    COMPANION[NUMBER[_group]] = NUMBER[_companion]
    COMPANION_SHARE[NUMBER[_group]] = _share

CHILD_CODES = ("9495", "9496")
"""Barnfridsbrott: a girl, a boy who saw it."""

CHILD_SHARE = 0.13
"""Of reports of violence indoors between couples: a child was there and is a victim too."""

VIOLENCE = np.isin(np.array(NAMES), ["misshandel_inne", "grov_misshandel", "mordforsok"])


def draw_main(rng: np.random.Generator, relation: Ints) -> Ints:
    """The main offence group of each event, by the pair's relation."""
    draws = rng.random(len(relation))
    main: Ints = np.minimum((draws > CUMULATIVE[:, relation]).sum(axis=0), len(GROUPS) - 1).astype(np.int64)
    return main

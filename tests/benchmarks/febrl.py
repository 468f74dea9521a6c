"""A benchmark in the schema of FEBRL's data sets, generated: nothing of the originals is in it.

FEBRL (Christen 2008) writes records of people in Australia and duplicates of them, with modified fields. Here the same
columns and kinds of modification are made anew from small lists; ``soc_sec_id`` is there and is not used, as it would
tell all. P. Christen: Febrl, an open source data cleaning, deduplication and record linkage system. KDD 2008.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from app.linkage.normal import FIELDS
from app.linkage.planted import slip

WORDS = """
joshua emily jack isabella lachlan charlotte thomas sophie william olivia james jessica benjamin georgia samuel chloe
daniel hannah nicholas sarah matthew ella ethan mia liam grace riley ruby harrison zoe alexander amelia luke lucy jacob
matilda oliver imogen mitchell holly dylan abbey jordan madison connor lily kyle caitlin hamish tahlia angus bethany
bailey laura zachary paige callum erin cooper alana finn samantha noah eliza hugo alice jayden claire tyler rachael
max ebony logan brianna blake kayla adam lauren jake molly ryan amy brodie stephanie toby natasha sebastian nicole;
ash black brad camp clark cole dan den ed fair fern gil hart haw hol ken lang lin mar mid mor nor pem red;
ton ford ley well field wood son worth bury man more by ham stead wick land ridge gate bell croft;
Banksia Wattle Kurrajong Hopetoun Blackwood Ironbark Casuarina Boronia Melaleuca Lawson Paterson;
Street Crescent Place Circuit Close Avenue Road Court;
Wood Glen Mount River Lake Stone
"""
GIVEN, HEADS, TAILS, STREETS, TYPES, PLACES = (part.split() for part in WORDS.split(";"))
STATES = ("nsw", "vic", "qld", "sa", "wa", "tas", "act", "nt")
COLUMNS = (
    "rec_id", "given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode", "state",
    "date_of_birth", "soc_sec_id",
)  # fmt: skip
CHANGED = np.array([0.28, 0.26, 0.06, 0.18, 0.05, 0.17])
"""Of a duplicate's modifications the shares of given name, surname, number, street, postcode and date of birth."""


def febrl(seed: int, records: int) -> pd.DataFrame:
    """``records`` records, half of them duplicates of the other half with one or two modifications, in random order."""
    rng = np.random.default_rng(seed)
    originals = records - records // 2
    surnames = np.array([head + tail for head in HEADS for tail in TAILS], object)
    days = rng.integers(-25_500, 10_900, originals).astype("M8[D]").astype(str)
    given = np.array(GIVEN, object)
    ranks = 1 / (np.arange(len(given)) + 8)
    kinds = 1 / (np.arange(len(surnames)) + 15)
    street = np.array([f"{name} {kind}" for name in STREETS for kind in TYPES], object)
    frame = pd.DataFrame(
        {
            "given_name": rng.choice(given, originals, p=ranks / ranks.sum()),
            "surname": rng.permutation(surnames)[rng.choice(len(surnames), originals, p=kinds / kinds.sum())],
            "street_number": rng.integers(1, 350, originals).astype(str).astype(object),
            "address_1": rng.choice(street, originals),
            "address_2": np.where(rng.random(originals) < 0.3, "Rosetta Village", None),
            "suburb": rng.choice(
                np.array([head + tail for head in PLACES for tail in TAILS[:9]], object), originals
            ),
            "postcode": rng.integers(2000, 7900, originals).astype(str).astype(object),
            "state": rng.choice(np.array(STATES, object), originals),
            "date_of_birth": np.char.replace(days, "-", "").astype(object),
            "soc_sec_id": rng.integers(1_000_000, 9_999_999, originals).astype(str).astype(object),
        }
    )
    for name, share in (("given_name", 0.02), ("surname", 0.01), ("date_of_birth", 0.02), ("postcode", 0.0)):
        frame.loc[rng.random(originals) < share, name] = None
    doubles = frame.iloc[: records // 2].reset_index(drop=True)
    for _ in range(2):
        _modify(rng, doubles)
    person = np.r_[np.arange(originals), np.arange(records // 2)]
    told = [f"rec-{number}-org" for number in range(originals)] + [
        f"rec-{number}-dup-0" for number in range(records // 2)
    ]
    whole = pd.concat([frame, doubles], ignore_index=True).assign(rec_id=told, person=person)
    return whole.iloc[rng.permutation(records)].reset_index(drop=True)[[*COLUMNS, "person"]]


def _modify(rng: np.random.Generator, doubles: pd.DataFrame) -> None:
    """One modification of nine duplicates in ten, in one field: slips mostly, now and then it is left out."""
    count = len(doubles)
    which = np.where(rng.random(count) < 0.9, rng.choice(6, count, p=CHANGED), -1)
    names = ("given_name", "surname", "street_number", "address_1", "postcode", "date_of_birth")
    for place, name in enumerate(names):
        rows = np.flatnonzero(which == place)
        gone = rng.random(len(rows)) < 0.08
        values = doubles[name].to_numpy(object, copy=True)
        digits = name in {"street_number", "postcode", "date_of_birth"}
        values[rows] = [
            None if left or not isinstance(value, str) else _digit(rng, value) if digits else slip(rng, value)
            for left, value in zip(gone.tolist(), values[rows].tolist(), strict=True)
        ]
        doubles[name] = values
    exchanged = np.flatnonzero(rng.random(count) < 0.02)
    names_ = doubles[["given_name", "surname"]].to_numpy(object, copy=True)
    names_[exchanged] = names_[exchanged][:, ::-1]
    doubles[["given_name", "surname"]] = names_


def _digit(rng: np.random.Generator, text: str) -> str:
    place = int(rng.integers(len(text)))
    return text[:place] + str(int(rng.integers(10))) + text[place + 1 :]


def as_mentions(records: pd.DataFrame) -> pd.DataFrame:
    """The records as the linkage takes them, without ``soc_sec_id``; the truth (``person``) goes with them."""
    street = records["street_number"].fillna("") + " " + records["address_1"].fillna("")
    frame = pd.DataFrame(
        {
            "mention": np.arange(len(records)),
            "given": records["given_name"],
            "family": records["surname"],
            "born": records["date_of_birth"],
            "sex": None,
            "phone": None,
            "street": street.str.strip(),
            "postcode": records["postcode"],
            "person": records["person"],
        }
    )
    return frame[["mention", *FIELDS, "person"]]

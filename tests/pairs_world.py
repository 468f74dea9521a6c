"""A small made-up world of pairs: who reported whom, where and when; with numbers and words that must never come out.

Nobody was born in 18xx: the numbers pass every check and belong to nobody.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.db import Pool
from etl.feed import get_feed
from etl.keep import Keys
from etl.run import Intake

ZONE = ZoneInfo("Europe/Stockholm")
COLUMNS = (
    "ID;BROTTSKOD;ANTAL;BROTTSDATUMTID_START;BROTTSDATUMTID_SLUT;INSKRIVNINGSDATUM;KOMMUN;LATITUDE;LONGITUDE;"
    "SKYDDAD;STATUS;REGISTRERAD;MALSAGANDE;MISSTANKT;RELATION;GATA;GATUNR;MALSAGANDE_NAMN;MISSTANKT_NAMN;FRITEXT"
)
OWN, FOREIGN = (59.3137, 18.0745), (59.4040, 17.9440)  # Södermalm, Kista (Järva)
SECRET_STREET = "Hemliga stigen"
SECRET_TEXT = "hon bor numera hos sin syster"
NAMES = {"victim": "Vilhelmina Kanariefågel", "suspect": "Sixten Kanariefågel"}


def person(serial: int, *, man: bool = False) -> str:
    """A personnummer with a right check digit, of somebody who was born in 1862."""
    nine = f"620304{serial:02d}{1 if man else 2}"
    total = sum(
        sum(divmod(int(digit) * (2 if place % 2 == 0 else 1), 10)) for place, digit in enumerate(nine)
    )
    return f"18{nine[:6]}-{nine[6:]}{-total % 10}"


def report(
    number: int, days_ago: float, victim: str, suspect: str, *,
    place: tuple[float, float] = OWN, code: str = "9365", protected: str = "N", status: str = "Aktiv",
    street: str = "Götgatan", registered: datetime | None = None,
) -> str:  # fmt: skip
    """One row of the extract; days are counted back from noon, whatever the clocks did since."""
    noon = datetime.combine(datetime.now(ZONE).date(), time(12))
    happened = (noon - timedelta(days=days_ago)).replace(tzinfo=ZONE)
    known = (registered or happened + timedelta(hours=2)).astimezone(ZONE)
    lat, lon = (str(value).replace(".", ",") for value in place)
    return ";".join(
        [
            f"0201-K{number:06d}-26", code, "1", f"{happened:%Y-%m-%d %H:%M}",
            f"{happened + timedelta(minutes=10):%Y-%m-%d %H:%M}", f"{happened + timedelta(hours=1):%Y-%m-%d %H:%M}",
            "Stockholm", lat, lon, protected, status, known.isoformat(timespec="seconds"), victim, suspect, "sambo",
            street, "7", NAMES["victim"] if victim else "", NAMES["suspect"] if suspect else "", SECRET_TEXT,
        ]
    )  # fmt: skip


V = [person(number) for number in range(1, 9)]
S = [person(number + 20, man=True) for number in range(1, 9)]
PAIRS = {
    "everywhere": (V[0], S[0]),  # three reports, of which the second lies in Järva
    "foreign": (V[1], S[1]),  # Järva alone, with a breach of contact ban
    "plain": (V[2], S[2]),  # Södermalm alone, two reports, no flag but a follow-up that was not noted
    "hidden": (V[3], S[3]),  # one report of it is protected, in Järva
    "beside": (V[3], S[4]),  # the same victim with somebody else, in Södermalm, not protected by itself
    "court": (V[4], S[5]),  # two reports; the suspicion ends in some tests
    "moving": (V[5], S[6]),  # corrected and withdrawn in some tests
}
ROWS = [
    report(1, 40, *PAIRS["everywhere"]),
    report(2, 20, *PAIRS["everywhere"], place=FOREIGN),
    report(3, 2, *PAIRS["everywhere"]),
    report(4, 30, *PAIRS["foreign"], place=FOREIGN),
    report(5, 1.5, *PAIRS["foreign"], place=FOREIGN, code="4090"),
    report(6, 12, *PAIRS["plain"]),
    report(7, 10, *PAIRS["plain"]),
    report(8, 5, *PAIRS["hidden"]),
    report(9, 4, *PAIRS["hidden"], place=FOREIGN, protected="J", street=SECRET_STREET),
    report(10, 6, *PAIRS["beside"]),
    report(11, 3, *PAIRS["beside"]),
    report(12, 9, *PAIRS["court"]),
    report(13, 8, *PAIRS["court"]),
    report(14, 7, *PAIRS["moving"]),
    report(15, 6.5, *PAIRS["moving"]),
]
CANARIES = [
    *(number for pair in PAIRS.values() for number in pair),
    *(number.replace("-", "") for pair in PAIRS.values() for number in pair),
    *(number[2:] for pair in PAIRS.values() for number in pair),
    *(f"K{number:06d}" for number in range(1, 16)),
    SECRET_STREET, SECRET_TEXT, *NAMES.values(), "Kanariefågel",
]  # fmt: skip


async def load(pool: Pool, keys: Keys, rows: list[str] | None = None) -> None:
    """Load the world, each report known since two hours after it happened."""
    now = datetime.now(UTC)
    content = "\n".join([COLUMNS, *(ROWS if rows is None else rows)]).encode()
    receipt = await Intake(pool, keys).ingest(
        get_feed("anmalan"), content, name=f"world {now.isoformat()}", fetched_at=now, archive=rows is None
    )
    assert receipt.quarantined == 0, receipt
    assert receipt.read == receipt.loaded, receipt

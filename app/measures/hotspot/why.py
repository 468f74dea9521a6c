"""What local_g says in words, of the map and of one place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.domain.measure import Sentence
from app.domain.words import AREA, Language, counted, number, percent

if TYPE_CHECKING:
    from app.measures.hotspot.local_g_model import LocalGResult

EQUAL = Sentence(
    "Alla områden har samma värde, så inget kan sticka ut.",
    "All areas have the same value, so nothing can stand out.",
)
NAMED = 5
"""How many areas a sentence names at most."""


def say(result: LocalGResult) -> tuple[Sentence, ...]:
    """How many areas stand out, how many of them are expected to be false, and what could not be said."""
    if result.refusal is not None:
        return (result.refusal,)
    tested = sum(verdict not in {None, "too few"} for verdict in result.called)
    hot = [name for name, verdict in zip(result.i, result.called, strict=True) if verdict == "hot"]
    cold = [name for name, verdict in zip(result.i, result.called, strict=True) if verdict == "cold"]
    said = [
        stands_out(
            hot, tested, Sentence("högt tillsammans med sina grannar", "high together with their neighbours")
        )
    ]
    if cold:
        said.append(
            stands_out(
                cold,
                tested,
                Sentence("lågt tillsammans med sina grannar", "low together with their neighbours"),
            )
        )
    if hot or cold:
        said.append(expected_false(result.q))
    said += too_few_areas(sum(verdict == "too few" for verdict in result.called))
    if result.place is not None:
        said.append(result.place.why)
    return tuple(said)


def stands_out(names: Sequence[str], tested: int, how: Sentence) -> Sentence:
    """Which areas stand out."""
    if not tested:
        return Sentence("Inget område kunde prövas.", "No area could be tested.")
    if not names:
        return Sentence(
            f"Inget av {number(tested, 'sv')} prövade områden ligger {how.sv}. Skillnaderna kan vara slump.",
            f"Not one of {number(tested, 'en')} tested areas lies {how.en}. The differences could be chance.",
        )
    return Sentence(
        f"{number(len(names), 'sv')} av {number(tested, 'sv')} prövade områden ligger {how.sv}: "
        f"{_named(names, 'fler')}.",
        f"{number(len(names), 'en')} of {number(tested, 'en')} tested areas {'lies' if len(names) == 1 else 'lie'} "
        f"{how.en}: {_named(names, 'more')}.",
    )


def expected_false(q: float) -> Sentence:
    """How many of those called are expected to be false."""
    return Sentence(
        f"Av dem som pekas ut väntas högst {percent(q, 'sv')} vara falska.",
        f"Of those pointed out at most {percent(q, 'en')} are expected to be false.",
    )


def too_few_areas(count: int) -> list[Sentence]:
    """How many areas nothing is said of."""
    if not count:
        return []
    return [
        Sentence(
            f"{counted(count, AREA, 'sv')} har för få fall för att säga något.",
            f"{counted(count, AREA, 'en')} {'has' if count == 1 else 'have'} too few cases to say anything.",
        )
    ]


def _named(names: Sequence[str], others: str) -> str:
    rest = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" + {rest} {others}" if rest > 0 else "")


def why(result: LocalGResult, row: int, neighbours: int) -> Sentence:
    """Why a place is called what it is called."""
    name, verdict = result.i[row], result.called[row]
    if verdict is None or result.value[row] is None:
        return Sentence(f"Område {name} har inget värde.", f"Area {name} has no value.")
    if verdict == "too few":
        return Sentence(
            f"Område {name} prövas inte: för få fall för att säga något.",
            f"Area {name} is not tested: too few cases to say anything.",
        )
    local, mean = result.local_mean[row] or 0.0, result.mean or 0.0
    z, used = result.Gi_star_z_binary[row], result.p_used[row] or 0.0
    tested = sum(found not in {None, "too few"} for found in result.called)
    decimals = _decimals(max(abs(local), abs(mean)))
    own = result.value[row] or 0.0
    beside_sv = f"med sina {number(neighbours, 'sv')} grannar i medeltal {number(local, 'sv', decimals)}"
    beside_en = f"with its {number(neighbours, 'en')} neighbours {number(local, 'en', decimals)} on average"
    seen = Sentence(
        f"Område {name} har {number(own, 'sv', decimals)}, {beside_sv if neighbours else 'men inga grannar'}; "
        f"alla områden har i medeltal {number(mean, 'sv', decimals)}",
        f"Area {name} has {number(own, 'en', decimals)}, {beside_en if neighbours else 'but no neighbours'}; "
        f"all areas have {number(mean, 'en', decimals)} on average",
    )
    odds = Sentence(
        f"av {number(tested, 'sv')} prövade områden väntas {_about(used * tested, 'sv')} ligga så långt ifrån av slump",
        f"of {number(tested, 'en')} tested areas {_about(used * tested, 'en')} would lie as far off by chance",
    )
    return _verdict(seen, odds, verdict, above=z is not None and z > 0)


def _verdict(seen: Sentence, odds: Sentence, verdict: str, *, above: bool) -> Sentence:
    if verdict == "hot":
        return Sentence(f"{seen.sv}: högt; {odds.sv}.", f"{seen.en}: high; {odds.en}.")
    if verdict == "cold":
        return Sentence(f"{seen.sv}: lågt; {odds.sv}.", f"{seen.en}: low; {odds.en}.")
    if above:
        return Sentence(
            f"{seen.sv}: över, men det kan vara slump; {odds.sv}.",
            f"{seen.en}: above, but it could be chance; {odds.en}.",
        )
    return Sentence(f"{seen.sv}: inte över, alltså inte hett.", f"{seen.en}: not above, so not hot.")


def _about(expected: float, language: Language) -> str:
    if expected < 0.01:
        return "färre än 0,01" if language == "sv" else "fewer than 0.01"
    return number(expected, language, 2 if expected < 1 else 0)


def _decimals(size: float) -> int:
    """As many as give three figures."""
    return 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 4

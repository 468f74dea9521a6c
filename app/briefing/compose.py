"""Facts in, an edition out. The same facts give the same edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.briefing.ahead import ahead
from app.briefing.corrected import corrected
from app.briefing.decided import decided
from app.briefing.edition import Edition
from app.briefing.happened import happened
from app.briefing.outcomes import outcomes
from app.briefing.pairs import pairs
from app.briefing.unknown import first_line, unknown
from app.briefing.unusual import unusual

if TYPE_CHECKING:
    from app.briefing.facts import Facts


def compose(facts: Facts) -> Edition:
    """The edition: first what is missing and what the picture does not know, then what it tells."""
    last = ahead(facts)
    return Edition(
        region=facts.region,
        region_name=facts.region_name,
        area=facts.area,
        name=facts.name,
        zone=facts.zone,
        day=facts.day,
        known_at=facts.known_at,
        position=facts.position,
        demo=facts.demo,
        first=first_line(facts),
        sections=(
            unknown(facts),
            happened(facts),
            unusual(facts),
            pairs(facts),
            outcomes(facts),
            corrected(facts),
            decided(facts),
            *(() if last is None else (last,)),
        ),
    )

"""What the review of a case reads, by ``app.commands.review``, which writes the log first. Plain JSON, no person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.commands import review
from app.domain.errors import NotFound

if TYPE_CHECKING:
    from app.domain.review import Event
    from app.queries.review import Where
    from dashboards.services import Services


async def case(services: Services, uid: str, reason: str) -> dict[str, Any]:
    """A case as the page keeps it: ``events`` in the order of knowing, ``moments``, and for each of them its state.

    Raises:
        LagesbildError: No reason, no such case, asked too often, or no database.
    """
    try:
        incident = UUID(uid)
    except ValueError:
        raise NotFound(review.NO_SUCH_CASE, sv=review.NO_SUCH_CASE_SV) from None
    told = await review.case(services.reader(), incident, reason)
    moments = sorted({event.known_at for event in told.review.events})
    states = []
    for at in moments:
        state = told.review.state(at)
        states.append(
            {
                "reports": len(state.rungs) if state else 0,
                "follow_ups": sum(event.kind == "follow_up" for event in told.review.known(at)),
                "sv": [flag.text_sv for flag in state.flags] if state else [],
                "en": [flag.text_en for flag in state.flags] if state else [],
            }
        )
    return {
        "uid": uid,
        "moments": [at.isoformat() for at in moments],
        "states": states,
        "events": [_event(event, told.places) for event in told.review.events],
    }


def _event(event: Event, places: dict[str, Where]) -> dict[str, Any]:
    rung, words = event.rung, event.words
    offences = rung.offences if rung else ()
    return {
        "at": event.known_at.isoformat(),
        "kind": event.kind,
        "happened": [one.isoformat() for one in event.happened] if event.happened else None,
        "uid": str(event.incident) if event.incident else None,
        "place": places[rung.area].name if rung and rung.area in places else "",
        "fields": list(event.fields),
        "sv": words.sv if words else ", ".join(act.name_sv for act in offences),
        "en": words.en if words else ", ".join(act.name_en for act in offences),
        "more": words.more if words else "",
    }

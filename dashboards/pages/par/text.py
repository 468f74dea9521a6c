"""What the page Par says. Reasons, flags and kinds of follow-up are in the words of the domain's own files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.flags import flag_rules
from app.domain.follow_up import kinds
from app.domain.reasons import catalogue

if TYPE_CHECKING:
    from dashboards.words import Text

TEXT: Text = {
    "page.par": ("Par", "Pairs"),
    # Why
    "par.reason_ask": ("Varför läser du om par?", "Why are you reading about pairs?"),
    "par.reason_hint": (
        "Inget visas utan skäl. Läsloggen får ditt namn, skälet, vad du frågade efter och vilka det gällde.",
        "Nothing is shown without a reason. The log gets your name, the reason, what you asked and whom it concerned.",
    ),
    "par.reason_choose": ("Välj skäl", "Choose a reason"),
    "par.reason_words": ("Egna ord", "Your own words"),
    "par.reason_words_hint": (
        "T.ex. vilket ärende; inga namn eller personnummer",
        "E.g. which case; no names or personal numbers",
    ),
    "par.begin": ("Visa par", "Show pairs"),
    "par.reason_given": ("Skäl: {reason}", "Reason: {reason}"),
    "par.reason_change": ("Byt skäl", "Change reason"),
    "par.why": ("Varför ser jag detta?", "Why can I see this?"),
    # The list
    "par.list": ("Par, senast anmält först", "Pairs, last reported first"),
    "par.least": ("Anmälningar om paret inom 12 månader", "Reports on the pair within 12 months"),
    "par.least_1": ("Minst 1", "At least 1"),
    "par.least_2": ("Minst 2", "At least 2"),
    "par.least_3": ("Minst 3", "At least 3"),
    "par.flag": ("Flagga", "Flag"),
    "par.flag_all": ("Alla flaggor och utan", "With and without flags"),
    "par.count": ("{n} par", "{n} pairs"),
    "par.count_more": ("De {n} senast anmälda", "The {n} last reported"),
    "par.more": ("Visa fler", "Show more"),
    "par.empty": (
        "Inga par i urvalet. Vidga tiden eller välj färre anmälningar.",
        "No pairs in this view. Widen the time or choose fewer reports.",
    ),
    "par.reported": ("Anmält {when}", "Reported {when}"),
    "par.reports_one": ("1 anmälan", "1 report"),
    "par.reports_many": ("{n} anmälningar", "{n} reports"),
    "par.rests_on": ("Vilar på {days}", "Rests on {days}"),
    # One pair
    "par.choose": ("Välj ett par i listan.", "Choose a pair in the list."),
    "par.pair": ("Par {id}", "Pair {id}"),
    "par.not_found": (
        "Det finns inget sådant par, eller inget som du får se.",
        "There is no such pair, or none that you may see.",
    ),
    "par.days_since_one": ("1 dag sedan den senaste händelsen", "1 day since the last happening"),
    "par.days_since_many": ("{n} dagar sedan den senaste händelsen", "{n} days since the last happening"),
    "par.flags": ("Flaggor: noterade fakta", "Flags: recorded facts"),
    "par.no_flags": ("Ingen flagga gäller för det som du ser.", "No flag holds for what you see."),
    "par.severity": ("Allvar: gravaste brott i varje anmälan", "Severity: gravest offence of each report"),
    "par.severity_hint": (
        "Steg i brottens fasta ordning inom paret, inget mått. Läs aldrig ihop med tätheten.",
        "Steps in the fixed order of offences within the pair, not a measure. Never combined with frequency.",
    ),
    "par.frequency": ("Täthet: dagar sedan anmälan före", "Frequency: days since the report before"),
    "par.frequency_hint": ("Lägre är tätare.", "Lower is more often."),
    "par.frequency_one": ("En anmälan: ingen täthet än.", "One report: no frequency yet."),
    "par.ladder": ("Anmälningar i tidsordning", "Reports in order of time"),
    "par.gap_first": ("första", "first"),
    "par.gap_days": ("+{n} dagar", "+{n} days"),
    "par.gap_day": ("+1 dag", "+1 day"),
    "par.gap_same": ("samma dag", "same day"),
    "par.relation": ("Relation", "Relation"),
    "par.no_relation": ("inte angiven", "not told"),
    "par.area": ("Område", "Area"),
    "par.address": ("Plats", "Place"),
    "par.occurred": ("Inträffat", "Occurred"),
    "par.told": ("Anmält", "Reported"),
    "par.known": ("Känt", "Known"),
    "par.beside": ("I samma anmälan", "In the same report"),
    "par.source": ("Källa", "Source"),
    "par.open_incident": ("Visa händelsen", "Show the incident"),
    "par.protected": (
        "Skyddade personuppgifter: bara området visas.",
        "Protected identity: the area only is shown.",
    ),
    "par.known_then": ("Som känt {when}", "As known {when}"),
    # Follow-ups
    "par.follow_ups": ("Uppföljning", "Follow-up"),
    "par.no_follow_ups": ("Inget är noterat om paret.", "Nothing has been noted about the pair."),
    "par.corrected": ("rättad av en senare notering", "corrected by a later entry"),
    "par.correction": ("rättelse", "correction"),
    "par.decided": ("Beslut", "Decision"),
    "par.due": ("Klart senast", "Due by"),
    "par.new_follow_up": ("Notera uppföljning", "Note a follow-up"),
    "par.kind": ("Slag", "Kind"),
    "par.text": ("Vad som gjorts eller setts", "What was done or seen"),
    "par.note": ("Notera", "Note"),
    "par.noted": (
        "Noterat. Noteringar ändras inte; rätta med en ny.",
        "Noted. Entries stay; correct by a new one.",
    ),
    "par.corrects": ("Rättar en tidigare notering", "Corrects an earlier entry"),
    "par.corrects_none": ("Ny notering", "New entry"),
    **{f"par.reason_{reason.id}": (reason.sv, reason.en) for reason in catalogue().values()},
    **{f"par.flag_{rule.id}": (rule.text_sv, rule.text_en) for rule in flag_rules()},
    **{f"par.kind_{kind.id}": (kind.sv, kind.en) for kind in kinds().values()},
}

"""What the page Par says. Reasons, flags and kinds of follow-up are in the words of the domain's own files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.flags import flag_rules
from app.domain.follow_up import kinds

if TYPE_CHECKING:
    from dashboards.words import Text

TEXT: Text = {
    "page.par": ("Par", "Pairs"),
    # Why
    "par.reason_ask": ("Varför läser du om par?", "Why are you reading about pairs?"),
    "par.begin": ("Visa par", "Show pairs"),
    # The list
    "par.list": ("Par, senast anmält först", "Pairs, last reported first"),
    "par.least": ("Anmälningar om paret inom 12 månader", "Reports on the pair within 12 months"),
    "par.least_1": ("Minst 1", "At least 1"),
    "par.least_2": ("Minst 2", "At least 2"),
    "par.least_3": ("Minst 3", "At least 3"),
    "par.flag": ("Flagga", "Flag"),
    "par.flag_all": ("Alla flaggor och utan", "With and without flags"),
    "par.only_area": (
        "Bara {area}: så många anmälningar där i den valda tiden.",
        "{area} only: so many reports there in the chosen time.",
    ),
    "par.only_victim": ("Bara målsägande i flera par.", "Only victims who are in several pairs."),
    "par.only_suspect": ("Bara misstänkta i flera par.", "Only suspects who are in several pairs."),
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
    # Somebody by their number
    "par.find": ("Sök med personnummer", "Search by personal number"),
    "par.number": ("Personnummer eller samordningsnummer", "Personal or co-ordination number"),
    "par.number_hint": ("ÅÅÅÅMMDD-NNNN", "YYYYMMDD-NNNN"),
    "par.number_kept": (
        "Numret töms när det skickas och sparas ingenstans.",
        "The number is cleared as it is sent, and kept nowhere.",
    ),
    "par.number_missing": (
        "Skriv numret med tio eller tolv siffror.",
        "Write the number with ten or twelve digits.",
    ),
    "par.number_wrong": (
        "Det är inget personnummer eller samordningsnummer. Skriv det på nytt med tio eller tolv siffror.",
        "That is no personal or co-ordination number. Write it anew with ten or twelve digits.",
    ),
    "par.role": ("Roll", "Role"),
    "par.role_victim": ("Målsägande", "Victim"),
    "par.role_suspect": ("Misstänkt", "Suspect"),
    "par.find_go": ("Sök", "Search"),
    "par.found_victim": ("{n} par med personen som målsägande", "{n} pairs with the person as victim"),
    "par.found_suspect": ("{n} par med personen som misstänkt", "{n} pairs with the person as suspect"),
    "par.found_one_victim": ("1 par med personen som målsägande", "1 pair with the person as victim"),
    "par.found_one_suspect": ("1 par med personen som misstänkt", "1 pair with the person as suspect"),
    "par.found_close": ("Visa alla par", "Show all pairs"),
    "par.found_none": (
        "Inga par att visa. Det betyder inte att inget är anmält: skyddade och upphörda misstankar visas aldrig.",
        "No pairs to show. That does not say that nothing was reported: the protected and what ended are never shown.",
    ),
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
    **{f"par.flag_{rule.id}": (rule.text_sv, rule.text_en) for rule in flag_rules()},
    **{f"par.kind_{kind.id}": (kind.sv, kind.en) for kind in kinds().values()},
}

"""What the page Länkar says. Fields and levels are those of ``app.linkage.comparisons``; a test holds them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboards.words import Text

TEXT: Text = {
    "page.lankar": ("Länkar", "Links"),
    "link.reason_ask": (
        "Varför läser du om vilka anmälningar som gäller samma person?",
        "Why are you reading about which reports are on the same person?",
    ),
    "link.begin": ("Visa förslag", "Show proposals"),
    # The list
    "link.list": ("Förslag, senast föreslagna först", "Proposals, the latest proposed first"),
    "link.waiting": ("{n} väntar", "{n} wait"),
    "link.more": ("Visa fler", "Show more"),
    "link.empty": (
        "Inga förslag väntar. Nya kommer när länkningen körs.",
        "No proposals wait. New ones come when the linkage is run.",
    ),
    "link.decided": ("Senast avgjorda, går att ångra", "Last decided, can be undone"),
    "link.decided_none": ("Inget är avgjort än.", "Nothing has been decided yet."),
    "link.reports": ("{one} + {other} anmälningar", "{one} + {other} reports"),
    "link.is_accept": ("Samma person", "Same person"),
    "link.is_reject": ("Olika personer", "Different persons"),
    # One proposal
    "link.choose": ("Välj ett förslag i listan.", "Choose a proposal in the list."),
    "link.proposal": ("Förslag {id}", "Proposal {id}"),
    "link.proposed": ("Föreslaget {when}", "Proposed {when}"),
    "link.sure_maybe": (
        "Kanske samma person: {right} av {of} sådana förslag var rätt i prov på påhittade personer.",
        "Perhaps the same person: {right} of {of} such proposals were right when tried on made-up people.",
    ),
    "link.sure_likely": (
        "Sannolikt samma person: {right} av {of} sådana förslag var rätt i prov på påhittade personer.",
        "Probably the same person: {right} of {of} such proposals were right when tried on made-up people.",
    ),
    "link.sure_very_likely": (
        "Mycket sannolikt samma person: {right} av {of} sådana förslag var rätt i prov på påhittade personer.",
        "Very probably the same person: {right} of {of} such proposals were right when tried on made-up people.",
    ),
    "link.model": (
        "Sannolikhet för samma person enligt modell {version}: {share}.",
        "Probability of the same person by model {version}: {share}.",
    ),
    "link.identity": (
        "Den gäller bara vem det är och säger inget om vad någon har gjort.",
        "It is about who somebody is only, and says nothing of what anybody did.",
    ),
    "link.evidence": ("Vad som talar för och emot", "What speaks for and against"),
    "link.field": ("Uppgift", "Field"),
    "link.level": ("Jämförelse", "Comparison"),
    "link.against": ("← emot", "← against"),
    "link.for": ("för →", "for →"),
    "link.weight": ("Vikt, bitar", "Weight, bits"),
    "link.says_for": ("för", "for"),
    "link.says_against": ("emot", "against"),
    "link.says_none": ("neutral", "neutral"),
    "link.weight_hint": (
        "+1: dubbelt så vanligt när det är samma person, +10: tusen gånger. Ovanliga namn och nummer väger mer.",
        "+1: twice as common when it is the same person, +10: a thousand times. Rare names and numbers weigh more.",
    ),
    "link.field_given": ("Förnamn", "Given name"),
    "link.field_family": ("Efternamn", "Family name"),
    "link.field_born": ("Födelsedag", "Day of birth"),
    "link.field_where": ("Telefon och adress", "Telephone and address"),
    "link.field_sex": ("Kön", "Sex"),
    "link.level_missing": ("saknas på någon sida", "missing on one side"),
    "link.level_same": ("samma", "same"),
    "link.level_exchanged": ("för- och efternamn omkastade", "given and family name exchanged"),
    "link.level_one_name": ("samma namn i annan form", "one name in another form"),
    "link.level_part": ("samma del av ett dubbelnamn", "a part of a double name"),
    "link.level_slip": ("skrivfel", "a slip of the pen"),
    "link.level_sound": ("låter lika", "sounds alike"),
    "link.level_slip_in_part": ("skrivfel i en del av namnet", "a slip in a part of the name"),
    "link.level_exchanged_slip": ("omkastade, med skrivfel", "exchanged, with a slip"),
    "link.level_other": ("olika", "different"),
    "link.level_day_and_month_exchanged": ("dag och månad omkastade", "day and month exchanged"),
    "link.level_one_digit": ("en siffra skiljer", "one digit differs"),
    "link.level_two_digits": ("två siffror skiljer", "two digits differ"),
    "link.level_year_beside": ("samma dag, året bredvid", "same day, a year beside"),
    "link.level_year_and_a_part": ("samma år, och månad eller dag", "same year, and month or day"),
    "link.level_month_and_day": ("samma månad och dag", "same month and day"),
    "link.level_telephone_and_street": ("samma telefon och gata", "same telephone and street"),
    "link.level_telephone": ("samma telefon", "same telephone"),
    "link.level_street": ("samma gata", "same street"),
    "link.level_telephone_one_digit": ("telefon, en siffra skiljer", "telephone, one digit differs"),
    "link.level_street_slip": ("gata med skrivfel", "street with a slip"),
    "link.level_postcode": ("samma postnummer", "same postcode"),
    "link.mentions": ("Anmälningarna, sida vid sida", "The reports, side by side"),
    "link.side_one": ("Den ena", "The one"),
    "link.side_other": ("Den andra", "The other"),
    "link.no_reports": (
        "Ingen anmälan att visa: skyddad, rättad eller tillbakadragen.",
        "No report to show: protected, corrected or withdrawn.",
    ),
    "link.col_day": ("Dag", "Day"),
    "link.col_role": ("Roll", "Role"),
    "link.col_district": ("Område", "Area"),
    "link.col_report": ("Anmälan", "Report"),
    "link.no_district": ("okänt", "unknown"),
    "link.open_incident": ("Visa händelsen", "Show the incident"),
    "link.role_victim": ("målsägande", "victim"),
    "link.role_suspect": ("misstänkt", "suspect"),
    "link.role_witness": ("vittne", "witness"),
    "link.role_reporter": ("anmälare", "reporter"),
    # The decision
    "link.decide": ("Ditt beslut", "Your decision"),
    "link.why": ("Skäl till beslutet", "Reason for the decision"),
    "link.why_hint": (
        "T.ex. vad utredaren vet; inga namn eller personnummer",
        "E.g. what the investigator knows; no names or personal numbers",
    ),
    "link.accept": ("Samma person", "Same person"),
    "link.reject": ("Olika personer", "Different persons"),
    "link.undo": ("Ångra beslutet", "Undo the decision"),
    "link.meaning": (
        "Vid samma person räknas anmälningarna till samma par från och med nu. Varje beslut går att ångra.",
        "If it is the same person, the reports count to one pair from now on. Each decision can be undone.",
    ),
    "link.why_needed": (
        "Skriv varför, minst {n} tecken, innan du bestämmer.",
        "Say why, in {n} characters or more, before you decide.",
    ),
    "link.why_number": (
        "Ta bort personnumret: förslaget är redan känt, och skäl innehåller inga identiteter.",
        "Leave the personal number out: the proposal is known already, and reasons hold no identities.",
    ),
    "link.said_accept": ("Noterat: samma person.", "Noted: the same person."),
    "link.said_reject": ("Noterat: olika personer.", "Noted: different persons."),
    "link.said_undo": ("Ångrat. Förslaget väntar igen.", "Undone. The proposal waits again."),
    "link.overtaken": (
        "Någon har bestämt om förslaget sedan du läste det. Inget ändrades; listan är läst på nytt.",
        "Somebody has decided about this since you read it. Nothing was changed; the list was read anew.",
    ),
    "link.gone": (
        "Förslaget finns inte längre. Listan är läst på nytt.",
        "The proposal is no longer there. The list was read anew.",
    ),
}

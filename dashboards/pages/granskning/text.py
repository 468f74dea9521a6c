"""What the page Granskning says. Reasons and rules are in the words of the domain's own files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.reasons import catalogue
from app.domain.unusual import rules

if TYPE_CHECKING:
    from dashboards.words import Text

TEXT: Text = {
    "page.granskning": ("Granskning", "Audit"),
    # Whether the log is whole
    "review.chain": ("Loggens skick", "The state of the log"),
    "review.whole": ("Loggen är hel till {until}, {n} rader", "The log is whole until {until}, {n} rows"),
    "review.broken": ("Loggen är INTE hel", "The log is NOT whole"),
    "review.unchecked": ("Loggen är inte kontrollerad än", "The log has not been checked yet"),
    "review.checked": ("Kontrollerad {at}", "Checked {at}"),
    "review.sealed": ("{n} rader förseglade, den senaste {at}", "{n} rows sealed, the last at {at}"),
    "review.sealed_none": ("Ännu är inget förseglat", "Nothing is sealed yet"),
    "review.waiting_one": ("1 rad väntar på försegling", "1 row waits to be sealed"),
    "review.waiting": ("{n} rader väntar på försegling", "{n} rows wait to be sealed"),
    "review.command": (
        "Kontrollera själv: lagesbild audit verify --heads KOPIA",
        "Check it yourself: lagesbild audit verify --heads COPY",
    ),
    # What to look at
    "review.days": ("Tid", "Time"),
    "review.days_1": ("I dag", "Today"),
    "review.days_7": ("7 dygn", "7 days"),
    "review.days_30": ("30 dygn", "30 days"),
    "review.days_90": ("90 dygn", "90 days"),
    "review.action": ("Åtgärd", "Action"),
    "review.action_all": ("Allt", "All"),
    "review.action_read": ("Läst", "Read"),
    "review.action_search": ("Sökt", "Searched"),
    "review.action_export": ("Tagit ut", "Exported"),
    "review.action_denied": ("Nekad", "Denied"),
    "review.action_change": ("Ändrat", "Changed"),
    "review.actor": ("Vem", "Who"),
    "review.actor_all": ("Alla", "Everybody"),
    "review.reset": ("Rensa", "Reset"),
    # Unusual readings
    "review.unusual": ("Ovanlig läsning", "Unusual reading"),
    "review.unusual_open": ("{n} att följa upp", "{n} to follow up"),
    "review.unusual_done": ("alla uppföljda", "all followed up"),
    "review.none": (
        "Ingen ovanlig läsning i perioden. Alla rader finns i loggen till höger.",
        "No unusual reading in this period. All rows are in the log to the right.",
    ),
    "review.facts": (
        "Varje post är en regel som går att räkna i loggen, inte en bedömning av någon.",
        "Each entry is a rule that can be counted in the log, not a judgement of anybody.",
    ),
    "review.by": ("{name}, {role}", "{name}, {role}"),
    "review.persons": ("{n} personer", "{n} persons"),
    "review.person_one": ("1 person: {digits}", "1 person: {digits}"),
    "review.rows": ("{n} rader", "{n} rows"),
    "review.row_one": ("1 rad", "1 row"),
    "review.count": ("antal {n}", "count {n}"),
    "review.outcome_none": ("Att följa upp", "To follow up"),
    "review.outcome_justified": ("Befogat", "Justified"),
    "review.outcome_asked": ("Fråga ställd", "Asked"),
    "review.outcome_reported": ("Anmält vidare", "Reported"),
    # The note
    "review.note_title": ("Notera uppföljning", "Note the follow-up"),
    "review.outcome": ("Utfall", "Outcome"),
    "review.note": ("Anteckning", "Note"),
    "review.note_hint": (
        "Vad visade det sig? Inga namn på berörda, inga personnummer.",
        "What did it turn out to be? No names of those concerned, no personal numbers.",
    ),
    "review.save": ("Spara", "Save"),
    "review.saved": ("Noterat", "Noted"),
    "review.close": ("Visa hela loggen", "Show the whole log"),
    # The log
    "review.log": ("Loggen", "The log"),
    "review.shown": ("{n} rader", "{n} rows"),
    "review.shown_part": ("De senaste {n} raderna; filen har alla", "The last {n} rows; the file has all"),
    "review.csv": ("Spara som CSV", "Save as CSV"),
    "review.csv_explained": (
        "Hela urvalet som fil. Uttaget skrivs i loggen.",
        "All of the view as a file. The export is written in the log.",
    ),
    "review.col_at": ("Tid", "Time"),
    "review.col_name": ("Vem", "Who"),
    "review.col_role": ("Roll", "Role"),
    "review.col_action": ("Åtgärd", "Action"),
    "review.col_reason": ("Skäl", "Reason"),
    "review.col_persons": ("Personer", "Persons"),
    "review.col_found": ("Antal", "Count"),
    "review.col_areas": ("Område", "Area"),
    "review.col_what": ("Vad", "What"),
    "review.col_sealed": ("Förseglad", "Sealed"),
    "review.col_log_id": ("Rad", "Row"),
    "review.yes": ("ja", "yes"),
    "review.no": ("ännu inte", "not yet"),
    "review.denied_401": ("Inte inloggad", "Not signed in"),
    "review.denied_403": ("Rollen får inte", "Not for this role"),
    "review.denied_404": ("Finns inte, eller får inte ses", "Not there, or not to be seen"),
    "review.reason_other": ("Egna ord", "Own words"),
    "review.role_analyst": ("analytiker", "analyst"),
    "review.role_commander": ("regionchef", "regional commander"),
    "review.role_area_chief": ("områdeschef", "area chief"),
    "review.role_feed_admin": ("källansvarig", "feed administrator"),
    "review.role_auditor": ("granskare", "auditor"),
    "review.role_partner": ("samverkanspart", "partner"),
    "review.role_wall": ("väggskärm", "wall screen"),
    "review.role_nobody": ("inte inloggad", "not signed in"),
    **{f"review.reason_{reason.id}": (reason.sv, reason.en) for reason in catalogue().values()},
    **{f"review.rule_{rule.id}": (rule.text("sv"), rule.text("en")) for rule in rules().values()},
}

"""What the time bar says: the window of time, known-at, replay, what changed since, and kept views."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboards.words import Text

TIME_TEXT: Text = {
    "window.night": ("I natt", "Last night"),
    "window.24h": ("24 h", "24 h"),
    "window.today": ("I dag", "Today"),
    "window.7d": ("7 dygn", "7 days"),
    "window.30d": ("30 dygn", "30 days"),
    "window.shift": ("Sedan sist", "Since shift"),
    "window.custom": ("Eget", "Custom"),
    "window.explained": (
        ("I natt: kl. 18–06, natten som pågår eller den senaste. 24 h: timmen som pågår och de 23 före. "
        "Sedan sist: sedan mitt förra pass. En dag är kalenderdagen i regionen."),
        ("Last night: 18:00–06:00, the night that has begun or the last one. 24 h: the hour that has begun and the 23 "
        "before it. Since shift: since my last shift. A day is the region's calendar day."),
    ),
    "window.shift_note": (
        "Sedan ditt förra pass slutade {moment}",
        "Since your last shift ended {moment}",
    ),
    "window.shift_explained": (
        ("Slutet på passet är din senaste utloggning, eller det senaste tecknet från dig, före ett uppehåll på minst "
        "fyra timmar. Länken behåller klockslaget."),
        ("A shift ends with your last sign-out, or the last sign of you, before a break of at least four hours. "
        "The link keeps the moment."),
    ),
    "window.shift_none": (
        "Inget tidigare pass är känt för dig; fönstret är oförändrat.",
        "No earlier shift of yours is known; the window is as it was.",
    ),
    "window.first_hour": ("Från klockan, första dagen", "From the hour, first day"),
    "window.last_hour": ("Till klockan, sista dagen", "To the hour, last day"),
    "time.title": ("Tidslinje: vad som var känt när", "Time bar: what was known when"),
    "time.known": ("Känt vid", "Known at"),
    "time.live": ("Nu", "Now"),
    "time.live_title": ("Gå till nu och följ direkt", "Go to now and follow live"),
    "time.play": ("Spela upp", "Play"),
    "time.pause": ("Pausa", "Pause"),
    "time.back": ("Ett steg bakåt", "One step back"),
    "time.forward": ("Ett steg framåt", "One step forward"),
    "time.day_back": ("Ett dygn bakåt", "One day back"),
    "time.day_forward": ("Ett dygn framåt", "One day forward"),
    "time.speed": ("Takt", "Speed"),
    "time.speed_1": ("1 min/s", "1 min/s"),
    "time.speed_5": ("5 min/s", "5 min/s"),
    "time.speed_15": ("15 min/s", "15 min/s"),
    "time.speed_60": ("1 h/s", "1 h/s"),
    "time.slider": ("Känt vid, klockslag", "Known at, time of day"),
    "time.pick": ("Välj dag och klockslag", "Choose day and time"),
    "time.past_note": (
        "Känt {known} – senare rättelser syns inte",
        "Known {known} – later corrections are not shown",
    ),
    # What changed since
    "changed.open": ("Ändrat sedan …", "Changed since …"),
    "changed.title": ("Ändrat sedan", "Changed since"),
    "changed.close": ("Stäng", "Close"),
    "changed.moments": ("Jämför med vad som var känt", "Compare with what was known"),
    "changed.at_seven": ("Kl. 07", "At 07:00"),
    "changed.at_shift": ("Passets slut", "End of shift"),
    "changed.day_ago": ("24 h sedan", "24 h ago"),
    "changed.pick": ("Ändrat sedan: välj dag och klockslag", "Changed since: choose day and time"),
    "changed.where": ("Vilka händelser", "Which incidents"),
    "changed.window": ("I fönstret", "In the window"),
    "changed.all": ("Oavsett när", "Whenever"),
    "changed.from_to": ("Känt {since} → känt {until}", "Known {since} → known {until}"),
    "changed.now": ("nu", "now"),
    "changed.totals": (
        "I fönstret räknades {before} händelser då och {after} nu.",
        "The window held {before} incidents then and holds {after} now.",
    ),
    "changed.totals_past": (
        "I fönstret räknades {before} händelser då och {after} vid det valda ögonblicket.",
        "The window held {before} incidents then and {after} at the moment chosen.",
    ),
    "changed.added": ("Tillkomna", "Added"),
    "changed.corrected": ("Rättade", "Corrected"),
    "changed.moved": ("Flyttade", "Moved"),
    "changed.withdrawn": ("Tillbakadragna", "Withdrawn"),
    "changed.one_added": ("Ny", "New"),
    "changed.one_corrected": ("Rättad", "Corrected"),
    "changed.one_moved": ("Flyttad", "Moved"),
    "changed.one_withdrawn": ("Tillbakadragen", "Withdrawn"),
    "changed.none": (
        "Inget i urvalet har ändrats mellan de två ögonblicken.",
        "Nothing in this view has changed between the two moments.",
    ),
    "changed.elsewhere": (
        "Ändrat utanför fönstret: {n}. Välj ”Oavsett när” för att se det.",
        "Changed outside the window: {n}. Choose “Whenever” to see it.",
    ),
    "changed.figures_only": (
        "Din roll ser antal, inte enskilda händelser.",
        "Your role sees figures, not single incidents.",
    ),
    "changed.more": ("De {n} senaste visas; filen har alla.", "The latest {n} are shown; the file has all."),
    "changed.after_known": (
        "Ögonblicket ligger efter det som visas. Välj ett tidigare, eller gå till Nu.",
        "The moment lies after what is shown. Choose an earlier one, or go to Now.",
    ),
    "changed.too_far": (
        "Längre än {n} dygn jämförs inte här. Välj ett senare ögonblick.",
        "More than {n} days are not compared here. Choose a later moment.",
    ),
    "changed.gone": ("Flyttad dit du inte ser.", "Moved to where you do not see."),
    "changed.open_one": ("Öppna händelsen {what}", "Open the incident {what}"),
    "changed.csv": ("Spara som CSV", "Save as CSV"),
    "changed.csv_explained": (
        "Alla ändringar med före och efter; skyddade följer inte med. Uttaget loggas.",
        "All changes with before and after; protected ones are left out. The export is logged.",
    ),
    "changed.occurred_from": ("Inträffat från", "Occurred from"),
    "changed.occurred_to": ("Inträffat till", "Occurred to"),
    "changed.day": ("Dag", "Day"),
    "changed.offences": ("Antal brott", "Offences"),
    "changed.protected": ("Skydd", "Protection"),
    "changed.yes": ("ja", "yes"),
    "changed.no": ("nej", "no"),
    # Kept views
    "views.open": ("Vyer", "Views"),
    "views.title": ("Sparade vyer", "Saved views"),
    "views.mine": ("Mina", "Mine"),
    "views.shared": ("Delade av andra", "Shared by others"),
    "views.none": (
        "Inga sparade vyer ännu. Ge den här vyn ett namn så finns den kvar.",
        "No saved views yet. Give this view a name and it stays.",
    ),
    "views.name": ("Namn på den här vyn", "Name of this view"),
    "views.share": ("Dela med dem som ser lika mycket", "Share with those who see as much"),
    "views.keep": ("Spara", "Save"),
    "views.kept": ("Sparad: {name}", "Saved: {name}"),
    "views.by": ("delad av {owner}", "shared by {owner}"),
    "views.is_shared": ("delad", "shared"),
    "views.rename": ("Byt namn på {name}", "Rename {name}"),
    "views.rename_short": ("Byt namn", "Rename"),
    "views.share_one": ("Dela {name}", "Share {name}"),
    "views.share_short": ("Dela", "Share"),
    "views.unshare_one": ("Sluta dela {name}", "Stop sharing {name}"),
    "views.unshare_short": ("Sluta dela", "Stop sharing"),
    "views.drop": ("Ta bort {name}", "Delete {name}"),
    "views.drop_short": ("Ta bort", "Delete"),
    "views.dropped": ("Borttagen: {name}", "Deleted: {name}"),
    "views.changed": ("Ändrad: {name}", "Changed: {name}"),
    "views.explained": (
        "En vy är en adress. Den som öppnar den ser det som den personen får se. Person och par följer aldrig med.",
        "A view is an address. Whoever opens it sees what that person may see. No person and no pair goes along.",
    ),
    "views.refused": ("Det gick inte: {why}", "That did not work: {why}"),
    "views.name_taken": ("Du har redan en vy med det namnet.", "You have a view of that name already."),
    "views.name_needed": (
        "Skriv ett namn på 1 till 80 tecken, utan personnummer.",
        "Write a name of 1 to 80 characters, without a personal number.",
    ),
    "views.failed": ("Servern tog inte emot vyn. Försök igen.", "The server did not take the view. Try again."),
}  # fmt: skip

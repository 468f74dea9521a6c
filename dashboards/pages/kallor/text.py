"""What the page Källor says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboards.words import Text

TEXT: Text = {
    "page.kallor": ("Källor", "Feeds"),
    "kallor.none": (
        "Ingen källa har hörts ännu. Lägg ett uttag i var/inbox/<källa> eller slå på en källa med LAGESBILD_FEEDS.",
        "No feed has been heard of yet. Put an extract into var/inbox/<feed> or switch a feed on by LAGESBILD_FEEDS.",
    ),
    "kallor.choose": ("Källa", "Feed"),
    "kallor.all_well": (
        "Alla källor håller sin vanliga takt: bilden vet det den brukar veta.",
        "All feeds keep their usual rhythm: the picture knows what it usually knows.",
    ),
    "kallor.capped": (
        "Fönstret är längre än 31 dygn: här visas de sista 31.",
        "The window is longer than 31 days: its last 31 are shown here.",
    ),
    # A feed in words
    "kallor.state_good": ("I sin vanliga takt", "In its usual rhythm"),
    "kallor.state_late": ("Senare än vanligt", "Later than usual"),
    "kallor.state_silent": ("Tyst", "Silent"),
    "kallor.state_never": ("Aldrig hörd", "Never heard"),
    "kallor.heard": ("Senast hörd", "Last heard"),
    "kallor.usual": ("Brukar höras så här dags", "Usually heard at this hour"),
    "kallor.usual_every": ("var {length}", "every {length}"),
    "kallor.unlearned": ("för lite känt", "too little known"),
    "kallor.allowed": ("Sen efter", "Late after"),
    "kallor.answered": ("Källan svarade senast", "The source last answered"),
    "kallor.waits": ("I karantän", "In quarantine"),
    "kallor.message": ("Senaste fel: {message}", "Last fault: {message}"),
    "kallor.learned": (
        "Lärt av {n} tystnader de senaste åtta veckorna",
        "Learned from {n} silences of the last eight weeks",
    ),
    # Gaps
    "kallor.gaps": ("Vad bilden inte vet", "What the picture does not know"),
    "kallor.gaps_help": (
        (
            "Varje rad är en källa. Det ljusa bandet är tid då källan hördes i sin vanliga takt; ett märkt "
            "stycke är en "
            "tystnad längre än vad som är vanligt för källan den timmen och veckodagen. Det som hände under "
            "en tystnad kan "
            "ha kommit in senare, men var inte känt då.\n\nDet säger inte varför källan var tyst."
        ),
        (
            "Each row is a feed. The pale band is time in which the feed was heard in its usual rhythm; a "
            "marked piece is "
            "a silence longer than is usual for the feed at that hour and weekday. What happened in a "
            "silence may have come "
            "in later, but was not known then.\n\nIt does not say why the feed was silent."
        ),
    ),
    "kallor.gap_said": (
        "{feed} var {state} {begins}–{ends} ({length}).",
        "{feed} was {state} {begins}–{ends} ({length}).",
    ),
    "kallor.gap_open": (
        "{feed} är {state} sedan {begins} ({length}).",
        "{feed} has been {state} since {begins} ({length}).",
    ),
    "kallor.gaps_more": ("Och {n} tystnader till, i tabellen.", "And {n} more silences, in the table."),
    "kallor.gaps_none": (
        "Ingen källa var tyst längre än vanligt under de här dagarna.",
        "No feed was silent for longer than usual in these days.",
    ),
    "kallor.late": ("sen", "late"),
    "kallor.silent": ("tyst", "silent"),
    "kallor.known": ("hörd som vanligt", "heard as usual"),
    "kallor.feed": ("Källa", "Feed"),
    "kallor.begins": ("Från", "From"),
    "kallor.ends": ("Till", "To"),
    "kallor.length": ("Längd", "Length"),
    "kallor.what": ("Vad", "What"),
    # Rhythm
    "kallor.rhythm": (
        "Rytm: vanlig tid till nästa livstecken",
        "Rhythm: usual time to the next sign of life",
    ),
    "kallor.rhythm_help": (
        (
            "För varje timme i veckan: hur lång tid det vanligen går (medianen) från ett livstecken av "
            "källan till nästa, "
            "lärt av de åtta veckorna före. Mörkare är längre.\n\nEn källa är sen först när tystnaden är en "
            "och en halv "
            "gång så lång som den längsta vanliga vid den tiden, och aldrig under källans eget golv (feed.toml)."
        ),
        (
            "For each hour of the week: how long it usually takes (the median) from one sign of life of the "
            "feed to the "
            "next, learned from the eight weeks before. Darker is longer.\n\nA feed is late only once its "
            "silence is one "
            "and a half times as long as the longest usual one at that time, and never below its own floor "
            "(feed.toml)."
        ),
    ),
    "kallor.rhythm_said": (
        "{feed} hörs oftast i {day} kl. {hour}: var {length}.",
        "{feed} is heard most on {day} at {hour}: every {length}.",
    ),
    "kallor.rhythm_few": (
        "{feed} har hörts för få gånger på åtta veckor för att ha en rytm; den lärs medan leveranser kommer.",
        "{feed} has been heard too few times in eight weeks to have a rhythm; it is learned as deliveries come.",
    ),
    "kallor.weekday": ("Veckodag", "Weekday"),
    "kallor.hour": ("Timme", "Hour"),
    "kallor.usual_minutes": ("Vanlig tid till nästa", "Usual time to the next"),
    "kallor.silences": ("Tystnader", "Silences"),
    "kallor.minutes": ("min", "min"),
    # Delay
    "kallor.delay": (
        "Fördröjning: från att det hände till att vi visste",
        "Delay: from happening to our knowing",
    ),
    "kallor.delay_help": (
        (
            "Av det som först blev känt under de här dagarna: hur lång tid som gått sedan det hände. Det "
            "som ännu inte har "
            "kommit in syns inte, så de sista dagarnas siffror är alltid för låga.\n\nDet säger inget om hur snabbt "
            "polisen kom, bara om när uppgiften nådde bilden."
        ),
        (
            "Of what first became known in these days: how long ago it had happened. What has not come in yet is not "
            "shown, so the figures of the last days are always too low.\n\nIt says nothing of how soon the "
            "police came, "
            "only of when the record reached the picture."
        ),
    ),
    "kallor.delay_said": (
        "{feed}: hälften känns inom {half}, 95 av 100 inom {most}.",
        "{feed}: half is known within {half}, 95 in 100 within {most}.",
    ),
    "kallor.delay_none": (
        "Inget nytt blev känt under de här dagarna; välj ett längre fönster.",
        "Nothing new became known in these days; choose a longer window.",
    ),
    "kallor.delay_axis": ("Andel av händelserna", "Share of the incidents"),
    "kallor.under": ("under {to}", "under {to}"),
    "kallor.from_to": ("{first}–{to}", "{first}–{to}"),
    "kallor.over": ("över {first}", "over {first}"),
    "kallor.step": ("Fördröjning", "Delay"),
    "kallor.share": ("Andel", "Share"),
    "kallor.incidents": ("Händelser", "Incidents"),
    # Outcomes
    "kallor.outcomes": ("Vad som blev av raderna", "What became of the rows"),
    "kallor.outcomes_help": (
        (
            "Per dygn: nya händelser, rättelser och återtagna den dag de blev kända; oförändrade, satta i "
            "karantän och "
            "utanför regionen den dag de levererades. Inget tappas: allt som lästes är något av detta."
        ),
        (
            "By day: new incidents, corrections and withdrawals on the day they became known; unchanged, "
            "quarantined and "
            "outside the region on the day of their delivery. Nothing is lost: all that was read is one of these."
        ),
    ),
    "kallor.outcomes_said": (
        "{feed}: {new} nya, {corrected} rättade, {withdrawn} återtagna, {quarantined} i karantän.",
        "{feed}: {new} new, {corrected} corrected, {withdrawn} withdrawn, {quarantined} quarantined.",
    ),
    "kallor.outcomes_none": (
        "{feed} levererade inget under de här dagarna; välj ett längre fönster.",
        "{feed} delivered nothing in these days; choose a longer window.",
    ),
    "kallor.outcomes_axis": ("Rader per dygn", "Rows a day"),
    "kallor.day": ("Dygn", "Day"),
    "kallor.new": ("Nya", "New"),
    "kallor.corrected": ("Rättade", "Corrected"),
    "kallor.withdrawn": ("Återtagna", "Withdrawn"),
    "kallor.unchanged": ("Oförändrade", "Unchanged"),
    "kallor.quarantined": ("I karantän", "Quarantined"),
    "kallor.outside": ("Utanför regionen", "Outside the region"),
    # Quarantine
    "kallor.quarantine": ("Karantän", "Quarantine"),
    "kallor.quarantine_hint": (
        (
            "Poster som inte kunde läsas in. Av värdet visas bara formen: siffror är 9, bokstäver x. Rätta "
            "orsaken, försök "
            "sedan igen; posten går samma väg som alla andra och är känd från sin egen leverans."
        ),
        (
            "Records that could not be loaded. Of the value only the shape is shown: digits are 9, letters "
            "x. Mend the "
            "cause, then try again; the record goes the way of all others and is known from its own delivery."
        ),
    ),
    "kallor.quarantine_none": ("Inget väntar i karantän.", "Nothing waits in quarantine."),
    "kallor.quarantine_more": (
        "De {n} äldsta visas; fler väntar.",
        "The {n} oldest are shown; more wait.",
    ),
    "kallor.quarantine_role": (
        (
            "Hur många poster som väntar står vid varje källa. Varför, och vägen in igen, ser den som förvaltar "
            "källorna."
        ),
        (
            "How many records wait is told with each feed. Why, and the way back in, is for whoever administers "
            "the feeds."
        ),
    ),
    "kallor.delivery": ("Leverans", "Delivery"),
    "kallor.since": ("Sedan", "Since"),
    "kallor.where": ("Steg och fält", "Step and field"),
    "kallor.value": ("Värdets form", "Shape of the value"),
    "kallor.reason": ("Orsak", "Reason"),
    "kallor.try": ("Försök igen", "Try again"),
    "kallor.try_of": ("Försök igen med post {n}", "Try again with record {n}"),
    "kallor.replay_loaded": (
        "Post {n} gick in: {loaded} inlästa, {unchanged} oförändrade, {outside} utanför regionen.",
        "Record {n} went in: {loaded} loaded, {unchanged} unchanged, {outside} outside the region.",
    ),
    "kallor.replay_refused": (
        "Post {n} gick inte in: orsaken finns kvar. Den står kvar i listan med sin nya orsak.",
        "Record {n} did not go in: the cause is still there. It stands in the list with its new reason.",
    ),
    "kallor.replay_gone": (
        "Post {n} väntar inte längre: någon annan har försökt, eller så är den gallrad.",
        "Record {n} waits no longer: somebody else has tried it, or it was erased.",
    ),
}

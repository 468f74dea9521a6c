"""What the page Nu says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboards.words import Text

TEXT: Text = {
    "page.nu": ("Nu", "Now"),
    "nu.title": ("Läget just nu", "The picture now"),
    "nu.counters": ("Läget i siffror", "The picture in figures"),
    "nu.incidents": ("Händelser", "Incidents"),
    "nu.offences": ("Brott", "Offences"),
    "nu.harm": ("Skada (mån)", "Harm (months)"),
    "nu.harm_explained": (
        "Brottsskadeindex: summan av brottens genomsnittliga straff i månader. Vissa vikter är provisoriska.",
        "Crime harm index: the sum of the offences' average sentences in months. Some weights are provisional.",
    ),
    "nu.no_weights": ("viktas inte", "not weighted"),
    "nu.compared": ("mot samma tid förra veckan", "against the same time last week"),
    "nu.more": ("{n} fler än förra veckan", "{n} more than last week"),
    "nu.fewer": ("{n} färre än förra veckan", "{n} fewer than last week"),
    "nu.higher": ("{n} högre än förra veckan", "{n} higher than last week"),
    "nu.lower": ("{n} lägre än förra veckan", "{n} lower than last week"),
    "nu.same": ("lika som förra veckan", "same as last week"),
    "nu.compared_explained": (
        "Då: {n}. Samma dagar och klockslag en vecka tidigare, så som det var känt då.",
        "Then: {n}. The same days and time of day one week earlier, as known then.",
    ),
    "nu.without": ("{n} utan position", "{n} without position"),
    "nu.on_map": ("{n} på kartan", "{n} on the map"),
    "nu.total": ("{n} totalt", "{n} in all"),
    "nu.chart_days": ("Per dag", "By day"),
    "nu.usual_explained": (
        (
            "Jämfört med samma fönster i upp till 26 veckor före, som det var känt lika lång tid efteråt: 19 gånger av "
            "20 ligger ett vanligt fönster däremellan. I en simulering där ett fönster av 20 hade dubbelt så många "
            "fall var tre av fem varningar falska."
        ),
        (
            "Against the same window in up to 26 weeks before, as it was known as long afterwards: 19 times in 20 a "
            "usual window lies within. In a simulation in which one window in 20 had twice its cases, three in five "
            "warnings were false."
        ),
    ),
    "nu.chart_hours": ("Per timme", "By hour"),
    "nu.chart_now": ("Nu", "Now"),
    "nu.chart_before": ("Veckan före", "Week before"),
    "nu.figures_only": (
        "Din roll ser antal, inte enskilda händelser",
        "Your role sees figures, not single incidents",
    ),
    "nu.figures_only_hint": (
        "Kartan visar täthet och områden. Behöver du en enskild händelse, be någon vars roll ser den.",
        "The map shows density and areas. If you need a single incident, ask somebody whose role sees it.",
    ),
    "nu.filling": ("jämförs när arkivet är inläst", "compared once the archive is in"),
    "nu.filling_explained": (
        "Tidigare veckor läses fortfarande in; tills det är klart vore jämförelsen missvisande.",
        "Earlier weeks are still being read in; until that is done the comparison would mislead.",
    ),
    "nu.empty": ("Inga händelser i urvalet.", "No incidents in this view."),
    "nu.empty_hint": (
        "Vidga tiden, området eller brottstypen – eller vänta: nya händelser visas direkt.",
        "Widen the time, the area or the offence group – or wait: new incidents show at once.",
    ),
}

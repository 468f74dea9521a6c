"""Every text of the page Upprepad utsatthet, in Swedish and English."""

from __future__ import annotations

from dashboards.words import Text

TEXT: Text = {
    "page.upprepning": ("Upprepad utsatthet", "Repeat victimisation"),
    "upprepning.choose": ("Val för bilderna", "Choices for the pictures"),
    "upprepning.of": ("Av", "Of"),
    "upprepning.of_pairs": ("Par", "Pairs"),
    "upprepning.of_victims": ("Målsägande", "Victims"),
    "upprepning.of_addresses": ("Adresser", "Addresses"),
    "upprepning.to_pairs": ("Till parens anmälningar", "To the pairs' reports"),
    "upprepning.to_pairs_title": (
        "Öppnar sidan Par. Där anges behov och skäl, och läsningen loggas.",
        "Opens the page Pairs. There need and reason are asked for, and the reading is logged.",
    ),
    "upprepning.first": (
        (
            "Den grövsta skadan har ofta ingen tidigare anmälan. Det som upprepas är ett skäl att följa upp, aldrig "
            "ett mått på hur farlig någon är; ingen person får poäng eller rangordnas här."
        ),
        (
            "The gravest harm often has no earlier report. What comes again is a reason to follow up, never a measure"
            " of how dangerous somebody is; no person is scored or ranked here."
        ),
    ),
    "upprepning.places": ("Var det upprepas", "Where it comes again"),
    "upprepning.region": ("hela regionen", "the whole region"),
    "upprepning.instead": (
        "Måtten räknas för hela regionen och för varje lokalpolisområde; här visas {area}.",
        "The measures are worked out for the whole region and for each local police district; this is {area}.",
    ),
    "upprepning.region_only": (
        (
            "Det här räknas bara för hela regionen: områdena jämförs med varandra över gränserna. Ta bort "
            "områdesfiltret för att se det."
        ),
        (
            "This is worked out for the whole region only: areas are compared across borders. Clear the area filter "
            "to see it."
        ),
    ),
    "upprepning.place": ("Varför inte hett? Välj område", "Why not hot? Choose an area"),
    "upprepning.again": ("Tid till nästa anmälan", "Time to the next report"),
    "upprepning.again_help": (
        (
            "Hur stor andel som anmälts igen efter så många dagar (Kaplan–Meier), efter första, andra, tredje anmälan"
            " och så vidare. De som inte har följts så länge räknas med så länge de följts. Bandet är osäkerheten "
            "efter den första. Att kurvorna stiger brantare efter fler anmälningar betyder att de som är kvar oftare "
            "anmäls igen, inte att en anmälan orsakar nästa. Det som aldrig anmäls syns inte."
        ),
        (
            "The share that is reported again within so many days (Kaplan–Meier), after the first, second, third "
            "report and so on. Those who were not followed so long count for as long as they were. The band is the "
            "uncertainty after the first. That curves rise more steeply after more reports means that those who "
            "remain are reported again more often, not that one report causes the next. What is never reported is not"
            " seen."
        ),
    ),
    "upprepning.within": ("Andel med upprepning inom 14–365 dagar", "Share with a repeat within 14–365 days"),
    "upprepning.within_help": (
        (
            "Samma andelar vid fasta tider, med intervall som håller 19 gånger av 20. Jämför i sidled inom samma färg"
            " och form: det är över tid. Jämför inte enstaka par med andelen: den gäller alla tillsammans."
        ),
        (
            "The same shares at fixed times, with intervals that hold 19 times in 20. Compare within one colour and "
            "shape: that is over time. Do not hold a single pair against the share: it is of all together."
        ),
    ),
    "upprepning.spread": ("Hur samlat det är", "How it gathers"),
    "upprepning.spread_help": (
        (
            "Lorenzkurvan: från dem med minst till dem med flest, hur stor del av anmälningarna de har. Den streckade"
            " kurvan är vad slumpen ensam ger när anmälningar faller oberoende (Poisson); först avståndet till den "
            "säger något. Gini är 0 % när alla har lika många och 100 % när en har alla. Bara de som har minst en "
            "anmälan är med."
        ),
        (
            "The Lorenz curve: from those with least to those with most, the share of the reports that they have. The"
            " dashed curve is what chance alone gives when reports fall independently (Poisson); only the distance to"
            " it says something. Gini is 0% when all have equally many and 100% when one has all. Only those with one"
            " report at least are in it."
        ),
    ),
    "upprepning.oftener": ("Kommer det tätare?", "Does it come oftener?"),
    "upprepning.oftener_help": (
        (
            "Anmälningar under de första 180 dagarna efter den första anmälan mot de nästa 180, för dem som följts "
            "hela tiden. Över 1 är tätare, under 1 glesare. Ligger 1 inom strecket kan det vara slump. Det sägs för "
            "sig: tätare är inte samma sak som grövre."
        ),
        (
            "Reports in the first 180 days after the first report against the next 180, of those followed throughout."
            " Above 1 is oftener, below 1 more seldom. If 1 lies within the line it could be chance. It is told by "
            "itself: oftener is not the same as graver."
        ),
    ),
    "upprepning.graver": ("Blir det grövre?", "Does it get graver?"),
    "upprepning.graver_help": (
        (
            "Från en anmälan till nästa för samma par, målsägande eller adress: hur ofta brottet vägde mer, lika "
            "eller mindre enligt brottsskadeindex. Det gäller alla steg tillsammans och säger inget om en enskild."
        ),
        (
            "From one report to the next of the same pair, victim or address: how often the offence weighed more, as "
            "much or less by the harm index. It is of all steps together and says nothing of a single one."
        ),
    ),
    "upprepning.history": ("Vad som fanns före det grövsta", "What there was before the gravest"),
    "upprepning.history_help": (
        (
            "Av de grövsta anmälningarna, de två procenten med mest skada: hur många som var den första som fanns. "
            "Den öppna ringen är samma andel för alla anmälningar. En hög andel betyder att det grövsta sällan kan "
            "förutses av tidigare anmälningar."
        ),
        (
            "Of the gravest reports, the two per cent with most harm: how many were the first there was. The open "
            "ring is the same share of all reports. A high share means that the gravest can seldom be foreseen from "
            "earlier reports."
        ),
    ),
    "upprepning.near": ("Upprepas det nära och snart?", "Does it happen again near and soon?"),
    "upprepning.near_help": (
        (
            "Par av händelser som ligger nära varandra i både plats och tid (Knox), mot hur många det blir när "
            "tiderna delas ut på nytt av slump. En prick: så ovanligt är något fält i högst en av tjugo tabeller av "
            "slump. Samma adress är ofta samma hushåll. Det säger inte att en händelse orsakar nästa."
        ),
        (
            "Pairs of events that lie near each other in both place and time (Knox), against how many there are when "
            "the times are dealt anew by chance. A dot: some cell is as unusual in at most one of twenty tables of "
            "chance. The same address is often the same household. It does not say that one event causes the next."
        ),
    ),
    "upprepning.reach": ("Hur nära och hur länge", "How near and for how long"),
    "upprepning.reach_help": (
        (
            "Hur många fler par än slumpen ger, inom växande avstånd och tid (K i rum och tid). Bandet är vad slumpen"
            " ger 19 gånger av 20; ligger kurvan inom det kan det vara slump. Avstånden är summerade utifrån, så en "
            "topp nära noll bärs med ut."
        ),
        (
            "How many more pairs than chance gives, within growing distance and time (space-time K). The band is what"
            " chance gives 19 times in 20; a curve within it could be chance. Distances add up outwards, so a peak "
            "near nought is carried along."
        ),
    ),
    "upprepning.clusters": ("Kluster just nu", "Clusters just now"),
    "upprepning.clusters_help": (
        (
            "Cirklar med fler anmälningar de senaste dagarna än väntat, sökta över alla platser och längder på en "
            "gång. Agera: så starkt blir det av slump högst en gång om året. Annars kan det vara slump. Cirklarna är "
            "ungefärliga och ritade från mitten av rutor, aldrig från en enskild adress."
        ),
        (
            "Circles with more reports in the last days than expected, sought over all places and lengths at once. "
            "Act: as strong a one comes by chance at most once a year. Else it could be chance. Circles are rough and"
            " drawn from the middles of squares, never from a single address."
        ),
    ),
    "upprepning.hot": ("Heta och kalla områden", "Hot and cold areas"),
    "upprepning.hot_help": (
        (
            "Små områden som tillsammans med sina grannar ligger högt eller lågt mot invånarantalet (Gi*). Välj ett "
            "område för att få veta varför det är hett eller inte. Av dem som pekas ut väntas en del vara falska; hur"
            " många sägs. Ett hett område är ingen farlig plats: det är där anmälningar från hemmen kommer."
        ),
        (
            "Small areas that together with their neighbours lie high or low against the number of inhabitants (Gi*)."
            " Choose an area to be told why it is hot or not. Of those pointed out some are expected to be false; it "
            "is said how many. A hot area is no dangerous place: it is where reports from homes come."
        ),
    ),
    "upprepning.areas": ("Hur samlat det är på små områden", "How it gathers on small areas"),
    "upprepning.areas_help": (
        (
            "Samma kurva för små statistiska områden under ett år. Områden har olika många invånare, så en del av "
            "samlingen är bara det; jämför med kurvan av slump."
        ),
        (
            "The same curve for small statistical areas over a year. Areas have different numbers of inhabitants, so "
            "a part of the gathering is only that; compare with the curve of chance."
        ),
    ),
}

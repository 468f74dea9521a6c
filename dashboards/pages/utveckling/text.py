"""Every text of the page Utveckling, in Swedish and English."""

from __future__ import annotations

from dashboards.words import Text

TEXT: Text = {
    "page.utveckling": ("Utveckling", "Trends"),
    "utveckling.span": ("Tid", "Time"),
    "utveckling.span_window": ("Tidslinjens", "Time bar's"),
    "utveckling.span_quarter": ("13 veckor", "13 weeks"),
    "utveckling.span_year": ("1 år", "1 year"),
    "utveckling.span_three": ("3 år", "3 years"),
    "utveckling.span_five": ("5 år", "5 years"),
    "utveckling.grain": ("Per", "By"),
    "utveckling.grain_day": ("Dygn", "Day"),
    "utveckling.grain_week": ("Vecka", "Week"),
    "utveckling.grain_month": ("Månad", "Month"),
    "utveckling.measure": ("Visa", "Show"),
    "utveckling.measure_count": ("Antal", "Count"),
    "utveckling.measure_harm": ("Skada", "Harm"),
    "utveckling.split": ("Delat på", "Split by"),
    "utveckling.split_district": ("Lokalpolisområde", "Local police district"),
    "utveckling.split_group": ("Brottstyp", "Offence group"),
    "utveckling.split_relation": ("Relation", "Relation"),
    "utveckling.split_place": ("Inne och ute", "Indoors and outdoors"),
    "utveckling.split_weekday": ("Veckodag", "Weekday"),
    "utveckling.choose": ("Val för bilderna", "Choices for the pictures"),
    "utveckling.trend": ("Hur det har gått", "How it has gone"),
    "utveckling.trend_help": (
        (
            "Antal händelser efter den dag då de inträffade, i urvalet och som känt vid den valda tiden. Det grå "
            "bandet är det normala: där ligger 19 veckor av 20, räknat från samma tid de senaste åren. Streckat är "
            "samma tid förra året, som det var känt då, så att sena anmälningar saknas lika mycket på båda sidor. En "
            "vecka utanför bandet är ovanlig, inte bevisad; av 52 veckor hamnar två eller tre utanför av slump. "
            "Bilden säger inte varför, och inget om det som aldrig anmäls."
        ),
        (
            "Incidents by the day on which they happened, in this view and as known at the chosen time. The grey band"
            " is what is normal: 19 weeks in 20 lie there, by the same time of earlier years. Dotted is the same time"
            " last year, as it was known then, so that late reports are missing alike on both sides. A week outside "
            "the band is unusual, not proven; of 52 weeks two or three fall outside by chance. It does not say why, "
            "and nothing of what is never reported."
        ),
    ),
    "utveckling.parts": ("Delarna mot förra året", "The parts against last year"),
    "utveckling.parts_help": (
        (
            "Hela tidens summa för varje del, med det intervall som slumpen ger om varje händelse vore oberoende av "
            "de andra. Den öppna rutan är samma tid förra året. Många delar jämförs på en gång, så någon brukar "
            "skilja sig av slump. En händelse räknas under sitt grövsta brott. Skrafferat är skada med preliminär "
            "vikt. Delarna säger inte hur många som bor eller vistas någonstans."
        ),
        (
            "Each part's sum over the whole time, with the interval that chance gives if every incident were "
            "independent of the others. The open mark is the same time last year. Many parts are compared at once, so"
            " one usually differs by chance. An incident counts under its gravest offence. Hatched is harm of "
            "provisional weights. The parts do not say how many live or stay anywhere."
        ),
    ),
    "utveckling.small": ("Del för del, samma skala", "Part by part, one scale"),
    "utveckling.small_help": (
        (
            "En ruta för varje del, alla med samma skala, så att höjderna kan jämföras. Bandet är delens eget "
            "normala, romber är veckor utanför det. Där det är för få fall finns inget band, och det sägs. Det här är"
            " ingen rangordning: delar skiljer sig i storlek."
        ),
        (
            "A panel for each part, all on one scale, so that heights can be compared. The band is what is normal for"
            " the part itself, diamonds are weeks outside it. Where there are too few cases there is no band, and it "
            "is said. This is no ranking: parts differ in size."
        ),
    ),
    "utveckling.latest": ("De senaste dygnen", "The last days"),
    "utveckling.latest_help": (
        (
            "Staplar är vad som är känt, romben med sitt streck vad det kommer att bli när sena anmälningar har "
            "kommit in; strecket ska hålla nio gånger av tio, och hur ofta det har hållit prövas varje morgon. Ett "
            "kort streck är säkert, ett långt osäkert. Bandet säger inte vad som händer i morgon, och inte varför."
        ),
        (
            "Bars are what is known, the diamond with its line what it will come to when late reports are in; the "
            "line is to hold nine times in ten, and how often it has held is checked every morning. A short line is "
            "sure, a long one unsure. It does not say what happens tomorrow, and not why."
        ),
    ),
    "utveckling.unusual": ("Är det ovanligt?", "Is it unusual?"),
    "utveckling.unusual_help": (
        (
            "Den senaste hela veckan i varje område mot det normala just där och då på året. Fylld romb: fler än "
            "vanligt, även sedan så många områden har prövats på en gång. Öppen romb: kan vara slump. Bredvid varje "
            "varning sägs hur ofta sådana var falska där sanningen var känd. En varning är en fråga att ställa, inget"
            " svar."
        ),
        (
            "The last whole week in each area against what is normal there and at that time of year. A filled "
            "diamond: more than usual, even with so many areas tried at once. An open one: it could be chance. Beside"
            " each warning stands how often such were false where the truth was known. A warning is a question to "
            "ask, not an answer."
        ),
    ),
    "utveckling.forecast": ("De kommande veckorna", "The weeks to come"),
    "utveckling.forecast_help": (
        (
            "Hur många anmälningar som är att vänta om det går på som hittills: strecket är lika troligt för högt som"
            " för lågt, banden ska hålla 80 och 95 veckor av 100. Hur ofta de har hållit står bredvid. Det gäller "
            "antal i ett område, aldrig en person, och vet inget om helger, nya arbetssätt eller lagar som ingen har "
            "berättat om."
        ),
        (
            "How many reports are to be expected if all goes on as it has: the line is as likely too high as too low,"
            " the bands are to hold 80 and 95 weeks of 100. How often they have held stands beside. It is of counts "
            "in an area, never of a person, and knows nothing of holidays, new ways of working or laws that nobody "
            "has told of."
        ),
    ),
    "utveckling.harm": ("Antal och skada, fyra veckor", "Counts and harm, four weeks"),
    "utveckling.harm_help": (
        (
            "Antal till vänster, skada till höger: antal gånger Polismyndighetens vikt (månader i genomsnittligt "
            "straff). Skrafferat vilar på preliminära vikter. Där ett enda brott bär det mesta visas vad som är kvar "
            "utan det. Skada summeras för områden, aldrig för en person eller ett par, och duger inte för långa "
            "jämförelser."
        ),
        (
            "Counts to the left, harm to the right: the count times the Police Authority's weight (months of average "
            "sentence). Hatched rests on provisional weights. Where a single offence carries most it is shown what is"
            " left without it. Harm is summed by area, never by person or pair, and is unfit for long comparisons."
        ),
    ),
    "utveckling.instead": (
        "Måtten räknas för hela regionen och för varje lokalpolisområde; här visas {area}.",
        "The measures are worked out for the whole region and for each local police district; this is {area}.",
    ),
    "utveckling.region": ("hela regionen", "the whole region"),
}

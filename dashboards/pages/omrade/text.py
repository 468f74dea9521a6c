"""What the page Område says, in Swedish and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboards.words import Text

TEXT: Text = {
    "page.omrade": ("Område", "Area"),
    "omrade.district": ("Distrikt", "District"),
    "omrade.own": ("Ditt område.", "Your own area."),
    "omrade.chosen": ("{within}", "{within}"),
    "omrade.not_chosen": (
        "Inget distrikt är valt: här visas {name}. Välj ett i listan.",
        "No district is chosen: this is {name}. Choose one in the list.",
    ),
    "omrade.larger": (
        "Det valda området är större än ett distrikt: här visas {name}, som ligger i det. Välj ett i listan.",
        "The chosen area is larger than a district: this is {name}, which lies in it. Choose one in the list.",
    ),
    "omrade.not_yours": (
        "Du ser bara dina egna områden: här visas {name}.",
        "You see your own areas only: this is {name}.",
    ),
    "omrade.none": (
        "Det finns inget distrikt att visa. Be din administratör om ett område.",
        "There is no district to show. Ask your administrator for an area.",
    ),
    # Trend
    "omrade.trend": ("Vecka för vecka", "Week by week"),
    "omrade.trend_help": (
        (
            "Anmälningar om brott i nära relation per vecka då det hände. Bandet är normalläget: så många hade de "
            "tidigare åren gett samma vecka, 19 gånger av 20. De senaste veckorna är inte klara; ruterna visar vad "
            "de väntas bli när allt har kommit in. Streckat framåt är en prognos. Den säger inget om någon person, "
            "och färre anmälningar är inte alltid mindre våld."
        ),
        (
            "Reports of offences in close relationships per week in which they happened. The band is what is normal: "
            "as many as earlier years would give in the same week, 19 times in 20. The last weeks are not complete; "
            "the diamonds show what they are expected to come to. Dashed is a forecast. It tells of no person, and "
            "fewer reports are not always less violence."
        ),
    ),
    "omrade.came": ("Kända anmälningar", "Known reports"),
    "omrade.normal": ("Normalläge", "Normal"),
    "omrade.above": ("Över normalläget", "Above normal"),
    "omrade.soon": ("När allt har kommit in", "When all has come in"),
    "omrade.ahead": ("Prognos (4 veckor av 5)", "Forecast (4 weeks of 5)"),
    "omrade.week": ("Vecka från", "Week from"),
    "omrade.low": ("Normalt, lägst", "Normal, lowest"),
    "omrade.high": ("Normalt, högst", "Normal, highest"),
    "omrade.count": ("Anmälningar", "Reports"),
    "omrade.what": ("Vad", "What"),
    # To follow up
    "omrade.follow": ("Att följa upp", "To follow up"),
    "omrade.follow_help": (
        (
            "Antal i distriktet det senaste året, räknade i morse. Ingen namnges här: varje siffra leder till sidan "
            "Par, där ett skäl anges och läsningen loggas. Utan uppföljning: inget är noterat inom sju dagar efter "
            "den senaste anmälan. Siffrorna rangordnar ingen. På sidan Par ser en regionchef bara par med flagga."
        ),
        (
            "Numbers in the district in the last year, counted this morning. Nobody is named here: each figure leads "
            "to the page Pairs, where a reason is given and the reading is logged. Without a follow-up: nothing was "
            "noted within seven days of the last report. The figures rank nobody. On the page Pairs a regional "
            "commander sees flagged pairs only."
        ),
    ),
    "omrade.pairs_3": ("par med tre eller fler anmälningar", "pairs with three or more reports"),
    "omrade.pairs_3_open": ("av dem utan uppföljning", "of them without a follow-up"),
    "omrade.pairs_2": ("par med två eller fler anmälningar", "pairs with two or more reports"),
    "omrade.pairs_2_open": ("av dem utan uppföljning", "of them without a follow-up"),
    "omrade.victims": ("målsägande i flera par", "victims in several pairs"),
    "omrade.suspects": ("misstänkta i flera par", "suspects in several pairs"),
    "omrade.addresses": ("adresser med tre eller fler anmälningar", "addresses with three or more reports"),
    "omrade.follow_none": (
        "Siffrorna finns inte än för det valda distriktet och den valda tiden. De räknas varje morgon kl. 05.30.",
        "There are no figures yet for the chosen district and moment. They are counted every morning at 05:30.",
    ),
    "omrade.follow_known": ("Det senaste året, känt {when}.", "The last year, known {when}."),
    "omrade.no_pairs_role": (
        "Din roll läser inte om par; siffrorna har därför inga länkar.",
        "Your role does not read about pairs, so the figures have no links.",
    ),
    # Hours
    "omrade.hours": ("Veckans timmar", "The hours of the week"),
    "omrade.hours_help": (
        (
            "När det händer, ett år bakåt. Är tiden bara känd som ett spann fördelas händelsen jämnt över timmarna i "
            "spannet. Talen är därför inte hela. Visar när det händer, inte när det anmäls."
        ),
        (
            "When it happens, one year back. Where only an interval is known, the incident is spread evenly over its "
            "hours, so the figures are not whole. It shows when it happens, not when it is reported."
        ),
    ),
    # Hot spots
    "omrade.hot": ("Var i distriktet", "Where in the district"),
    "omrade.hot_help": (
        (
            "Antal i den valda tiden per litet område (RegSO). Kraftig kant: fler än invånarna ger, även när slumpen "
            "är borträknad. Där många människor rör sig händer mer utan att platsen är värre. Skyddade uppgifter "
            "visas aldrig finare än distriktet; de räknas bland dem utan plats."
        ),
        (
            "Numbers in the chosen time by small area (RegSO). A heavy border: more than its inhabitants give, "
            "beyond chance. Where many people go more happens, though the place is no worse. What is protected is "
            "never shown finer than the district; it counts among those without a place."
        ),
    ),
    "omrade.hot_said": (
        "{n} i den valda tiden, {first} – {last}; {without} av dem utan närmare plats än distriktet.",
        "{n} in the chosen time, {first} – {last}; {without} of them without a closer place than the district.",
    ),
    "omrade.hot_top": ("Flest: {names}.", "Most: {names}."),
    "omrade.hot_above": (
        "Fler än invånarna ger, mer än slump: {names}.",
        "More than the inhabitants give, beyond chance: {names}.",
    ),
    "omrade.hot_no_above": (
        "Inget litet område har fler än invånarna ger, mer än vad som kan vara slump.",
        "No small area has more than its inhabitants give, beyond what could be chance.",
    ),
    "omrade.hot_none": (
        "Inget är känt i distriktet i den valda tiden. Vidga tiden i tidslisten.",
        "Nothing is known in the district in the chosen time. Widen the time in the time bar.",
    ),
    "omrade.small_area": ("Litet område", "Small area"),
    "omrade.people": ("Invånare", "Inhabitants"),
    "omrade.per_1000": ("Per 1 000 invånare", "Per 1,000 inhabitants"),
    "omrade.verdict": ("Mot invånarantalet", "Against the inhabitants"),
    "omrade.of_above": ("fler", "more"),
    "omrade.of_below": ("färre", "fewer"),
    "omrade.of_chance": ("kan vara slump", "could be chance"),
    "omrade.of_few": ("för få fall", "too few cases"),
    # Places
    "omrade.places": ("Platser med flera", "Places with several"),
    "omrade.places_help": (
        (
            "Rutor om 100 meter med minst tre i den valda tiden; har ingen det visas det senaste året. Skyddade "
            "uppgifter är inte med, inte heller det som saknar exakt plats. En ruta kan rymma flera hus. Kartan på "
            "sidan Nu visar platsen."
        ),
        (
            "Squares of 100 metres with at least three in the chosen time; where none has, of the last year. What is "
            "protected is left out, as is what has no exact place. A square may hold several houses. The map on the "
            "page Now shows the place."
        ),
    ),
    "omrade.places_window": (
        "{n} rutor med minst tre i den valda tiden.",
        "{n} squares with at least three in the chosen time.",
    ),
    "omrade.places_window_one": (
        "1 ruta med minst tre i den valda tiden.",
        "1 square with at least three in the chosen time.",
    ),
    "omrade.places_not": (
        "Ingen plats har minst tre i den valda tiden.",
        "No place has at least three in the chosen time.",
    ),
    "omrade.places_year": (
        "Här är det senaste årets: {n} rutor med minst tre.",
        "Here are the last year's: {n} squares with at least three.",
    ),
    "omrade.places_year_one": (
        "Här är det senaste årets: 1 ruta med minst tre.",
        "Here is the last year's: 1 square with at least three.",
    ),
    "omrade.places_none": (
        "Ingen plats har minst tre, varken i den valda tiden eller på ett år.",
        "No place has at least three, neither in the chosen time nor in a year.",
    ),
    "omrade.places_refused": (
        "Din roll ser siffror och inte enskilda händelser: platser finare än små områden visas inte.",
        "Your role sees figures and no single incidents: no places finer than small areas are shown.",
    ),
    "omrade.last": ("Senast", "Last"),
    "omrade.lon": ("Longitud", "Longitude"),
    "omrade.lat": ("Latitud", "Latitude"),
    # What was done
    "omrade.done": ("Vad som gjordes, och om det hjälpte", "What was done, and whether it worked"),
    "omrade.done_help": (
        (
            "Insatser ur loggboken. Anmälningar per vecka före och efter jämförs med distrikt som liknar det egna, "
            "inte gränsar till det och inte själva hade en insats. Punkterna är det egna distriktet mot de andra; "
            "före insatsen ska de ligga jämnt, annars sägs inget. Färre anmälningar är inte alltid mindre våld: en "
            "insats kan också ändra hur mycket som anmäls."
        ),
        (
            "Interventions of the log book. Reports a week before and after are compared with districts that are "
            "like the own one, do not border on it and had nothing of their own. The points are the own district "
            "against the others; before, they should lie level, or nothing is told. Fewer reports are not always "
            "less violence: what is done can also change how much is reported."
        ),
    ),
    "omrade.done_list": ("Insatser i distriktet", "Interventions in the district"),
    "omrade.done_none": (
        "Ingen insats i distriktet är noterad. Skriv en i loggboken, så följs den upp här av sig själv.",
        "No intervention in the district is noted. Write one in the log book, and it is followed up here by itself.",
    ),
    "omrade.log_book": ("Till loggboken", "To the log book"),
    "omrade.from_to": ("{begins} – {ends}", "{begins} – {ends}"),
    "omrade.goes_on": ("{begins} – pågår", "{begins} – goes on"),
    "omrade.waits": (
        "Räknas ut inom ett par minuter efter att insatsen noterats, annars i morgon kl. 05.30.",
        "Worked out within a few minutes of its being noted, otherwise tomorrow at 05:30.",
    ),
    "omrade.moved": ("Förflyttning: {said}", "Displacement: {said}"),
    # Beside similar districts
    "omrade.similar": ("Bredvid liknande distrikt", "Beside similar districts"),
    "omrade.similar_help": (
        (
            "Det egna distriktets tal och spannet för distrikt med ungefär lika många invånare och anmälningar "
            "(högst dubbelt eller hälften; annars de fyra närmaste). Ingen ordning och inga namn: i en lista byter "
            "distrikt plats av slump. Inom spannet betyder som andra, inte att det är bra."
        ),
        (
            "The own district's figures and the range of districts with about as many inhabitants and reports (twice "
            "or half at most; otherwise the four nearest). No order and no names: in a list districts change places "
            "by chance. Within the range means like others, not that it is well."
        ),
    ),
}

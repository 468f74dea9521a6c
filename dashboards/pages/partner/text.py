"""The texts of the page Statistik för partner, in Swedish and English."""

TEXT: dict[str, tuple[str, str]] = {
    "page.partner": ("Partnerstatistik", "Partner statistics"),
    "partner.cube": ("Tabell", "Table"),
    "partner.period": ("Period", "Period"),
    "partner.split_offence": ("Brott", "Offence"),
    "partner.split_hour": ("Tid på dygnet", "Time of day"),
    "partner.areas": ("Områden", "Areas"),
    "partner.kind_region": ("Region", "Region"),
    "partner.kind_polisomrade": ("Polisområden", "Police areas"),
    "partner.kind_lokalpolisomrade": ("Lokalpolisområden", "Local police areas"),
    "partner.kind_kommun": ("Kommuner", "Municipalities"),
    "partner.version": ("version {n}", "version {n}"),
    "partner.csv": ("Hämta CSV", "Download CSV"),
    "partner.json": ("Hämta JSON", "Download JSON"),
    "partner.chart": ("Anmälningar efter område", "Reports by area"),
    "partner.chart_of": ("{split}, {period}", "{split}, {period}"),
    "partner.table": ("Alla siffror i urvalet", "All figures in the selection"),
    "partner.hidden": ("dolt (1–4 eller skyddar ett sådant)", "hidden (1–4, or protects one that is)"),
    "partner.dots": (".. dolt", ".. hidden"),
    "partner.help_title": ("Vad betyder ”..”?", "What does “..” mean?"),
    "partner.help": (
        (
            "Två punkter står för en dold siffra: den är 1 till 4, eller så skulle den avslöja en sådan genom "
            "subtraktion mellan områden, perioder, tabeller eller versioner. Vilket av dem sägs inte. "
            "En dold siffra kan också vara noll. En summa kan därför visas när delarna inte gör det."
        ),
        (
            "Two dots stand for a hidden figure: it is 1 to 4, or it would give one away by subtraction between areas, "
            "periods, tables or versions. Which of the two is not told. A hidden figure can also be zero. "
            "So totals may be shown where their parts are not."
        ),
    ),
    "partner.counted": (
        "Räknat: anmälningar om brott i nära relation, var och en en gång under sitt grövsta brott.",
        "Counted: reports of offences in close relationships, each once under its gravest offence.",
    ),
    "partner.known": ("Känt vid", "Known at"),
    "partner.made": ("Version", "Version"),
    "partner.share": ("Dolda siffror", "Hidden figures"),
    "partner.share_of": ("{hidden} av {cells}", "{hidden} of {cells}"),
    "partner.seal": ("Kontrollsumma", "Checksum"),
    "partner.held": (
        "{n} siffror är från en tidigare version: rättelsen skulle avslöja ett litet antal.",
        "{n} figures are of an earlier version: the correction would give a small number away.",
    ),
    "partner.nothing": (
        "Inget är publicerat ännu. En månad publiceras när den är slut och till största delen anmäld.",
        "Nothing is published yet. A month is published when it is over and mostly reported.",
    ),
    "partner.area": ("Område", "Area"),
    "partner.count": ("Antal", "Number"),
    "partner.state": ("Status", "Status"),
}

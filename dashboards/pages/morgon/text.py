"""The texts of the page Morgongenomgång, in Swedish and English."""

TEXT: dict[str, tuple[str, str]] = {
    "page.morgon": ("Morgongenomgång", "Morning briefing"),
    "morgon.of": ("Område", "District"),
    "morgon.edition": ("Utgåva", "Edition"),
    "morgon.region": ("Hela regionen", "The whole region"),
    "morgon.pdf": ("PDF", "PDF"),
    "morgon.document": ("Dokument", "Document"),
    "morgon.print": ("Skriv ut", "Print"),
    "morgon.named": ("{day}, utgåva {n}", "{day}, edition {n}"),
    "morgon.newest": (
        "Det här är inte den senaste utgåvan: välj ovan.",
        "This is not the newest edition: choose above.",
    ),
    "morgon.none": (
        "Ingen morgongenomgång är gjord ännu. Den görs 06:30, eller strax efter att dagens mått har räknats.",
        "No briefing has been made yet. It is made at 06:30, or soon after the day's measures have been worked out.",
    ),
    "morgon.none_then": (
        "Vid den tidpunkt du tittar på fanns ingen morgongenomgång. Gå framåt i tiden för att se en.",
        "At the moment you look at there was no briefing. Go forward in time to see one.",
    ),
    "morgon.none_for_you": (
        "Din roll ser inga morgongenomgångar: de citerar loggboken. De är för analytiker, regionchef och områdeschef.",
        "Your role sees no briefings: they quote the log book. They are for analysts, commanders and area chiefs.",
    ),
}

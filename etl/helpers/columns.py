"""Which column of a source holds which of our fields, worked out once per heading from a feed's ``feed.toml``.

The tables of ``feed.toml`` that are read here (``docs/adding-a-feed.md`` tells them at length)::

    [columns]      our field = the source's column names, the likeliest first; case, accents and blanks do not count
    [attributes]   any other fact worth showing = column names
    [values.FIELD] the source's word = ours; where given, any other word is a problem
    [table]        group_by, needed, row_key, sheet, day_first
    [offence]      width = 4 pads numeric codes with zeros; prefix = "uppdrag:" makes a code of a word
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from app.domain.errors import SetupError, UnreadableFile
from etl.helpers.dates import LocalTimes, local_times
from etl.helpers.people import PEOPLE_FIELDS, told_roles
from etl.helpers.swedish import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from etl.feed import Feed

INCIDENT_FIELDS = (
    "source_key", "state", "occurred_from", "occurred_from_time", "occurred_to", "occurred_to_time", "reported_at",
    "reported_at_time", "known_at", "title", "summary", "place_text", "street", "street_number", "url", "priority",
    "protected", "latitude", "longitude",
)  # fmt: skip
AREA_FIELDS = ("regso", "area", "lokalpolisomrade", "kommun", "polisomrade", "lan")
"""Names or codes of areas, from fine to coarse."""
OFFENCE_FIELDS = ("code", "count", "victim", "suspect", "relation")
FIELDS = frozenset((*INCIDENT_FIELDS, *AREA_FIELDS, *OFFENCE_FIELDS, *PEOPLE_FIELDS))
PEOPLE = frozenset(("victim", "suspect", *PEOPLE_FIELDS))
NEEDED = ("source_key", "occurred_from", "code")


@dataclass(frozen=True)
class Plan:
    """The columns of one heading: our field to the source's name. A field that it lacks is absent."""

    column: dict[str, str]
    attributes: dict[str, str]
    cells: tuple[tuple[str, str], ...]
    """``column`` as pairs, to walk along."""
    areas: tuple[str, ...]
    """Those of `AREA_FIELDS` that are there."""
    roles: tuple[str, ...]
    """The roles of which people's identity fields are there."""


@dataclass(frozen=True)
class ColumnMap:
    """A feed's mapping, compiled. Get it with `mapping_of`."""

    feed_name: str
    columns: dict[str, tuple[str, ...]]
    attributes: dict[str, tuple[str, ...]]
    values: dict[str, dict[str, Any]]
    needed: tuple[str, ...]
    group_by: tuple[str, ...]
    row_key: tuple[str, ...]
    sheet: str | None
    width: int
    prefix: str
    times: LocalTimes
    names: dict[str, tuple[str, ...]]

    @cached_property
    def _plans(self) -> dict[tuple[str, ...], Plan]:
        return {}

    def plan(self, heading: tuple[str, ...]) -> Plan:
        """Where our fields are in a heading."""
        known = self._plans.get(heading)
        if known is None:
            if len(self._plans) > 10_000:  # JSON objects may each have other names
                self._plans.clear()
            present = {plain(name): name for name in reversed(heading)}
            column = _found(self.columns, present)
            areas = tuple(field for field in AREA_FIELDS if field in column)
            known = Plan(
                column, _found(self.attributes, present), tuple(column.items()), areas, told_roles(column)
            )
            self._plans[heading] = known
        return known

    def fit(self, cells: list[str]) -> int:
        """How many of our fields a row names; 0 when one that is needed is missing."""
        plan = self.plan(tuple(cells))
        return 0 if self.missing(plan) else len(plan.column)

    def missing(self, plan: Plan) -> list[str]:
        """The needed fields that a heading lacks."""
        if self.keyed_by_row(plan):
            return [field for field in self.needed if field not in plan.column and field != "source_key"]
        return [field for field in self.needed if field not in plan.column]

    def keyed_by_row(self, plan: Plan) -> bool:
        """Whether the source numbers nothing, so that the row itself must be its key."""
        return (
            "source_key" not in plan.column
            and bool(self.row_key)
            and all(f in plan.column for f in self.row_key)
        )

    def require(self, heading: tuple[str, ...]) -> Plan:
        """The plan of a file's heading.

        Raises:
            UnreadableFile: A column that the feed cannot do without is not there.
        """
        plan = self.plan(heading)
        lacking = self.missing(plan)
        if not lacking:
            return plan
        wanted = "; ".join(f"{field} ({' or '.join(self.names[field])})" for field in lacking)
        # A file without a heading shows its first row here: only names that the feed itself knows may be told.
        found = ", ".join(dict.fromkeys((*plan.column.values(), *plan.attributes.values())))
        raise UnreadableFile(
            f"The file has no column for {wanted}; of its {len(heading)} columns the feed knows {found or 'none'}. "
            f"Name the column under [columns] in etl/feeds/{self.feed_name}/feed.toml or send the right file."
        )


def _found(wanted: Mapping[str, Iterable[str]], present: Mapping[str, str]) -> dict[str, str]:
    """The first accepted name of each field that is present."""
    return {
        field: present[name]
        for field, names in wanted.items()
        for name in [next((name for name in names if name in present), None)]
        if name is not None
    }


def mapping_of(feed: Feed) -> ColumnMap:
    """The compiled mapping of a feed, made once.

    Raises:
        SetupError: ``feed.toml`` names a field that does not exist, or leaves out a needed one.
    """
    known = _maps.get(id(feed))
    if known is None or known[0] is not feed:
        known = _maps[id(feed)] = (feed, _compile(feed))
    return known[1]


_maps: dict[int, tuple[Feed, ColumnMap]] = {}
"""By the very feed, since its settings cannot be hashed; kept beside it, so that its id stays its own."""


def _compile(feed: Feed) -> ColumnMap:
    where = f"etl/feeds/{feed.name}/feed.toml"
    settings = feed.settings
    table = settings.get("table", {})
    columns: dict[str, list[str]] = settings.get("columns", {})
    needed = tuple(table.get("needed", NEEDED))
    group_by = tuple(table.get("group_by", ()))
    row_key = tuple(table.get("row_key", ()))
    for field in (*columns, *settings.get("values", {}), *needed, *group_by, *row_key):
        if field not in FIELDS:
            raise SetupError(
                f"{where} names the field {field!r}; the fields are {', '.join(sorted(FIELDS))}."
            )
    if not feed.holds_identities and (told := sorted(PEOPLE.intersection(columns))):
        raise SetupError(
            f"{where} reads {told[0]!r}, which tells of people: it needs holds_identities = true."
        )
    for field in needed:
        if field not in columns:
            raise SetupError(f"{where} needs a list of column names for {field!r} under [columns].")
    offence = settings.get("offence", {})
    return ColumnMap(
        feed_name=feed.name,
        columns={field: tuple(plain(name) for name in names) for field, names in columns.items()},
        attributes={
            fact: tuple(plain(name) for name in names)
            for fact, names in settings.get("attributes", {}).items()
        },
        values={
            field: {form: ours for word, ours in words.items() for form in (word, word.casefold())}
            for field, words in settings.get("values", {}).items()
        },
        needed=needed,
        group_by=group_by,
        row_key=row_key,
        sheet=table.get("sheet"),
        width=offence.get("width", 0),
        prefix=offence.get("prefix", ""),
        times=local_times(feed.region.zone, day_first=table.get("day_first", False)),
        names={field: tuple(names) for field, names in columns.items()},
    )

"""What is asked every day: which measure, of which table, with which settings, and of what areas.

All questions are about reports of violence in close relationships, as known at half past five, of the days before.
A question for each area by itself (``each``) or divided among them (``divide``) has a result for each local police
district, which its chief sees, besides the region's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.measure import Sentence
from app.jobs import district_tables as districts
from app.jobs.question_tables import (
    YEAR,
    Frame,
    by_delay,
    by_week,
    by_week_for_forecast,
    cases_by_area,
    delays,
    events,
    harm,
    hours,
    normal_by_group,
    normal_by_week,
    normal_of_region,
    region_by_week,
    region_by_week_for_forecast,
    reports_of,
    small_areas,
)


@dataclass(frozen=True)
class Question:
    """A measure of a table with settings, and how the districts get their share of it (``app.jobs.working_out``)."""

    name: str
    measure: str
    title: Sentence
    frame: Frame
    params: Mapping[str, Any] = field(default_factory=dict)
    each: bool = False
    divide: tuple[str, ...] = ()
    shared: frozenset[str] = frozenset()

    @property
    def by_area(self) -> bool:
        """Whether there is a result for each district."""
        return self.each or bool(self.divide)


QUESTIONS: tuple[Question, ...] = (
    Question(
        "forecast",
        "forecast",
        Sentence("De kommande veckorna", "The weeks to come"),
        by_week_for_forecast,
        {"leave_out": 2},
        divide=("area", "recent_area", "checked_area"),
        shared=frozenset({"last_week"}),
    ),
    Question(
        "deviation",
        "deviation",
        Sentence("Mer eller färre än vanligt, förra veckan", "More or fewer than usual, last week"),
        by_week,
        divide=("area",),
        shared=frozenset({"step", "q"}),
    ),
    Question(
        "forecast_region",
        "forecast",
        Sentence("De kommande veckorna, hela regionen", "The weeks to come, the whole region"),
        region_by_week_for_forecast,
        {"leave_out": 2},
    ),
    Question(
        "deviation_region",
        "deviation",
        Sentence("Mer eller färre än vanligt, hela regionen", "More or fewer than usual, the whole region"),
        region_by_week,
    ),
    Question(
        "normal",
        "farrington",
        Sentence("Normalläget vecka för vecka", "What is normal, week by week"),
        normal_by_week,
        each=True,
    ),
    Question(
        "normal_region",
        "farrington",
        Sentence(
            "Normalläget vecka för vecka, hela regionen", "What is normal, week by week, the whole region"
        ),
        normal_of_region,
    ),
    Question(
        "normal_groups",
        "farrington",
        Sentence(
            "Normalläget vecka för vecka, brottstyper", "What is normal, week by week, groups of offences"
        ),
        normal_by_group,
    ),
    Question(
        "nowcast",
        "nowcast",
        Sentence("De senaste dygnen, när allt har kommit in", "The last days, when all has come in"),
        by_delay,
        divide=("area",),
        shared=frozenset({"as_of", "level", "horizon_days"}),
    ),
    Question(
        "repeats_pairs",
        "repeats",
        Sentence("Upprepad utsatthet: par", "Repeat victimisation: pairs"),
        reports_of("dyad", "pair"),
        each=True,
    ),
    Question(
        "repeats_victims",
        "repeats",
        Sentence("Upprepad utsatthet: målsägande", "Repeat victimisation: victims"),
        reports_of("victim", "victim"),
        each=True,
    ),
    Question(
        "repeats_addresses",
        "repeats",
        Sentence("Upprepad utsatthet: adresser", "Repeat victimisation: addresses"),
        reports_of("address", "address"),
        each=True,
    ),
    Question(
        "concentration_areas",
        "concentration",
        Sentence("Hur samlat det är: små områden", "How concentrated it is: small areas"),
        cases_by_area,
        each=True,
    ),
    Question(
        "hot_areas",
        "local_g",
        Sentence("Heta och kalla områden", "Hot and cold areas"),
        small_areas,
        {"of": "eb_index", "min_expected": 5, "permutations": 999},
    ),
    Question(
        "like_neighbours",
        "local_moran",
        Sentence("Områden som liknar sina grannar", "Areas like their neighbours"),
        small_areas,
        {"of": "eb_index", "min_expected": 5, "permutations": 999},
    ),
    Question(
        "area_rates",
        "area_rates",
        Sentence("Anmälningar mot invånarantalet", "Reports against the number of inhabitants"),
        small_areas,
    ),
    Question(
        "clusters",
        "scan",
        Sentence("Kluster just nu", "Clusters just now"),
        events(YEAR, squares=True, framed=True),
        {"max_radius": 2000, "max_days": 14},
        each=True,
    ),
    Question(
        "density",
        "density",
        Sentence("Hur tätt det ligger", "How thick it lies"),
        events(YEAR, squares=True),
        {"grid": 128},
    ),
    Question(
        "harm",
        "harm",
        Sentence("Antal och skada, fyra veckor", "Counts and harm, four weeks"),
        harm,
        each=True,
    ),
    Question(
        "hours",
        "aoristic",
        Sentence("Veckans timmar", "The hours of the week"),
        hours,
        each=True,
    ),
    Question(
        "near_repeat",
        "knox",
        Sentence("Upprepas det nära och snart?", "Does it happen again near and soon?"),
        events(2 * YEAR),
        each=True,
    ),
    Question(
        "near_repeat_reach",
        "space_time_k",
        Sentence("Hur nära och hur länge det upprepas", "How near and for how long it happens again"),
        events(2 * YEAR),
        each=True,
    ),
    Question(
        "alert_rule",
        "backtest",
        Sentence("Larmregeln prövad bakåt", "The alert rule replayed"),
        delays,
        {"rule": "deviation", "window_days": 7, "at_least": 5, "deviations": 3, "windows_before": 26},
    ),
    Question(
        "recurring",
        "recurring",
        Sentence("Att följa upp i distriktet", "To follow up in the district"),
        districts.recurring,
        divide=("area",),
    ),
    Question(
        "similar",
        "similar",
        Sentence("Bredvid liknande distrikt", "Beside similar districts"),
        districts.similar,
        divide=("area",),
        shared=frozenset({"per"}),
    ),
)

"""Where: Gi*, local Moran, and rates against the number of inhabitants."""

from __future__ import annotations

from app.domain.measure import Measure, Sentence
from app.measures.hotspot import area_rates, local_g, moran, why
from app.measures.hotspot.area_rates import AreaRatesParams, AreaRatesResult
from app.measures.hotspot.areas import ID, VALUE, X, Y, cases, population
from app.measures.hotspot.local_g_model import LocalGParams, LocalGResult
from app.measures.hotspot.moran_model import LocalMoranParams, LocalMoranResult

COMPARED = (ID, X, Y, VALUE, population(required=False), cases(required=False))

MEASURES = (
    Measure(
        name="local_g",
        version=1,
        title=Sentence("Heta och kalla områden (Gi*)", "Hot and cold areas (Gi*)"),
        columns=COMPARED,
        params=LocalGParams,
        result=LocalGResult,
        run=local_g.run,
        say=why.say,
        checks=("localg_nc_sids",),
    ),
    Measure(
        name="local_moran",
        version=1,
        title=Sentence(
            "Områden som liknar sina grannar (lokal Moran)", "Areas like their neighbours (local Moran)"
        ),
        columns=COMPARED,
        params=LocalMoranParams,
        result=LocalMoranResult,
        run=moran.run,
        say=moran.say,
        checks=("localg_nc_sids",),
    ),
    Measure(
        name="area_rates",
        version=1,
        title=Sentence("Andelar mot invånarantalet", "Rates against the number of inhabitants"),
        columns=(ID, X, Y, population(required=True), cases(required=True)),
        params=AreaRatesParams,
        result=AreaRatesResult,
        run=area_rates.run,
        say=area_rates.say,
        checks=("localg_nc_sids",),
    ),
)

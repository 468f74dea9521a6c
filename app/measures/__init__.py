"""One folder per measure: ``measure.py`` (pure: frame in, frame out, ``now`` and random generator passed in),
``method.md`` (what it says, what it does not, sources with DOI, minimum data, limits), a sample and what is expected of
it. A measure draws nothing and reads nothing; figures are drawn in ``dashboards``.
"""

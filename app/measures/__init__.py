"""One folder per measure: a pure function, its method, a sample and what is expected of it.

``measure.py`` takes a frame and gives a frame, with ``now`` and the random generator passed in; ``method.md`` says what
it tells and what not, its sources with DOI, the data it needs at least, and its limits. A measure draws nothing and
reads nothing: figures are drawn in ``dashboards``.
"""

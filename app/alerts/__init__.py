"""Alert rules, pure: what a rule is, when it fires, what is one alert, and what it would have done. No I/O.

The same ``evaluate`` is used live and in replay: it looks at every moment at which anything it knows of changed, so it
does not matter how often it is asked (``docs/alerts.md``).
"""

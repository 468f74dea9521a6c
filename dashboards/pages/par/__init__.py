"""The page Par: pairs that were reported again, one pair's ladder of reports, and what was noted about it."""

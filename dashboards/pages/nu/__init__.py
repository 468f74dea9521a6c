"""The page Nu: the live map, the ticker and the counters."""

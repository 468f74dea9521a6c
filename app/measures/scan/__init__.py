"""Where it happens more than usual just now: a scan of all circles and all of the last days, once a day."""

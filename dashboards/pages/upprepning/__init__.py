"""Upprepad utsatthet: what comes again, for whom and where, how soon, and whether it is more than chance."""

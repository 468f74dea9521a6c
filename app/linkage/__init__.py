"""Linkage: which mentions on reports may be of one person. Pure functions, frames in and frames out.

A probability here is that of identity: that two mentions are of one person. It says nothing about what anybody
did or might do, orders nobody, and merges nobody: ``app.jobs.link`` proposes pairs, a person decides
(``app.commands.links``).
"""

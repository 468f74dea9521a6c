"""Disclosure control: what a partner may be shown of counts over area, offence and time, and what stays hidden.

Pure: counts in, a publication out; no clock, no database, no randomness that is not handed in. Read in this order:

* `axis`, `cube`: what is counted and the fixed cubes that are shown of it;
* `policy`: which cell is small, how wide a hidden cell has to stay;
* `attack`: what a reader can work out from everything shown;
* `suppress`: the further cells that must be hidden so that nothing can be worked out;
* `ledger`: what was published, once for each period, and what therefore may still be published;
* `published`: the only form that charts, tables, tooltips, exports and the API are given.

The reasons are in ``docs/disclosure.md``, the choices in ``docs/decisions/2026-11-24-disclosure-control.md``.
"""

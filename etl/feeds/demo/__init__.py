"""Sealed Stockholm: a seeded generator of a plausible region, with planted truth.

Read in this order: ``shape`` (when things happen), ``places`` (where), ``people`` (to whom), ``cohorts`` and ``world``
(pairs and their reports), ``versions`` (what was registered when), ``calls``, ``planted`` (the bursts, the silences),
``stories`` (what is told as of the first start), ``formats`` and ``deliveries``, ``truth`` (what was planted),
``fetch`` (back-fill and real time).

But for the stories everything is a function of the seed and the calendar, never of the moment at which it is
generated: any day can be made alone, again, and comes out the same. Nobody in it exists: personnummer are of people
born 18xx, streets have made-up names.
"""

"""The morning's briefing, pure: facts in, an edition out, and an edition as HTML and PDF.

Nothing here reads anything: ``app.jobs.briefing`` reads the facts and stores the edition. The same facts give the same
edition, and the same edition the same document, so what was handed out can be proved later.
"""

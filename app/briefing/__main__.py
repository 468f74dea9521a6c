"""``python -m app.briefing``: an edition on standard input, its PDF on standard output.

A PDF takes seconds and a hundred megabytes, so the web makes it in a process of its own. The input is one JSON object:
``content`` (the stored edition), ``head`` (edition_id, number, made_at, sha256), ``language``, ``links``. Where the
machine lacks Pango the exit code is 3 and the sentence is on standard error.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime

from app.briefing.edition import read
from app.briefing.html import Head
from app.briefing.pdf import pdf
from app.domain.errors import Unavailable


def main() -> int:
    """Read, make, write."""
    asked = json.load(sys.stdin)
    head = dict(asked["head"])
    head["made_at"] = datetime.fromisoformat(head["made_at"])
    try:
        made = pdf(read(asked["content"]), Head(**head), asked["language"], links=asked["links"])
    except Unavailable as error:
        sys.stderr.write(str(error))
        return 3
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())

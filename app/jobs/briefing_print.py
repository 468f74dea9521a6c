"""A stored edition as a PDF, made in a process of its own: it takes seconds, and others are answered meanwhile."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import orjson

from app.config import ROOT
from app.domain.errors import Unavailable

if TYPE_CHECKING:
    from app.briefing.html import Head
    from app.domain.words import Language

LONGEST_S = 60.0
AT_ONCE = asyncio.Semaphore(2)
NO_PANGO = 3
"""The exit code of a process that cannot make any (``app/briefing/__main__.py``)."""


async def printed(content: str, head: Head, language: Language, *, links: str = "") -> bytes:
    """The PDF.

    Args:
        content: The edition as it is stored.
        head: What is known of it beside.
        language: In which language.
        links: Where the running picture is: the edition's links lead there.

    Raises:
        Unavailable: The system lacks what it takes, or it took too long; the sentence says which.
    """
    asked = orjson.dumps({"content": content, "head": head._asdict(), "language": language, "links": links})
    async with AT_ONCE:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app.briefing", cwd=ROOT,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            async with asyncio.timeout(LONGEST_S):
                made, problem = await process.communicate(asked)
        except TimeoutError:
            raise Unavailable("The PDF took too long to make; try again in a moment.") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode == NO_PANGO:
        raise Unavailable(problem.decode())
    if process.returncode:
        raise Unavailable("The PDF could not be made; the edition as HTML is there all the same.")
    return made

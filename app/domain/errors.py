"""One class for each way that things go wrong; each message is one sentence that says what to do.

The sentence is English: so the API and the command line say it. What a page can show has a Swedish wording besides
(``tests/domain/test_errors.py`` lists the modules where every sentence needs one).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.domain.words import Language


class LagesbildError(Exception):
    """Anything we can explain. ``str(error)`` is fit for the user's eyes: no stack, no secrets. ``sv``: in Swedish."""

    def __init__(self, sentence: str, *, sv: str | None = None) -> None:
        super().__init__(sentence)
        self.sv = sv

    def said(self, language: Language) -> str:
        """The sentence in this language; in English where it has no Swedish wording."""
        return self.sv if language == "sv" and self.sv is not None else str(self)


class BadInput(LagesbildError):  # noqa: N818 - reads as what it is
    """What was asked or sent cannot be understood; asking again the same way will not help."""


class NotFound(LagesbildError):  # noqa: N818
    """No such thing, or none that the asker may see: the two are not told apart."""


class NotAllowed(LagesbildError):  # noqa: N818
    """The asker is known and has no permission for this."""


class TooMany(LagesbildError):  # noqa: N818
    """Asked too often; the same call may succeed after ``retry_after_s`` seconds."""

    def __init__(self, sentence: str, retry_after_s: int, *, sv: str | None = None) -> None:
        super().__init__(sentence, sv=sv)
        self.retry_after_s = retry_after_s


class Unavailable(LagesbildError):  # noqa: N818
    """Something we lean on does not answer now; the same call may succeed later."""


class UnreadableFile(BadInput):
    """A delivery that cannot be read as its feed's format at all; it is kept in quarantine whole."""


class SetupError(LagesbildError):
    """The machine lacks something we need; the message names it and the way to get it."""

"""The gate: outermost, for HTTP and WebSocket alike, and shut unless something opens it."""

from app.gate.gate import Gate, viewer_of
from app.gate.sessions import COOKIE, Sessions

__all__ = ["COOKIE", "Gate", "Sessions", "viewer_of"]

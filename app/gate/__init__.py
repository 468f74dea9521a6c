"""The gate: outermost, for HTTP and WebSocket alike, and shut unless something opens it."""

from app.gate.build import build_gate
from app.gate.gate import Gate, until_ended, viewer_of
from app.gate.limits import spend

__all__ = ["Gate", "build_gate", "spend", "until_ended", "viewer_of"]

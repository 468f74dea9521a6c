"""Open streams end as soon as the server is told to stop; it would else wait for them until its patience ends."""

from __future__ import annotations

import asyncio
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.queries.live import Live

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def close_streams_when_told_to_stop(live: Live) -> Iterator[None]:
    """Set ``live.closing`` on SIGINT and SIGTERM, before whatever the server does on them."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are another thread's: whoever runs us here ends us
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def closing(number: int, frame: Any) -> None:
        loop.call_soon_threadsafe(live.closing.set)
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    ours = {number: handler for number, handler in before.items() if callable(handler)}
    for number in ours:
        signal.signal(number, closing)
    try:
        yield
    finally:
        for number, handler in ours.items():
            if signal.getsignal(number) is closing:
                signal.signal(number, handler)

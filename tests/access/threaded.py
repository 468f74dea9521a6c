"""A real server in a thread with a loop of its own, for what asks from outside and is not asynchronous itself."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from app.config import Settings
from app.main import create_app


@contextmanager
def threaded_server(dsn: str, settings: Settings, **options: Any) -> Iterator[str]:
    """The address of a server on the database; it ends with its thread. ``options`` go to uvicorn."""
    config = uvicorn.Config(
        create_app(settings, dsn), log_level="error", timeout_graceful_shutdown=2, ws="websockets-sansio",
        **options,
    )  # fmt: skip
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])), daemon=True)
        thread.start()
        deadline = time.monotonic() + 30
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            assert time.monotonic() < deadline, "the server did not start in time"
            time.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(20)
            assert not thread.is_alive(), "the server did not end"

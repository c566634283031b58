"""Serving a store until it is stopped."""

from __future__ import annotations

import errno
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType

import uvicorn
from rich.console import Console

from kb.endpoint import Settings
from kb.errors import FactlineError, UsageError
from kb.web.app import create_app

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
DRAIN = 15
"""Seconds that a server which is stopped gives what it was asked before; nothing new is let in."""


def serve(
    store_dir: Path | str,
    host: str = DEFAULT_HOST,
    port: int = DEFAULT_PORT,
    settings: Settings | None = None,
    *,
    say: Callable[[str], None] | None = None,
) -> None:
    """Serves the store on ``host`` and ``port`` (0: any free one) until interrupted.

    ``settings`` limits what a query may take; ``say`` gets the lines for the person who started it (default: standard
    error), the first of which is the address.
    Raises StoreError if the store cannot be opened and UsageError if the address is not to be had.
    """
    app = create_app(store_dir, settings)
    listening = _listen(host, port)
    with listening:
        address = f"http://{_written(host)}:{listening.getsockname()[1]}/"
        for line in greeting(address, app.state.site.live.base):
            (say or Console(stderr=True, highlight=False, soft_wrap=True).print)(line)
        config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=DRAIN)
        if threading.current_thread() is threading.main_thread():
            # When all is answered, uvicorn sends itself the signal again: to be stopped is how it is meant to end.
            signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt):  # Ctrl+C is how it is meant to end
            _Server(config, app.state.site.stopping).run(sockets=[listening])


class _Server(uvicorn.Server):
    """Tells open pages that it stops, so that they do not hold it up."""

    def __init__(self, config: uvicorn.Config, stopping: threading.Event) -> None:
        super().__init__(config)
        self._stopping = stopping

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stops."""
        self._stopping.set()
        super().handle_exit(sig, frame)


def greeting(address: str, base: str) -> list[str]:
    """The lines that say where the site is, and how IRIs open when the store was made for another address."""
    lines = [f"Factline is at {address} (stop with Ctrl+C)", f"SPARQL endpoint: {address}sparql"]
    if base != address:
        lines.append(
            f"The IRIs of this store begin with {base}; they open here by their path: {base}claim/… is {address}claim/…"
        )
    return lines


def _listen(host: str, port: int) -> socket.socket:
    if not 0 <= port <= 65535:
        raise UsageError(f"port {port} is not between 0 and 65535")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        made = socket.create_server((host, port), family=family, backlog=2048)
        # Inherited by every connection; an answer in two parts would else wait 40 ms for the client's acknowledgement.
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise UsageError(
                f"port {port} of {host} is in use; give another with --port, or 0 for any free one"
            ) from error
        if error.errno == errno.EACCES:
            raise UsageError(f"port {port} needs more rights; give one above 1023 with --port") from error
        raise FactlineError(f"cannot listen on {host} port {port}: {error.strerror or error}") from error


def _written(host: str) -> str:
    return f"[{host}]" if ":" in host else host

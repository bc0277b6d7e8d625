"""The portal as a process: one server, any port, a clean stop."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import uvicorn

from intercentre.portal.application import create_app

if TYPE_CHECKING:
    from intercentre.core.hub import Hub

_BACKLOG = 256


def run(hub: Hub, hote: str = "127.0.0.1", port: int = 8000, ready: Callable[[str], None] | None = None) -> None:
    """The portal answers at `hote`:`port` until it is told to stop (Ctrl-C, TERM).

    port   0 for any free one
    ready  called once with the address (http://host:port) when requests are answered
    raises OSError when the port is taken
    """
    with _listen(hote, port) as listener:
        address = f"http://{_shown(hote)}:{listener.getsockname()[1]}"
        config = uvicorn.Config(
            create_app(hub), log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=10
        )
        with suppress(KeyboardInterrupt):  # the server has stopped cleanly and only passes Ctrl-C on
            _Server(config, address, ready).run(sockets=[listener])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, address: str, ready: Callable[[str], None] | None) -> None:
        super().__init__(config)
        self._address = address
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and self._ready is not None:
            self._ready(self._address)


def _listen(hote: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in hote else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((hote, port))
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _shown(hote: str) -> str:
    """The host as an address that can be opened from this machine."""
    if hote in ("0.0.0.0", "::"):  # noqa: S104  (compared, not bound)
        return "127.0.0.1"
    return f"[{hote}]" if ":" in hote else hote

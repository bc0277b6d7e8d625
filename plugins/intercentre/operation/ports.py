"""TCP ports of this machine: none is assumed free."""

from __future__ import annotations

import socket
from collections.abc import Collection


def free_port(preferred: int = 0, taken: Collection[int] = ()) -> int:
    """`preferred` when it can be listened on and is not in `taken`, else a port that the system gives."""
    if preferred and preferred not in taken and _can_listen(preferred):
        return preferred
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port not in taken:
            return port


def is_listened_on(port: int) -> bool:
    """Whether something answers on this port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _can_listen(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True

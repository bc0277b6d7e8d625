"""An HTTP server that does what a script says, answer after answer: how centres' servers fail in life."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import responses
from types import TracebackType


@dataclass
class Request:
    """One request as the server saw it; header names in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes = b""


Step = Callable[[Request, socket.socket], None]


def answer(status: int = 200, body: bytes = b"", **headers: str) -> Step:
    """A whole answer; header names take `_` for `-`. Content-Length is right unless given (empty: none at all)."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    named.setdefault("Content-Length", str(len(body)))
    lines = [f"HTTP/1.1 {status} {responses.get(status, 'X')}", "Connection: close"]
    lines += [f"{name}: {text}" for name, text in named.items() if text]
    head = "\r\n".join(lines) + "\r\n\r\n"

    def step(_request: Request, connection: socket.socket) -> None:
        connection.sendall(head.encode("latin-1") + body)

    return step


@dataclass
class ScriptedServer:
    """Each request takes the next step of the script; the last step answers all that follow."""

    script: Sequence[Step]
    requests: list[Request] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> ScriptedServer:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(5)
                try:
                    self._answer(connection)
                except OSError:  # the other side went away, as it may
                    continue

    def _answer(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as stream:
            first = stream.readline().decode("latin-1").split(" ")
            headers = {}
            for line in iter(stream.readline, b"\r\n"):
                if not line:
                    return
                name, _, text = line.decode("latin-1").partition(":")
                headers[name.lower()] = text.strip()
            body = stream.read(int(headers.get("content-length", "0")))
        request = Request(first[1], headers, body)
        self.requests.append(request)
        self.script[min(len(self.requests), len(self.script)) - 1](request, connection)

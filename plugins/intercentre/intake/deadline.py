"""A deadline that holds whatever the other side does: at its hour every open connection is cut."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class Watchdog:
    """Cuts the connections that it watches when `seconds` are over; a byte a second keeps no one waiting for ever.

    Timeouts of a socket bound one wait only, and a server that sends a little now and then never meets them.
    """

    def __init__(self, seconds: float) -> None:
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._over = False
        self._timer = threading.Timer(max(0.0, seconds), self._cut)
        self._timer.daemon = True

    @property
    def is_over(self) -> bool:
        """True once the deadline has passed and the connections are cut."""
        return self._over

    def watch(self, connection: socket.socket) -> None:
        """`connection` is cut at the deadline, at once when that is over."""
        with self._lock:
            self._open.append(connection.dup())  # TLS detaches the socket that it wraps; a copy stays valid
        if self._over:
            self._cut()

    def hang_up(self) -> None:
        """Every connection so far is over: the other side learns it at once, whatever it was still sending."""
        with self._lock:
            while self._open:
                _end(self._open[-1])
                self._open.pop().close()

    def __enter__(self) -> Watchdog:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self.hang_up()

    def _cut(self) -> None:
        with self._lock:
            self._over = True
            for connection in self._open:
                _end(connection)


def _end(connection: socket.socket) -> None:
    with suppress(OSError):  # it is over already
        connection.shutdown(socket.SHUT_RDWR)


def watched_session(watchdog: Watchdog) -> requests.Session:
    """A session whose connections are all watched; no proxy and no .netrc: a centre is reached where its entry says."""
    session = _Session()
    session.trust_env = False
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter(watchdog))
    return session


class _Session(requests.Session):
    """Leaves redirections to the caller: requests would read their body whole, whatever its size."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        return None


class _Adapter(HTTPAdapter):
    def __init__(self, watchdog: Watchdog) -> None:
        self._watchdog = watchdog
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": self._plain_pool, "https": self._secure_pool}

    def _plain_pool(self, *args: Any, **options: Any) -> HTTPConnectionPool:
        pool = HTTPConnectionPool(*args, **options)
        pool.ConnectionCls = self._plain  # type: ignore[assignment]
        return pool

    def _secure_pool(self, *args: Any, **options: Any) -> HTTPSConnectionPool:
        pool = HTTPSConnectionPool(*args, **options)
        pool.ConnectionCls = self._secure  # type: ignore[assignment]
        return pool

    def _plain(self, *args: Any, **options: Any) -> HTTPConnection:
        connection = _PlainConnection(*args, **options)
        connection.watchdog = self._watchdog
        return connection

    def _secure(self, *args: Any, **options: Any) -> HTTPSConnection:
        connection = _SecureConnection(*args, **options)
        connection.watchdog = self._watchdog
        return connection


class _PlainConnection(HTTPConnection):
    watchdog: Watchdog

    def _new_conn(self) -> socket.socket:
        connection = super()._new_conn()
        self.watchdog.watch(connection)
        return connection


class _SecureConnection(HTTPSConnection):
    watchdog: Watchdog

    def _new_conn(self) -> socket.socket:
        connection = super()._new_conn()
        self.watchdog.watch(connection)
        return connection

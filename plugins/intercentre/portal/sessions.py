"""Sessions of persons who came in with their token: opaque, random, kept by the server in memory only."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

LIFETIME = timedelta(hours=8)


@dataclass(frozen=True)
class Session:
    """One person's session; `csrf` stands in each of its forms."""

    compte: str
    jeton_sha256: str
    csrf: str
    expire_le: datetime


@dataclass
class Sessions:
    """Open sessions by the SHA-256 of their identifier; a restart closes them all."""

    now: Callable[[], datetime]
    _open: dict[str, Session] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def open(self, compte: str, jeton_sha256: str) -> str:
        """A new session; returns the identifier that only the person's browser keeps."""
        identifier, now = secrets.token_urlsafe(32), self.now()
        session = Session(compte, jeton_sha256, secrets.token_urlsafe(32), now + LIFETIME)
        with self._lock:
            self._open = {key: kept for key, kept in self._open.items() if kept.expire_le > now}
            self._open[_digest(identifier)] = session
        return identifier

    def find(self, identifier: str) -> Session | None:
        """The session of this identifier, unless it is closed or has expired."""
        session = self._open.get(_digest(identifier))
        return session if session is not None and session.expire_le > self.now() else None

    def close(self, identifier: str) -> None:
        with self._lock:
            self._open.pop(_digest(identifier), None)


@dataclass(frozen=True)
class LoginForms:
    """Tokens of the login form, which has no session yet: HMAC of a random cookie under a key of this process."""

    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def token(self, cookie: str) -> str:
        return hmac.new(self.key, cookie.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def holds(self, cookie: str, token: str) -> bool:
        return bool(cookie) and same(self.token(cookie), token)


def same(expected: str, given: str) -> bool:
    """Whether two secrets are equal, in constant time."""
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass"))


def _digest(identifier: str) -> str:
    return hashlib.sha256(identifier.encode("utf-8", "surrogatepass")).hexdigest()

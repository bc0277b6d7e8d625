"""One file over HTTP, whole or not at all: bounds on time and size, back-off with jitter, resume."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from intercentre.intake.deadline import Watchdog, watched_session
from intercentre.intake.partial import Partial, RetryError, TransferError, whole_number

__all__ = ["Answer", "Limits", "TransferError", "fetch", "is_usable_token"]

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 20.0
_CONNECT_S, _SILENCE_S = 5.0, 15.0  # longest wait for a connection, and for the next byte
_REDIRECTS_MAX = 5
_RETRIED = frozenset({429, 500, 502, 503, 504})
_REDIRECTED = frozenset({301, 302, 303, 307, 308})
_TOKEN = re.compile(r"[\x21-\x7e]{1,4096}")


@dataclass(frozen=True)
class Limits:
    """Bounds of one transfer: bytes, seconds for everything, tries."""

    octets: int
    delai_s: float
    essais: int


@dataclass(frozen=True)
class Answer:
    """What came back: the entity tag, and whether there was anything new (False after a 304)."""

    etag: str | None
    is_new: bool


def is_usable_token(token: str) -> bool:
    """True when a header can carry the token: visible ASCII, no space, no line end."""
    return _TOKEN.fullmatch(token) is not None


def fetch(
    url: str,
    token: str,
    known_etag: str | None,
    target: Path,
    limits: Limits,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> Answer:
    """`target` holds the whole file, or nothing is new; raises TransferError with the code of the last failure."""
    if not is_usable_token(token):
        raise TransferError("COL-002")
    deadline = time.monotonic() + limits.delai_s
    tries = max(1, limits.essais)
    partial = Partial(target)
    with Watchdog(limits.delai_s) as watchdog, watched_session(watchdog) as session:
        attempt = 0
        while True:
            attempt += 1
            request = _Request(session, watchdog, url, token, known_etag, max(0.1, deadline - time.monotonic()))
            try:
                answer = request.send(partial, limits.octets)
            except RetryError as failure:
                pause = _pause(attempt) if failure.pause_s is None else failure.pause_s
                code = "COL-006" if watchdog.is_over else failure.code
                if attempt >= tries or watchdog.is_over or time.monotonic() + pause >= deadline:
                    raise TransferError(code, limite=int(limits.delai_s)) from failure
                sleep(pause)
            else:
                if watchdog.is_over:  # a body without a declared end seems whole when it is cut
                    raise TransferError("COL-006", limite=int(limits.delai_s))
                return answer


def _pause(attempt: int) -> float:
    longest = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2 ** (attempt - 1))
    return random.uniform(longest / 2, longest)  # noqa: S311  (spreads retries, protects nothing)


@dataclass(frozen=True)
class _Request:
    """One try: the address, followed through redirections, with at most `seconds` left."""

    session: requests.Session
    watchdog: Watchdog
    url: str
    token: str
    known_etag: str | None
    seconds: float

    def send(self, partial: Partial, octets_max: int) -> Answer:
        """The file is whole at `partial`; raises RetryError or TransferError."""
        conditions = self._conditions(partial)
        try:
            with self._follow(conditions) as response:
                if response.status_code == 304 and "If-None-Match" in conditions:
                    return Answer(self.known_etag, is_new=False)
                _refuse_status(response, partial)
                partial.receive(response, octets_max)
                return Answer(partial.etag, is_new=True)
        except (requests.ReadTimeout, urllib3.exceptions.ReadTimeoutError) as error:
            raise RetryError("COL-006") from error
        except requests.ConnectionError as error:
            raise RetryError("COL-004" if partial.octets else "COL-001") from error
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, UnicodeError) as error:
            raise TransferError("COL-008") from error
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise RetryError("COL-004") from error

    def _conditions(self, partial: Partial) -> dict[str, str]:
        if partial.can_resume and partial.etag:
            return {"Range": f"bytes={partial.octets}-", "If-Range": partial.etag}
        partial.drop()
        return {"If-None-Match": self.known_etag} if self.known_etag else {}

    def _follow(self, conditions: dict[str, str]) -> requests.Response:
        """The answer at the end of the redirections; the token goes to the centre's own address and nowhere else."""
        url = self.url
        waits = (min(_CONNECT_S, self.seconds), min(_SILENCE_S, self.seconds))
        for _ in range(_REDIRECTS_MAX + 1):
            self.watchdog.hang_up()  # the body of a redirection, or the rest of a failed try, is not read
            headers = {"Accept-Encoding": "identity", **conditions}
            if _origin(url) == _origin(self.url):
                headers["Authorization"] = f"Bearer {self.token}"
            response = self.session.get(url, headers=headers, stream=True, timeout=waits, allow_redirects=False)
            if response.status_code not in _REDIRECTED or "Location" not in response.headers:
                return response
            response.close()
            url = _next_address(url, response.headers["Location"])
        raise TransferError("COL-008")


def _next_address(url: str, location: str) -> str:
    """Where a redirection leads; raises TransferError COL-008 for anything but http and https."""
    try:
        address = urljoin(url, location)
        _origin(address)
    except ValueError as error:
        raise TransferError("COL-008") from error
    if urlsplit(address).scheme not in ("http", "https"):
        raise TransferError("COL-008")
    return address


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _refuse_status(response: requests.Response, partial: Partial) -> None:
    status = response.status_code
    if status in (401, 403):
        raise TransferError("COL-002")
    if status in _RETRIED:
        waiting = whole_number(response.headers.get("Retry-After"))
        raise RetryError("COL-003", None if waiting is None else min(float(waiting), _LONGEST_PAUSE_S))
    if status == 416 and partial.octets:  # there is no such rest: the file became shorter
        partial.drop()
        raise RetryError("COL-004", 0.0)
    if status not in (200, 206):
        raise TransferError("COL-008")

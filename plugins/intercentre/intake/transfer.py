"""One file over HTTP, whole or not at all: bounds on time and size, back-off with jitter, resume."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

_CHUNK = 64 * 1024
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 20.0
_RETRIED = frozenset({429, 500, 502, 503, 504})
_HTML = (b"<!doctype html", b"<html")


class TransferError(RuntimeError):
    """The file could not be had; `code` is the finding that says why."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


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


class _RetryError(Exception):
    """One try failed, another may succeed; `code` is what to say when none is left."""

    def __init__(self, code: str, pause_s: float | None = None) -> None:
        super().__init__(code)
        self.code, self.pause_s = code, pause_s


def fetch(
    url: str,
    token: str,
    known_etag: str | None,
    target: Path,
    limits: Limits,
    *,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Answer:
    """`target` holds the whole file, or nothing is new; raises TransferError with the code of the last failure."""
    deadline = clock() + limits.delai_s
    partial = _Partial(target)
    last = "COL-001"
    with requests.Session() as session:
        session.trust_env = False  # no proxy and no .netrc: a centre is reached where its entry says
        for attempt in range(limits.essais):
            try:
                return _attempt(session, url, token, known_etag, partial, limits, deadline, clock)
            except _RetryError as failure:
                last = failure.code
                pause = failure.pause_s if failure.pause_s is not None else _pause(attempt)
            if clock() + pause >= deadline:
                raise TransferError("COL-006", limite=int(limits.delai_s))
            if attempt + 1 < limits.essais:
                sleep(pause)
    raise TransferError(last, limite=int(limits.delai_s))


@dataclass
class _Partial:
    """What has come so far, and of which version of the file."""

    path: Path
    etag: str | None = None

    @property
    def octets(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def drop(self) -> None:
        self.path.unlink(missing_ok=True)
        self.etag = None


def _pause(attempt: int) -> float:
    longest = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2**attempt)
    return random.uniform(longest / 2, longest)  # noqa: S311  (spreads retries, protects nothing)


def _attempt(
    session: requests.Session,
    url: str,
    token: str,
    known_etag: str | None,
    partial: _Partial,
    limits: Limits,
    deadline: float,
    clock: Callable[[], float],
) -> Answer:
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
    if partial.octets and partial.etag:
        headers |= {"Range": f"bytes={partial.octets}-", "If-Range": partial.etag}
    elif known_etag:
        headers["If-None-Match"] = known_etag
    patience = max(0.1, min(15.0, deadline - clock()))
    try:
        with session.get(url, headers=headers, stream=True, timeout=(min(5.0, patience), patience)) as response:
            if response.status_code == 304:
                return Answer(known_etag, is_new=False)
            _refuse_status(response)
            return _receive(response, partial, limits, deadline, clock)
    except (requests.ConnectTimeout, requests.ReadTimeout) as error:
        raise _RetryError("COL-006") from error
    except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError) as error:
        raise _RetryError("COL-004") from error
    except requests.ConnectionError as error:
        raise _RetryError("COL-004" if partial.octets else "COL-001") from error


def _refuse_status(response: requests.Response) -> None:
    status = response.status_code
    if status in (401, 403):
        raise TransferError("COL-002")
    if status in _RETRIED:
        waiting = response.headers.get("Retry-After", "")
        raise _RetryError("COL-003", min(float(waiting), _LONGEST_PAUSE_S) if waiting.isdigit() else None)
    if status not in (200, 206):
        raise TransferError("COL-008")
    if "text/html" in response.headers.get("Content-Type", "").lower():
        raise TransferError("COL-007")


def _receive(
    response: requests.Response, partial: _Partial, limits: Limits, deadline: float, clock: Callable[[], float]
) -> Answer:
    resumed = response.status_code == 206
    if resumed and not response.headers.get("Content-Range", "").startswith(f"bytes {partial.octets}-"):
        partial.drop()
        raise _RetryError("COL-004", 0.0)
    if not resumed:
        partial.drop()
    partial.etag = response.headers.get("ETag")
    declared = response.headers.get("Content-Length", "")
    whole = partial.octets + int(declared) if declared.isdigit() else None
    if whole is not None and whole > limits.octets:
        raise TransferError("COL-005", limite=limits.octets // 1_000_000)
    received = partial.octets
    with partial.path.open("ab") as stream:
        for chunk in response.iter_content(_CHUNK):
            received += stream.write(chunk)
            if received > limits.octets:
                raise TransferError("COL-005", limite=limits.octets // 1_000_000)
            if clock() > deadline:
                raise TransferError("COL-006", limite=int(limits.delai_s))
    if whole is not None and received != whole:
        raise _RetryError("COL-004")
    with partial.path.open("rb") as stream:
        if stream.read(256).lstrip().lower().startswith(_HTML):
            raise TransferError("COL-007")
    return Answer(partial.etag, is_new=True)

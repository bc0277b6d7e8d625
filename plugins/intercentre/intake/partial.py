"""A file that comes in pieces: what has come, of which version of the file, and whether it is whole."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

_CHUNK = 64 * 1024
_WHOLE_NUMBER = re.compile(r"[0-9]{1,15}")
_CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15})")
_ENTITY_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]{0,250}"')
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_HTML, _ZIP = (b"<!doctype html", b"<html"), b"PK"


class TransferError(RuntimeError):
    """The file could not be had; `code` is the finding that says why."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


class RetryError(Exception):
    """One try failed, another may succeed; `code` is what to say when none is left."""

    def __init__(self, code: str, pause_s: float | None = None) -> None:
        super().__init__(code)
        self.code, self.pause_s = code, pause_s


def whole_number(text: str | None) -> int | None:
    """The number that a header gives; None when it gives none."""
    return int(text) if text is not None and _WHOLE_NUMBER.fullmatch(text) else None


def entity_tag(response: requests.Response) -> str | None:
    """The answer's entity tag; None when it has none that could be sent back and kept."""
    tag = response.headers.get("ETag", "")
    return tag if _ENTITY_TAG.fullmatch(tag) else None


@dataclass
class Partial:
    """What has come so far.

    etag   version of the file that the bytes belong to
    whole  size of the whole file in bytes, when the server said it
    """

    path: Path
    etag: str | None = None
    whole: int | None = None

    @property
    def octets(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def can_resume(self) -> bool:
        """True when the rest can be asked for safely: a weak tag does not promise the same bytes."""
        return self.octets > 0 and self.etag is not None and self.etag.startswith('"')

    def drop(self) -> None:
        self.path.unlink(missing_ok=True)
        self.etag = self.whole = None

    def receive(self, response: requests.Response, octets_max: int) -> None:
        """The answer's body is added, and the file is whole.

        The bytes are kept as they were sent: a Content-Encoding is not undone here, so that nothing can inflate.
        raises  RetryError COL-004 when bytes are missing or of another version, TransferError COL-005, COL-007
        """
        self._settle(response)
        if self.whole is not None and self.whole > octets_max:
            raise TransferError("COL-005", limite=octets_max // 1_000_000)
        received = self.octets
        with self.path.open("ab") as stream:
            while chunk := response.raw.read1(_CHUNK, decode_content=False):
                received += stream.write(chunk)
                if received > octets_max:
                    raise TransferError("COL-005", limite=octets_max // 1_000_000)
        if self.whole is not None and received != self.whole:
            if received > self.whole:
                self.drop()
            raise RetryError("COL-004")
        if not received and self.whole is None:  # a connection cut within the headers looks like an empty file
            raise RetryError("COL-004")
        self._refuse_page(response)

    def _settle(self, response: requests.Response) -> None:
        """The file on disk is what the answer's body goes on from."""
        if response.status_code != 206:
            self.drop()
            self.etag = entity_tag(response)
            if "Transfer-Encoding" not in response.headers:
                self.whole = whole_number(response.headers.get("Content-Length"))
            return
        match = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
        tag = entity_tag(response)
        if (
            match is None
            or int(match[1]) != self.octets
            or (tag is not None and tag != self.etag)
            or self.whole not in (None, int(match[3]))
        ):
            self.drop()
            raise RetryError("COL-004", 0.0)
        self.whole = int(match[3])

    def _refuse_page(self, response: requests.Response) -> None:
        with self.path.open("rb") as stream:
            start = stream.read(512).removeprefix(_BYTE_ORDER_MARK).lstrip().lower()
        declared = "text/html" in response.headers.get("Content-Type", "").lower()
        # A script that forgets its content type declares text/html too: an archive or a workbook is none the less one.
        if start.startswith(_HTML) or (declared and not start.upper().startswith(_ZIP)):
            raise TransferError("COL-007")

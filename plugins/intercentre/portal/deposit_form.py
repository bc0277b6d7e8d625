"""A multipart form read as it comes: its one file goes to disk, its few short answers are kept, the rest is refused."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

FILE_FIELD = "fichier"
_ANSWER_MAX = 4096
_PARTS_MAX = 20


class FormReader:
    """Give it the body's chunks with `write`, then `close`; afterwards `fields`, `name` and `octets` are the form's.

    `name` is None when the form held no file.
    Every method raises FormParserError for what is no such form: cut short, with too many parts or too long an answer.
    """

    def __init__(self, boundary: bytes, target: Path) -> None:
        self.fields: dict[str, str] = {}
        self.name: str | None = None
        self.octets = 0
        self._target = target
        self._stream: BinaryIO | None = None
        self._parts = 0
        self._is_whole = False
        self._header = [bytearray(), bytearray()]
        self._headers: dict[bytes, bytes] = {}
        self._field = ""
        self._answer = bytearray()
        if not boundary:
            raise FormParserError("no boundary")
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
                "on_header_end": self._end_header,
                "on_headers_finished": self._open,
                "on_part_data": self._take,
                "on_part_end": self._end,
                "on_end": self._finish,
            },
        )

    def write(self, chunk: bytes) -> None:
        self._parser.write(chunk)

    def close(self) -> None:
        """The form is read to its end; raises FormParserError when that end never came."""
        self.abandon()
        self._parser.finalize()
        if not self._is_whole:
            raise FormParserError("the form is cut short")

    def abandon(self) -> None:
        """The file is closed, whatever was read of it."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > _PARTS_MAX:
            raise FormParserError("too many parts")
        self._headers.clear()

    def _end_header(self) -> None:
        name, value = (bytes(part) for part in self._header)
        self._headers[name.lower()] = value
        for part in self._header:
            part.clear()

    def _open(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition"))
        self._field = options.get(b"name", b"").decode("utf-8", "replace")
        self._answer.clear()
        file_name = options.get(b"filename", b"").decode("utf-8", "replace")
        if self._field == FILE_FIELD and file_name:
            if self.name is not None:
                raise FormParserError("two files")
            self.name = file_name
            self._stream = self._target.open("wb")

    def _take(self, data: bytes, start: int, end: int) -> None:
        if self._stream is not None:
            self._stream.write(data[start:end])
            self.octets += end - start
        elif len(self._answer) + end - start > _ANSWER_MAX:
            raise FormParserError("an answer is too long")
        else:
            self._answer += data[start:end]

    def _end(self) -> None:
        if self._stream is not None:
            self.abandon()
        elif self._field != FILE_FIELD:
            self.fields[self._field] = self._answer.decode("utf-8", "replace")

    def _finish(self) -> None:
        self._is_whole = True

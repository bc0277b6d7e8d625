"""How the bytes of a text file become characters; nothing is guessed silently."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from intercentre.validation.refusal import RefusalError

_CHUNK = 1 << 20
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_WITHOUT_MARK = (("utf-8", None), ("cp1252", "TOL-001"))
_SAMPLE = 4096
_ZEROS = 0.6
"""share of the bytes on one side that are NUL in UTF-16 text of a Latin script; on the other side there is none"""

LONGEST_RUN = 4
"""chunks without any line end: no line of a table is as long"""


@dataclass(frozen=True)
class TextSurvey:
    """What one pass over a text file tells.

    encoding   Python's name, to open the file with
    tolerance  code of the finding that the encoding deserves, None for plain UTF-8
    is_quoted  True when a quotation mark stands anywhere
    """

    encoding: str
    tolerance: str | None
    is_quoted: bool


def survey_text(path: Path) -> TextSurvey:
    """How to read the file; raises RefusalError DEP-005 when it is empty, binary or of no known encoding."""
    with path.open("rb") as stream:
        start = stream.read(_SAMPLE)
    if not start:
        raise RefusalError("DEP-005")
    marked = [(encoding, "TOL-007") for mark, encoding in _MARKS if start.startswith(mark)]
    marked = marked or [(encoding, "TOL-010") for encoding in _without_mark(start)]
    for encoding, tolerance in marked or _WITHOUT_MARK:
        try:
            return TextSurvey(encoding, tolerance, _has_quotes(path, encoding))
        except UnicodeDecodeError:
            continue
    raise RefusalError("DEP-005")


def _without_mark(start: bytes) -> list[str]:
    """UTF-16 without a mark, where it is unmistakable: every other byte is NUL, and none of the others is."""
    sides = {"utf-16-le": (start[1::2], start[::2]), "utf-16-be": (start[::2], start[1::2])}
    return [
        encoding
        for encoding, (high, low) in sides.items()
        if len(low) > 1 and high.count(0) >= _ZEROS * len(high) and not low.count(0)
    ]


def _has_quotes(path: Path, encoding: str) -> bool:
    """Whether a quotation mark stands in the file.

    raises  UnicodeDecodeError, or RefusalError DEP-005 for a NUL or a line without end
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    found, run = False, 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            text = decoder.decode(chunk)
            run = 0 if "\n" in text or "\r" in text else run + 1
            if "\0" in text or run >= LONGEST_RUN:
                raise RefusalError("DEP-005")
            found = found or '"' in text
    decoder.decode(b"", final=True)
    return found

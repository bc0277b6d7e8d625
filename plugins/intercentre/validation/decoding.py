"""How the bytes of a text file become characters; nothing is guessed silently."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from intercentre.validation.refusal import RefusalError

_CHUNK = 1 << 20
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_WITHOUT_MARK = (("utf-8", None), ("cp1252", "TOL-001"))


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
        start = stream.read(4)
    if not start:
        raise RefusalError("DEP-005")
    marked = [(encoding, "TOL-007") for mark, encoding in _MARKS if start.startswith(mark)]
    for encoding, tolerance in marked or _WITHOUT_MARK:
        try:
            return TextSurvey(encoding, tolerance, _has_quotes(path, encoding))
        except UnicodeDecodeError:
            continue
    raise RefusalError("DEP-005")


def _has_quotes(path: Path, encoding: str) -> bool:
    """Whether a quotation mark stands in the file; raises UnicodeDecodeError, or RefusalError DEP-005 for a NUL."""
    decoder = codecs.getincrementaldecoder(encoding)()
    found = False
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            text = decoder.decode(chunk)
            if "\0" in text:
                raise RefusalError("DEP-005")
            found = found or '"' in text
    decoder.decode(b"", final=True)
    return found

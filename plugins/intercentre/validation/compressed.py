"""One file compressed by gzip, as a database writes a large export."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from intercentre.validation import archive
from intercentre.validation.nature import Nature, nature_of
from intercentre.validation.refusal import RefusalError

_CHUNK = 1 << 20
_SMALL = 1 << 20
"""bytes; below, what a file unfolds to harms nobody"""


def decompress(source: Path, target: Path) -> None:
    """`target` is the one file in `source`.

    raises  RefusalError DEP-001 (damaged), DEP-004 (unfolds to far more than it should) or DEP-011 (an archive in it)
    """
    limit = min(archive.MAX_BYTES, max(_SMALL, archive.MAX_RATIO * source.stat().st_size))
    written = 0
    try:
        with gzip.open(source) as stream, target.open("wb") as out:
            while chunk := stream.read(_CHUNK):
                written += len(chunk)
                if written > limit:
                    raise RefusalError("DEP-004")
                out.write(chunk)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise RefusalError("DEP-001") from error
    if nature_of(target) in (Nature.ZIP, Nature.GZIP, Nature.FOREIGN_ARCHIVE):
        raise RefusalError("DEP-011")

"""SQL files: one SELECT each, under a header of `-- key: value` lines that says what it reads and returns.

-- titre: what the SELECT gives, in French
-- grain: one row is ...
-- unite: what is counted or measured
-- tables: tables read, schema-qualified, separated by spaces
-- parametres: names of its $parameters, separated by spaces, or nothing
-- missions: decree missions it serves
-- cle: columns that name a row (where the result is a table)
-- seules: column that is true only of rows whose unit has no other row in the period (where distinct units are counted)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

REQUIRED_KEYS = ("titre", "grain", "unite", "tables", "parametres", "missions")


@dataclass(frozen=True)
class Query:
    """One SELECT and its header; `text` is the whole file."""

    name: str
    header: Mapping[str, str]
    text: str

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(self.header["tables"].split())

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(self.header["parametres"].split())

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(self.header["cle"].split())


class HeaderError(ValueError):
    """A SQL file lacks a line of its header; the message names the file and the line."""


def read_query(path: Path) -> Query:
    """The SELECT in `path`; raises HeaderError when its header is not whole."""
    text = path.read_text(encoding="utf-8")
    header: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("-- "):
            break
        key, _, value = line[3:].partition(":")
        header[key] = value.strip()
    missing = [key for key in REQUIRED_KEYS if key not in header]
    if missing:
        raise HeaderError(f"{path.name}: header without {', '.join(missing)}")
    return Query(path.stem, header, text)

"""What validation leaves on disk beside the verdict."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from intercentre.core.engine import open_engine
from intercentre.validation.expressions import quoted
from schemas.findings import Finding

_COLUMNS = {
    "code": "VARCHAR",
    "severite": "VARCHAR",
    "table": "VARCHAR",
    "fichier": "VARCHAR",
    "feuille": "VARCHAR",
    "ligne": "BIGINT",
    "colonne": "VARCHAR",
}


def write_findings(findings: Iterable[Finding], target: Path, scratch: Path) -> None:
    """`target` is the findings as Parquet, in their order, one row each, without their texts."""
    listing = scratch / "constats.csv"
    with listing.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)
        for number, found in enumerate(findings):
            row = (
                found.code,
                found.severite.value,
                found.table,
                found.fichier,
                found.feuille,
                found.ligne,
                found.colonne,
            )
            writer.writerow([number, *("" if cell is None else cell for cell in row)])
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in {"numero": "BIGINT", **_COLUMNS}.items())
    selected = ", ".join(f'"{name}"' for name in _COLUMNS)
    with open_engine() as connection:
        connection.execute(
            f"COPY (SELECT {selected} FROM read_csv({quoted(without_glob(listing))}, header=false, auto_detect=false,"
            f" delim=',', quote='\"', escape='\"', columns={{{columns}}}) ORDER BY numero)"
            f" TO {quoted(str(target))} (FORMAT parquet, COMPRESSION zstd)"
        )


def without_glob(path: Path) -> str:
    """A path as DuckDB must be told it, so that no character in it is a wildcard."""
    return "".join(f"[{character}]" if character in "*?[" else character for character in str(path))

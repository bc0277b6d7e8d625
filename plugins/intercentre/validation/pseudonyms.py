"""Whether the pseudonyms of a deposit are those that its manifest announces (V02-P, V02-K)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from intercentre.core.engine import open_engine
from intercentre.core.french import french_number
from intercentre.validation.expressions import quoted
from intercentre.validation.outputs import without_glob
from schemas.contract import Pseudonym
from schemas.editions import Edition
from schemas.exchanges.manifest import Manifest
from schemas.exchanges.verdict import TableCount
from schemas.findings import Finding
from schemas.rules import finding

_CENTRE_MADE = "P1"
_BROUGHT_EARLIER = "depot_origine"  # of a partial deposit: names the deposit that brought the row, null for its own


def pseudonym_findings(
    types: Path, edition: Edition, counts: Iterable[TableCount], manifest: Manifest | None
) -> list[Finding]:
    """V02-P for pseudonyms that the manifest does not announce, V02-K for those of another key than it names.

    types     folder of the typed rows of the deposit, <table>.parquet
    counts    the tables of the deposit and their files
    manifest  None when the deposit has none: it then announces nothing that could be held against it
    """
    if manifest is None:
        return []
    return [one for count in counts for one in _of_table(types / f"{count.table}.parquet", edition, count, manifest)]


def _of_table(path: Path, edition: Edition, count: TableCount, manifest: Manifest) -> Iterator[Finding]:
    for column, (kind, _) in edition.tables[count.table].fields().items():
        if not isinstance(kind, Pseudonym):
            continue
        keys = _rows_by_key(path, column)
        code, others = "V02-K", {key: rows for key, rows in keys.items() if key != manifest.version_cle}
        if manifest.methode_pseudo != _CENTRE_MADE:
            code, others = "V02-P", keys
        if others:
            yield finding(
                code,
                table=count.table,
                fichier=count.fichier,
                feuille=count.feuille,
                colonne=column,
                nombre=french_number(sum(others.values())),
            )


def _rows_by_key(path: Path, column: str) -> dict[str, int]:
    """Identifier of the key → the deposit's own rows that bear a pseudonym made with it."""
    with open_engine() as connection:
        source = f"read_parquet({quoted(without_glob(path))})"
        known = {name for name, *_ in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
        own = f" AND {_BROUGHT_EARLIER} IS NULL" if _BROUGHT_EARLIER in known else ""
        rows = connection.execute(
            f"SELECT split_part({column}, '.', 2), count(*) FROM {source} WHERE {column} IS NOT NULL{own} GROUP BY ALL"
        ).fetchall()
    return dict(rows)

"""Intercentre. The one place that knows which functions of `intercentre.validation` the race calls."""

from __future__ import annotations

import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path

from intercentre.validation.delimited import read_delimited
from intercentre.validation.verdict import codes_of
from intercentre.validation.workspace import Workspace, create_lists, load, set_quarantine, write_types
from schemas.contract import Extract
from schemas.findings import Severity
from tests.bench_validation.contestants.counts import CELLS, ROWS, write_counts
from tests.bench_validation.table import DATE_ETAT, TABLE


def judge(source: Path, out: Path, table: type[Extract] = TABLE) -> None:
    """`out` holds the three files; besides what the race asks, the tolerances and the leaks are looked for."""
    with tempfile.TemporaryDirectory(dir=out) as name:
        scratch = Path(name)
        raw = read_delimited(source, table, scratch / "dossier.txt")
        with closing(Workspace.open(centre="CAI", date_etat=DATE_ETAT, scratch=scratch)) as workspace:
            create_lists(workspace)
            load(workspace, table, raw)
            set_quarantine(workspace, codes_of(Severity.A_CORRIGER))
            set_aside = write_types(workspace, table, out / ROWS)
            by_rule = _write_cells(workspace, table, out / CELLS)
    write_counts(out, raw.rows_read, raw.rows_read - set_aside, by_rule)


def _write_cells(workspace: Workspace, table: type[Extract], target: Path) -> Counter[tuple[str, str]]:
    """The failing cells with their text, which the present path does not keep: the records are read again."""
    text = " ".join(f"WHEN '{column}' THEN s.{column}" for column in table.fields())
    workspace.run(
        f"COPY (SELECT c.ligne, c.colonne, c.code, CASE c.colonne {text} END AS brut"
        " FROM constats c JOIN source s ON s.ligne = c.ligne)"
        f" TO '{target}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
    )
    rows = workspace.run("SELECT code, colonne, count(*) FROM constats GROUP BY ALL")
    return Counter({(code, column): number for code, column, number in rows})

"""Intercentre. The one place that knows which functions of `intercentre.validation` the race calls."""

from __future__ import annotations

import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path

from intercentre.validation.compile import ALONE, SOURCE, compile_table
from intercentre.validation.delimited import read_delimited
from intercentre.validation.direct import read_direct
from intercentre.validation.workspace import (
    Workspace,
    create_lists,
    judge_to_parquet,
    source_sql,
    write_cells,
)
from schemas.contract import Extract
from tests.bench_validation.contestants.counts import CELLS, ROWS, write_counts
from tests.bench_validation.table import DATE_ETAT, TABLE


def judge(source: Path, out: Path, table: type[Extract] = TABLE) -> None:
    """`out` holds the three files; a row's line is its place in its file, proved by samples, and is not written out."""
    with tempfile.TemporaryDirectory(dir=out) as name:
        scratch = Path(name)
        raw = read_direct(source, table) or read_delimited(source, table, scratch / "dossier.txt")
        with closing(Workspace.open(centre="CAI", date_etat=DATE_ETAT, scratch=scratch)) as workspace:
            create_lists(workspace)
            workspace.run(f"CREATE TEMP VIEW {SOURCE} AS {source_sql(table, raw)}")
            judge_to_parquet(workspace, table, raw, out / ROWS, with_texts=True)
            by_rule = write_cells(workspace, compile_table(table, raw.forms, with_texts=True), out / CELLS)
            ((kept,),) = workspace.run(f"SELECT count(*) FILTER (WHERE {ALONE}) FROM read_parquet('{out / ROWS}')")
    write_counts(out, raw.rows_read, kept, Counter(by_rule))

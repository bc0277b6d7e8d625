"""Intercentre. The one place that knows which functions of `intercentre.validation` the race calls."""

from __future__ import annotations

import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path

from intercentre.validation.compile import ALONE, compile_table
from intercentre.validation.direct import sketch_direct
from intercentre.validation.workspace import Workspace, create_lists, judge_to_parquet, show_source, write_cells
from schemas.contract import Extract
from tests.bench_validation.contestants.counts import CELLS, ROWS, write_counts
from tests.bench_validation.table import DATE_ETAT, TABLE


def judge(source: Path, out: Path, table: type[Extract] = TABLE) -> None:
    """`out` holds the three files; a row's line is its place in its file, proved by samples, and is not written out."""
    with tempfile.TemporaryDirectory(dir=out) as name:
        sketch = sketch_direct(source, table)
        if sketch is None:
            raise ValueError(f"{source} is too small to be read where it lies")
        with closing(Workspace.open(centre="CAI", date_etat=DATE_ETAT, scratch=Path(name))) as workspace:
            create_lists(workspace)
            show_source(workspace, table, sketch)
            raw = judge_to_parquet(workspace, table, sketch, out / ROWS, with_texts=True)
            by_rule = write_cells(workspace, compile_table(table, raw.forms, with_texts=True), out / CELLS)
            ((kept,),) = workspace.run(f"SELECT count(*) FILTER (WHERE {ALONE}) FROM read_parquet('{out / ROWS}')")
    write_counts(out, raw.rows_read, kept, Counter(by_rule))

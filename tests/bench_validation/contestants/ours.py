"""Intercentre. The one place that knows which functions of `intercentre.validation` the race calls."""

from __future__ import annotations

import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from intercentre.validation.compile import compile_table
from intercentre.validation.direct import sketch_direct
from intercentre.validation.workspace import (
    TYPED_PARQUET,
    Workspace,
    create_lists,
    judge_direct,
    set_quarantine,
    show_source,
)
from schemas.contract import Extract
from tests.bench_validation.contestants.counts import ASIDE, CELLS, ROWS, write_counts
from tests.bench_validation.table import DATE_ETAT, SETS_ASIDE, TABLE


def judge(source: Path, out: Path, table: type[Extract] = TABLE) -> None:
    """`out` holds the outputs; a row's line is its place in its file, proved by samples, and is not written out."""
    sketch = sketch_direct(source, table)
    if sketch is None:
        raise ValueError(f"{source} is too small to be read where it lies")
    with (
        tempfile.TemporaryDirectory(dir=out) as name,
        closing(Workspace.open(centre="CAI", date_etat=DATE_ETAT, scratch=Path(name), with_texts=True)) as workspace,
    ):
        create_lists(workspace, [table])
        show_source(workspace, table, sketch)
        compiled = compile_table(table, sketch.forms, frozenset(sketch.header.missing), with_texts=True)
        first = Path(name) / ROWS
        raw, judged = judge_direct(workspace, compiled, sketch, first)
        if judged.reread:  # some values came after the first reading
            workspace.run(f"COPY (SELECT * FROM {compiled.name} ORDER BY ligne) TO '{out / ROWS}' ({TYPED_PARQUET})")
        else:
            first.rename(out / ROWS)
        with ThreadPoolExecutor(1) as pool, closing(workspace.beside()) as beside:
            cells = f"COPY (SELECT ligne, colonne, code, brut FROM constats) TO '{out / CELLS}' ({TYPED_PARQUET})"
            written = pool.submit(beside.run, cells)
            set_quarantine(workspace, SETS_ASIDE)
            workspace.run(f"COPY (SELECT ligne FROM quarantaine) TO '{out / ASIDE}' ({TYPED_PARQUET})")
            by_rule = workspace.run("SELECT code, colonne, count(*) FROM constats GROUP BY ALL")
            ((quarantined,),) = workspace.run("SELECT count(*) FROM quarantaine")
            written.result()
    counts = Counter({(code, column): number for code, column, number in by_rule})
    write_counts(out, raw.rows_read, raw.rows_read - quarantined, counts)

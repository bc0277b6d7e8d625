"""What reading alone costs Intercentre: the records of the table, as text, in the engine."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path

from intercentre.core.engine import open_engine
from intercentre.validation.delimited import read_delimited
from intercentre.validation.direct import sketch_direct
from tests.bench_validation.table import TABLE


def judge(source: Path, out: Path) -> None:
    """Every cell was read once, and nothing is kept."""
    with tempfile.TemporaryDirectory(dir=out) as name, closing(open_engine()) as engine:
        raw = sketch_direct(source, TABLE) or read_delimited(source, TABLE, Path(name) / "dossier.txt")
        skipped = 0 if raw.first_line is None else raw.first_line - 1
        cells = [*(["ligne"] if raw.first_line is None else []), *TABLE.fields()]
        declared = ", ".join(f"'{cell}': 'VARCHAR'" for cell in cells)
        looked_at = ", ".join(f"max({cell})" for cell in cells)
        engine.execute(
            f"SELECT {looked_at} FROM read_csv('{raw.records}', delim='{raw.delimiter}', quote='', escape='',"
            f" header=false, auto_detect=false, skip={skipped}, columns={{{declared}}})"
        ).fetchall()

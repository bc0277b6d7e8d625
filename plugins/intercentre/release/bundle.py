"""Writing the files of a release, manifest and sums apart, into a folder."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from intercentre.core.csv_export import write_csv
from intercentre.core.engine import load_rows, open_engine, write_table
from intercentre.release.changes import changes_text
from intercentre.release.figures import build_figures, sorted_rows
from intercentre.release.inputs import CERTIFICATE, ReleaseInputs
from intercentre.release.public_database import write_public_database
from intercentre.release.readme import readme_sections, readme_text
from schemas.exchanges.comparison import COMPARISON_KEY
from schemas.exchanges.release import OBSERVATION_COLUMNS, OBSERVATION_KEY
from schemas.indicators import definitions

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_LONGEST = "indicateurs.csv"  # to write: it is written beside the others


def write_bundle(folder: Path, inputs: ReleaseInputs) -> None:
    """`folder` holds every file of the release but MANIFEST.json, its signature and SHA256SUMS.

    The same inputs give the same bytes. raises PublicationRefusee when the inputs do not hold together
    """
    with open_engine(threads=1) as engine, ThreadPoolExecutor(1) as beside:
        build_figures(engine, inputs)
        rows = sorted_rows(engine)
        written = beside.submit(write_csv, folder / _LONGEST, tuple(OBSERVATION_COLUMNS), rows)
        write_table(engine, "indicateurs", folder / "indicateurs.parquet", OBSERVATION_KEY)
        _write_rows(engine, "comparaison", "1, 2, 3", folder / "comparaison.csv")
        write_table(engine, "comparaison", folder / "comparaison.parquet", COMPARISON_KEY)
        _write_rows(engine, "definitions", "1", folder / "definitions.csv")
        _write_rows(engine, "reserves", "1", folder / "reserves.csv")
        _write_text(folder / "changements.md", changes_text(engine, inputs))
        if (inputs.protected / CERTIFICATE).is_file():
            shutil.copyfile(inputs.protected / CERTIFICATE, folder / CERTIFICATE)
        present = frozenset(file.name for file in folder.iterdir()) | {_LONGEST, "intercentre-public.duckdb"}
        sections = readme_sections(inputs, present, _without_figure(engine))
        _write_text(folder / "LISEZMOI.txt", readme_text(inputs, sections))
        parts = [(rank, title, text) for rank, (title, text) in enumerate(sections, start=1)]
        load_rows(engine, "lisezmoi", {"ordre": "INTEGER", "rubrique": "VARCHAR", "texte": "VARCHAR"}, parts)
        write_public_database(engine, folder / "intercentre-public.duckdb")
        written.result()


def _without_figure(engine: DuckDBPyConnection) -> list[str]:
    """The indicators that are defined and have no row in the release, in the order of their codes."""
    released = {code for (code,) in engine.execute("SELECT DISTINCT indicateur FROM indicateurs").fetchall()}
    return [code for code in definitions() if code not in released]


def _write_rows(engine: DuckDBPyConnection, table: str, order: str, path: Path) -> None:
    result = engine.execute(f"SELECT * FROM {table} ORDER BY {order}")
    columns = [column[0] for column in result.description or ()]
    write_csv(path, columns, result.fetchall())


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")

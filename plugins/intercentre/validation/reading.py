"""A table file, text, workbook or Parquet, told apart by content."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from intercentre.validation.delimited import delimited_rows, header_cells, read_delimited
from intercentre.validation.nature import Nature, nature_of
from intercentre.validation.raw_table import RawTable, SourceRows
from intercentre.validation.refusal import RefusalError
from schemas.contract import Extract


def read_table(source: Path, table: type[Extract], target: Path, feuille: str | None = None) -> RawTable:
    """The records of `table` in the file `source` are in `target`.

    feuille  its sheet where it is known (sheets.py); looked for otherwise
    raises  RefusalError: DEP-005 when no table can be read from the file, DEP-014 when no sheet of a workbook is the
            table's; for Parquet DEP-004 (far too much), DEP-008 (encrypted), DEP-013 (a composed type)
    """
    nature = nature_of(source)
    if nature is Nature.TEXT:
        return read_delimited(source, table, target)
    if nature is Nature.PARQUET:
        from intercentre.validation.parquet import read_parquet

        return read_parquet(source, table, target)
    if nature.is_workbook:
        from intercentre.validation.sheets import sheet_of
        from intercentre.validation.workbook import read_sheet

        return read_sheet(source, table, feuille or sheet_of(source, table), target)
    raise RefusalError("DEP-005")


def columns_of_table(source: Path, table: type[Extract]) -> list[str]:
    """The header of a text or Parquet file as it would be read for `table`; raises RefusalError as read_table."""
    if nature_of(source) is Nature.PARQUET:
        from intercentre.validation.parquet import parquet_columns

        return parquet_columns(source)
    return header_cells(source, table)


@contextmanager
def open_rows(source: Path, table: type[Extract], feuille: str | None = None) -> Iterator[SourceRows]:
    """The records of `table` as the depositor wrote them, while the block lasts; raises RefusalError as read_table."""
    nature = nature_of(source)
    if nature is Nature.TEXT:
        with delimited_rows(source, table) as rows:
            yield rows
    elif nature is Nature.PARQUET:
        from intercentre.validation.parquet import parquet_rows

        yield parquet_rows(source, table)
    elif nature.is_workbook:
        from intercentre.validation.sheets import sheet_of
        from intercentre.validation.workbook import sheet_rows

        yield sheet_rows(source, table, feuille or sheet_of(source, table))
    else:
        raise RefusalError("DEP-005")

"""A table file, text or workbook, told apart by content."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from intercentre.validation import archive
from intercentre.validation.container import is_html
from intercentre.validation.delimited import delimited_rows, read_delimited
from intercentre.validation.raw_table import RawTable, SourceRows
from intercentre.validation.refusal import RefusalError
from schemas.contract import Extract


def read_table(source: Path, table: type[Extract], target: Path) -> RawTable:
    """The records of `table` in the file `source` are in `target`.

    raises  RefusalError: DEP-005 when no table can be read from the file, DEP-004 for a dangerous workbook
    """
    if is_html(source):
        raise RefusalError("DEP-005")
    if archive.is_zip(source):
        from intercentre.validation.workbook import read_sheet

        return read_sheet(source, table, target)
    return read_delimited(source, table, target)


@contextmanager
def open_rows(source: Path, table: type[Extract]) -> Iterator[SourceRows]:
    """The records of `table` as the depositor wrote them, while the block lasts; raises RefusalError as read_table."""
    if is_html(source):
        raise RefusalError("DEP-005")
    if archive.is_zip(source):
        from intercentre.validation.workbook import sheet_rows

        yield sheet_rows(source, table)
        return
    with delimited_rows(source, table) as rows:
        yield rows

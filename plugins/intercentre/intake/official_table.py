"""An official file as a table: text or workbook, alone or in a ZIP, each row with the line at which it is found."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from intercentre.intake.package import UNREADABLE_ARCHIVE

_LARGEST = 500_000_000  # bytes, of a file and of what an archive unfolds to
_SEPARATORS = "|;,\t"
_WORKBOOK_PART = "xl/workbook.xml"
Row = tuple[int, Sequence[str]]


class OfficialFileError(ValueError):
    """The file is not an official file; the message is French and holds no value of a cell."""


@dataclass(frozen=True)
class SourceTable:
    """An official file.

    nom      names of the file and of the archive's entry, where a year may stand
    colonnes header, as it is written
    lignes   line (1 is the file's first) and cells of each row under it that is not empty; read once
    """

    nom: str
    colonnes: tuple[str, ...]
    lignes: Iterator[Row]

    def place(self, column: str) -> int | None:
        """Where a column stands, whatever its case; None when there is none or more than one."""
        found = [at for at, name in enumerate(self.colonnes) if name.strip().upper() == column.upper()]
        return found[0] if len(found) == 1 else None


def read_table(source: Path) -> SourceTable:
    """The table of a text or workbook, alone or as the one file of a ZIP.

    source  text: UTF-8 with or without mark, or Windows-1252; separated by `|`, `;`, `,` or tabulations
    raises  OfficialFileError; reading the rows raises it too, where the text turns out not to be a table
    """
    if not source.is_file():
        raise OfficialFileError("Un fichier est attendu, pas un dossier.")
    if source.stat().st_size > _LARGEST:
        raise OfficialFileError("Le fichier est trop grand.")
    content, name = _unpack(source.read_bytes(), source.name)
    rows = _workbook_rows(content) if _is_workbook(content) else _text_rows(content)
    header = next(rows, None)
    if header is None:
        raise OfficialFileError("Le fichier est vide : une ligne de titres de colonnes est attendue.")
    return SourceTable(name, tuple(header[1]), rows)


def _unpack(content: bytes, name: str) -> tuple[bytes, str]:
    if not zipfile.is_zipfile(io.BytesIO(content)) or _is_workbook(content):
        return content, name
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [info for info in archive.infolist() if not info.is_dir()]
            if len(entries) != 1 or entries[0].file_size > _LARGEST:
                raise OfficialFileError("L'archive doit contenir un seul fichier, de taille raisonnable.")
            return archive.read(entries[0]), f"{name} {entries[0].filename}"
    except OfficialFileError:
        raise
    except UNREADABLE_ARCHIVE as error:
        raise OfficialFileError("L'archive est endommagée ou protégée.") from error


def _is_workbook(content: bytes) -> bool:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except UNREADABLE_ARCHIVE:
        return False
    if not any(info.filename == _WORKBOOK_PART for info in entries):
        return False
    if sum(info.file_size for info in entries) > _LARGEST:
        raise OfficialFileError("Le classeur est trop grand.")
    return True


def _text_rows(content: bytes) -> Iterator[Row]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise OfficialFileError("Le fichier n'est pas un texte à colonnes lisible.") from error


def _workbook_rows(content: bytes) -> Iterator[Row]:
    """The rows of the first sheet that has any; numbers as a text file would write them."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.start is not None:
                return _sheet_rows(sheet.iter_rows(), sheet.start)
    except CalamineError as error:
        raise OfficialFileError("Le classeur est endommagé ou protégé.") from error
    raise OfficialFileError("Le classeur est vide.")


def _sheet_rows(rows: Iterable[Sequence[object]], start: tuple[int, int]) -> Iterator[Row]:
    for at, cells in enumerate(rows, start=start[0] + 1):
        texts = [_text(cell) for cell in cells]
        if any(text.strip() for text in texts):
            yield at, texts


def _text(cell: object) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    return str(cell)


def year_in_name(name: str) -> int | None:
    """The one year of this century that stands in a name; None when there is none or more than one."""
    years = set(re.findall(r"(?<!\d)(20\d{2})(?!\d)", name))
    return int(years.pop()) if len(years) == 1 else None

"""The sheet of a workbook of rows put right that says which period they are of, read before anyone judged the file.

Only the period and the software are looked for, in parts of the XLSX that are small: nothing is laid out, and what is
out of bounds declares nothing. Validation reads the whole sheet once the workbook was found harmless.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from datetime import date
from xml.etree import ElementTree

from schemas.exchanges.manifest import LARGEST_MANIFEST, Manifest
from schemas.exchanges.workbooks import PARTIAL_SHEET

_ROOT = "xl/"


def read_manifest_sheet(archive: zipfile.ZipFile) -> Manifest | None:
    """The period and the software of the sheet; None when there is no such sheet, or it does not say both.

    raises  KeyError, ValueError, ElementTree.ParseError for what is no workbook
    """
    path = _sheet_path(archive) if f"{_ROOT}workbook.xml" in archive.namelist() else None
    if path is None:
        return None
    texts = [_text(one) for one in _part(archive, f"{_ROOT}sharedStrings.xml").iterfind("{*}si")]
    said = dict(row for row in map(tuple, _rows(_part(archive, path), texts)) if len(row) == 2)
    return Manifest.model_construct(
        periode_debut=date.fromisoformat(said["periode_debut"]),
        periode_fin=date.fromisoformat(said["periode_fin"]),
        logiciel_source=said["logiciel_source"],
    )


def _sheet_path(archive: zipfile.ZipFile) -> str | None:
    """The part that is the sheet; None when the workbook has none of that name."""
    for sheet in _part(archive, f"{_ROOT}workbook.xml").iterfind("{*}sheets/{*}sheet"):
        if sheet.get("name", "").strip().lower() == PARTIAL_SHEET:
            known = {value for name, value in sheet.attrib.items() if name.endswith("}id")}
            for link in _part(archive, f"{_ROOT}_rels/workbook.xml.rels"):
                if link.get("Id") in known:
                    return posixpath.join(_ROOT, link.get("Target", "")).lstrip("/")
    return None


def _rows(sheet: ElementTree.Element, texts: list[str]) -> Iterator[list[str]]:
    for row in sheet.iterfind("{*}sheetData/{*}row"):
        cells = row.iterfind("{*}c")
        yield [texts[int(cell.findtext("{*}v", ""))] if cell.get("t") == "s" else _text(cell) for cell in cells]


def _text(element: ElementTree.Element) -> str:
    return "".join(element.itertext()).strip()


def _part(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """A small part, parsed; raises ValueError when it is large or declares entities."""
    if archive.getinfo(name).file_size > LARGEST_MANIFEST:
        raise ValueError(name)
    content = archive.read(name)
    if b"<!DOCTYPE" in content or b"\0" in content:  # in UTF-16 it would go unseen
        raise ValueError(name)
    return ElementTree.fromstring(content)  # noqa: S314  # a megabyte at most, without entities

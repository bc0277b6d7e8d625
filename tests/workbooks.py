"""Workbooks written by hand, byte by byte: XLSX by XlsxWriter, ODS as the XML that it is, XLS as BIFF8 in OLE2.

A cell is a text, a whole or decimal number, a day, a moment (not in XLS), a duration, a yes or no, a formula that
failed, or None.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter


@dataclass(frozen=True)
class Failed:
    """A formula that gave an error, or has no result that was saved (an empty text)."""

    error: str

    def __str__(self) -> str:
        return self.error


Cell = str | int | float | date | timedelta | bool | Failed | None
Sheets = Mapping[str, Sequence[Sequence[Cell]]]

EPOCH = date(1899, 12, 30)
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_NAMES = "office:1.0 table:1.0 text:1.0 script:1.0"
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
_ERROR_CODES = {"#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#NUM!": 36, "#N/A": 42}


def xlsx_bytes(sheets: Sheets) -> bytes:
    """The sheets as XLSX, days as days."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        day, hours = (book.add_format({"num_format": each}) for each in ("dd/mm/yyyy", "[h]:mm"))
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, date):
                        sheet.write_datetime(row, column, cell, day)
                    elif isinstance(cell, timedelta):
                        sheet.write_datetime(row, column, cell, hours)
                    elif isinstance(cell, Failed):
                        sheet.write_formula(row, column, "=NA()", None, cell.error)
                    elif cell is not None:
                        sheet.write(row, column, cell)
    return stream.getvalue()


def ods_bytes(
    sheets: Sheets, *, extra: str = "", parts: Mapping[str, bytes] | None = None, manifest: str = ""
) -> bytes:
    """The sheets as ODS; `extra` XML stands beside them, `parts` are further entries, `manifest` more of its list."""
    spaces = f' xmlns:calcext="{_CALC}"' + "".join(
        f' xmlns:{each.partition(":")[0]}="urn:oasis:names:tc:opendocument:xmlns:{each}"' for each in _NAMES.split()
    )
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>{''.join(map(_ods_row, rows))}</table:table>"
        for name, rows in sheets.items()
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{spaces} xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' office:version="1.2"><office:body><office:spreadsheet>{tables}{extra}</office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    listing = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest'
        ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_TYPE.decode()}"/>{manifest}'
        "</manifest:manifest>"
    )
    return zip_bytes(
        {
            "mimetype": ODS_TYPE,
            "content.xml": content.encode(),
            "META-INF/manifest.xml": listing.encode(),
            **(parts or {}),
        }
    )


def _ods_row(cells: Sequence[Cell]) -> str:
    return f"<table:table-row>{''.join(map(ods_cell, cells))}</table:table-row>"


def ods_cell(cell: Cell) -> str:
    """One cell as LibreOffice writes it."""
    if cell is None or cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, Failed):
        kind = 'office:value-type="string" office:string-value="" calcext:value-type="error"' if cell.error else ""
        said = f'table:formula="of:=NA()" {kind}'
    elif isinstance(cell, timedelta):
        said = f'office:value-type="time" office:time-value="PT{int(cell.total_seconds())}S"'
    elif isinstance(cell, bool):
        said = f'office:value-type="boolean" office:boolean-value="{str(cell).lower()}"'
    elif isinstance(cell, date):  # or a moment
        said = f'office:value-type="date" office:date-value="{cell.isoformat()}"'
    elif isinstance(cell, int | float):
        said = f'office:value-type="float" office:value="{cell}"'
    else:
        said = 'office:value-type="string"'
    return f"<table:table-cell {said}><text:p>{escape(str(cell))}</text:p></table:table-cell>"


def zip_bytes(content: Mapping[str, bytes]) -> bytes:
    """The files as a ZIP."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return stream.getvalue()


def xls_bytes(sheets: Sheets, *, records: Sequence[bytes] = (), streams: Mapping[str, bytes] | None = None) -> bytes:
    """The sheets as XLS; days as their serial numbers; `records` go before the list of sheets."""
    bodies = [
        b"".join(
            [
                _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)),
                *(
                    _xls_cell(row, column, cell)
                    for row, cells in enumerate(rows)
                    for column, cell in enumerate(cells)
                    if cell is not None and cell != ""
                ),
                _record(0x000A, b""),
            ]
        )
        for rows in sheets.values()
    ]
    start = b"".join([_record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)), *records])
    listed = sum(4 + 8 + 2 * len(name) for name in sheets)
    at = len(start) + listed + 4
    sheets_list = b""
    for name, body in zip(sheets, bodies, strict=True):
        text = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
        sheets_list += _record(0x0085, struct.pack("<IBB", at, 0, 0) + text)
        at += len(body)
    return ole2_bytes({"Workbook": start + sheets_list + _record(0x000A, b"") + b"".join(bodies), **(streams or {})})


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _xls_cell(row: int, column: int, cell: Cell) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(cell, Failed):
        return _record(0x0205, place + struct.pack("<BB", _ERROR_CODES[cell.error], 1))
    if isinstance(cell, timedelta):
        cell = cell.total_seconds() / 86_400
    if isinstance(cell, bool):
        return _record(0x0205, place + struct.pack("<BB", cell, 0))
    if isinstance(cell, date):
        cell = (cell - EPOCH).days
    if isinstance(cell, int | float):
        return _record(0x0203, place + struct.pack("<d", cell))
    text = str(cell).encode("utf-16-le")
    return _record(0x0204, place + struct.pack("<HB", len(text) // 2, 1) + text)


def ole2_bytes(streams: Mapping[str, bytes]) -> bytes:
    """An OLE2 file with these streams, each padded to no less than a sector of the regular kind."""
    sector, free, end = 512, 0xFFFFFFFF, 0xFFFFFFFE
    padded = {name: data.ljust(max(4096, -(-len(data) // sector) * sector), b"\0") for name, data in streams.items()}
    directory_sectors = -(-(len(padded) + 1) // 4)
    data_sectors = sum(len(data) // sector for data in padded.values())
    fat_sectors = 1
    while fat_sectors * 128 < fat_sectors + directory_sectors + data_sectors:
        fat_sectors += 1
    fat = [0xFFFFFFFD] * fat_sectors  # sectors of the FAT itself
    fat += [*range(fat_sectors + 1, fat_sectors + directory_sectors), end]
    entries = [_entry("Root Entry", 5, 1 if padded else free, end, 0)]
    body = b""
    for number, (name, data) in enumerate(padded.items(), 1):
        start = len(fat)
        fat += [*range(start + 1, start + len(data) // sector), end]
        entries.append(_entry(name, 2, free, start, len(data), number + 1 if number < len(padded) else free))
        body += data
    fat += [free] * (fat_sectors * 128 - len(fat))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, fat_sectors, fat_sectors, 0)
    header += struct.pack("<IIIII", 4096, end, 0, end, 0)
    header += struct.pack("<109I", *range(fat_sectors), *[free] * (109 - fat_sectors))
    listing = b"".join(entries).ljust(directory_sectors * sector, b"\0")
    return header + struct.pack(f"<{len(fat)}I", *fat) + listing + body


def _entry(name: str, kind: int, child: int, start: int, size: int, right: int = 0xFFFFFFFF) -> bytes:
    text = (name.encode("utf-16-le") + b"\0\0").ljust(64, b"\0")
    head = text + struct.pack("<HBBIII", 2 * len(name) + 2, kind, 1, 0xFFFFFFFF, right, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)

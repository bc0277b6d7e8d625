"""The rows in quarantine as a workbook to be put right and deposited as it is: a partial deposit, ready made.

It holds the values of cells: like the annotated copy it is for the depositor alone, made at its own machine or at its
own request from the bytes that it deposited, and never kept by the hub.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from intercentre.core.engine import literal, open_engine
from intercentre.core.looks import gravest_first
from intercentre.validation.annotated import Looks, write_note, write_text
from intercentre.validation.completion import ORIGIN, other_deposit
from intercentre.validation.container import open_package
from intercentre.validation.layout import lay_out
from intercentre.validation.manifest import read_declaration
from intercentre.validation.manifest_sheet import HEADER, SHEET, manifest_rows
from intercentre.validation.marks import note_on
from intercentre.validation.outputs import without_glob
from intercentre.validation.reading import open_rows
from schemas.exchanges.manifest import PARTIAL, SIMULATION, Manifest
from schemas.exchanges.verdict import Verdict
from schemas.extracts import TABLES
from schemas.findings import Finding, Severity
from schemas.period import Period

if TYPE_CHECKING:
    from intercentre.core.hub import Hub
    from intercentre.core.registry.tables import Depot

SOFTWARE, CONTACT = "intercentre", "informatique"
_HOW_TO = (
    "Corrigez les cellules marquées des autres feuilles ; la note à côté dit ce qui ne va pas.",
    "Laissez cette feuille et les en-têtes tels quels, puis déposez ce classeur comme un dépôt ordinaire.",
    "Une ligne que vous effacez reste à corriger ; une ligne sur fond gris que vous effacez est retirée du dépôt.",
    "Ce classeur contient vos données : il est pour votre centre seul, ne l'envoyez à personne d'autre.",
)


@dataclass(frozen=True)
class Judged:
    """A deposit that was judged: its bytes, the depositor's name for them, what the judgement left in `folder`."""

    depot_id: str
    package: Path
    fichier: str
    verdict: Verdict
    date_etat: date
    sequence: int
    folder: Path


@dataclass
class Row:
    """One row in quarantine: the deposit that brought it, its line there, whether its key tells it from all others."""

    depot_id: str
    ligne: int
    is_known_by_key: bool
    cells: Mapping[str, str] = field(default_factory=dict)
    findings: Sequence[Finding] = ()


def write_to_correct(chain: Sequence[Judged], target: Path) -> int:
    """`target` is the workbook of the last deposit's rows in quarantine; returns their number.

    There is no file when there is no such row, or when the deposit is refused: there is then nothing to complete.

    chain  the deposit, after those that it completes, the first one a whole deposit; all their bytes
    """
    last = chain[-1]
    rows = {name: found for name in TABLES if (found := _in_quarantine(last, name))}
    if not (rows and last.verdict.is_accepted):
        return 0
    sources = {_fill(judged, rows) for judged in chain}
    _tell(last, rows)
    _write(last, rows, target, SIMULATION if SIMULATION in sources else SOFTWARE)
    return sum(map(len, rows.values()))


def write_deposit_to_correct(hub: Hub, depot: Depot, target: Path) -> int:
    """The same for a deposit of the hub; raises core.custody.CustodyError when bytes are gone or altered."""
    from intercentre.core import custody
    from intercentre.core.registry import tables

    chain: list[Judged] = []
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".corriger.") as name:
        one: Depot | None = depot
        while one is not None and one.verdict is not None:
            package = Path(name) / one.depot_id
            custody.unseal(hub, one.sha256, package)
            verdict = Verdict.model_validate_json(one.verdict)
            day = one.date_etat or Period.parse(one.periode).fin
            own_name, folder = PurePath(one.fichier).name or one.depot_id, hub.home.validated(one.depot_id)
            chain.insert(0, Judged(one.depot_id, package, own_name, verdict, day, one.sequence or 1, folder))
            with hub.registry.read() as session:
                one = session.get(tables.Depot, verdict.fusion.depot_complete) if verdict.fusion else None
        return write_to_correct(chain, target)


def _in_quarantine(last: Judged, name: str) -> list[Row]:
    """Rows of one table in quarantine, in the order of deposits and lines; those of no known key are marked."""
    path = last.folder / "types" / f"{name}.parquet"
    if not path.is_file():
        return []
    own, key = literal(last.depot_id), TABLES[name].contrat.key
    origin = f"coalesce({ORIGIN}, {own})" if last.verdict.fusion else own
    filled = " AND ".join(f"{column} IS NOT NULL" for column in key)
    with closing(open_engine()) as engine:
        rows = engine.execute(
            f"SELECT {origin} AS depot, ligne, {filled} FROM read_parquet({literal(without_glob(path))})"
            " WHERE NOT retenue ORDER BY depot, ligne"
        ).fetchall()
    return [Row(depot, line, is_filled) for depot, line, is_filled in rows]


def _fill(judged: Judged, rows: Mapping[str, Sequence[Row]]) -> str | None:
    """The rows that this deposit brought have their cells as it wrote them; returns what software wrote them."""
    own = {name: {row.ligne: row for row in found if row.depot_id == judged.depot_id} for name, found in rows.items()}
    if not any(own.values()):
        return None
    with tempfile.TemporaryDirectory() as scratch:
        package = open_package(judged.package, Path(scratch), judged.fichier)
        period = Period.parse(judged.verdict.periode)
        centre = judged.verdict.centre
        declaration = read_declaration(package, centre=centre, periode=period, today=date.max, is_past=True)
        for file in lay_out(package, declaration.manifest, declaration.edition).tables:
            if file.path is None or not own.get(file.table):
                continue
            with open_rows(file.path, TABLES[file.table], file.feuille) as source:
                columns = source.header.columns
                for line, cells in source.rows:
                    if line in own[file.table]:
                        pairs = zip(columns, cells, strict=False)
                        own[file.table][line].cells = {column: cell for column, cell in pairs if column}
    return declaration.manifest.logiciel_source if declaration.manifest else None


def _tell(last: Judged, rows: Mapping[str, Sequence[Row]]) -> None:
    """Each row has what is to be put right in it; a mistake in its key makes that it cannot be known by it."""
    told: dict[tuple[str, str | None, int | None], list[Finding]] = {}
    for found in last.verdict.constats:
        if found.severite is Severity.A_CORRIGER:
            told.setdefault((other_deposit(found) or last.depot_id, found.table, found.ligne), []).append(found)
    for name, many in rows.items():
        for row in many:
            row.findings = told.get((row.depot_id, name, row.ligne), [])
            in_key = {found.colonne for found in row.findings} & set(TABLES[name].contrat.key)
            row.is_known_by_key = row.is_known_by_key and not in_key


def _manifest(last: Judged, rows: Mapping[str, Sequence[Row]], software: str) -> Manifest:
    """What the workbook declares: it completes the last deposit, and names the lines that no key can tell."""
    period = Period.parse(last.verdict.periode)
    named: dict[str, list[int]] = {}
    for name, many in rows.items():
        for row in many:
            if not row.is_known_by_key:
                key = name if row.depot_id == last.depot_id else f"{row.depot_id}/{name}"
                named.setdefault(key, []).append(row.ligne)
    return Manifest(
        centre_code=last.verdict.centre,
        schema_version=last.verdict.version_contrat,
        type_depot=PARTIAL,
        periode_debut=period.debut,
        periode_fin=period.fin,
        date_etat=last.date_etat,
        remplace_depot_id=last.depot_id,
        lignes_remplacees={key: tuple(lines) for key, lines in named.items()},
        sequence=last.sequence,
        logiciel_source=software,
        contact_role=CONTACT,
        tables=(),
    )


def _write(last: Judged, rows: Mapping[str, Sequence[Row]], target: Path, software: str) -> None:
    import xlsxwriter

    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".corriger.") as name:
        neutral = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        with xlsxwriter.Workbook(Path(name) / "lignes.xlsx", {**neutral, "tmpdir": name}) as book:
            book.set_properties({"title": "Lignes à corriger", "created": datetime(2026, 1, 1, tzinfo=UTC)})
            looks = Looks.of(book)
            first = None
            for table, many in rows.items():
                sheet = book.add_worksheet(table)
                first = first or sheet
                _write_rows(book, sheet, looks, list(TABLES[table].fields()), many)
            _write_manifest(book, looks, _manifest(last, rows, software))
            if first is not None:
                first.activate()
        os.replace(Path(name) / "lignes.xlsx", target)


def _write_rows(book: Any, sheet: Any, looks: Looks, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Header of the contract, then the rows, cells to put right marked; a row that its key does not tell is on grey."""
    unknown = book.add_format({"num_format": 49, "quote_prefix": True, "valign": "top", "bg_color": "#d9dde3"})
    for position, column in enumerate(columns):
        sheet.write_string(0, position, column, looks.header)
        sheet.set_column(position, position, min(32, max(12, len(column) + 4)))
    for number, row in enumerate(rows, 1):
        by_column: dict[str, list[Finding]] = {}
        for found in gravest_first(row.findings):
            by_column.setdefault(found.colonne or columns[0], []).append(found)
        for position, column in enumerate(columns):
            here = by_column.get(column)
            plain = looks.text if row.is_known_by_key else unknown
            look = looks.marked[here[0].severite] if here else plain
            write_text(sheet, number, position, row.cells.get(column, ""), look)
            if here:
                write_note(sheet, number, position, note_on(here))
    sheet.freeze_panes(1, 0)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})


def _write_manifest(book: Any, looks: Looks, manifest: Manifest) -> None:
    """The last sheet: what the hub reads, and how to go about it."""
    sheet = book.add_worksheet(SHEET)
    sheet.set_column(0, 1, 44)
    for position, title in enumerate(HEADER):
        sheet.write_string(0, position, title, looks.header)
    number = 0
    for number, (name, value) in enumerate(manifest_rows(manifest), 1):
        sheet.write_string(number, 0, name, looks.text)
        sheet.write_string(number, 1, value, looks.text)
    for place, text in enumerate(_HOW_TO, number + 2):
        sheet.write_string(place, 0, text)

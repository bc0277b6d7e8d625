"""The findings in the annotated copy: the verdict in a sentence, counts, every finding with a way to its cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from intercentre.core.french import french_count, french_number
from intercentre.core.looks import WORDS, gravest_first
from intercentre.validation.header import letter
from intercentre.validation.marks import sheet_name
from intercentre.validation.report import identity_of
from schemas.exchanges.verdict import Verdict
from schemas.exchanges.workbooks import FINDINGS_SHEET
from schemas.findings import Finding, Severity

if TYPE_CHECKING:
    from intercentre.validation.annotated import Copy

MAX_ROWS = 1_048_576  # Excel's own limit
MAX_SUMMARY = 16
"""rows at the top of the first sheet that the summary may take, the header of the list included"""
MAX_LINKS = 50_000  # Excel admits 65 530 on a sheet

_COLUMNS = (
    ("Gravité", 18), ("Aller à", 26), ("Fichier", 24), ("Feuille", 18), ("Table", 16), ("Ligne", 9), ("Colonne", 24),
    ("Règle", 10), ("Constat", 72), ("Que faire", 72),
)  # fmt: skip
_HOW_TO_READ = (
    "Chaque cellule marquée porte une note qui dit la règle, ce qui ne va pas et que faire. Un constat sur une ligne "
    "entière est sur sa première cellule, un constat sur une colonne ou sur une table est dans l'en-tête. Les lignes "
    "ont le numéro qu'elles ont dans votre fichier."
)
_FOR_YOU_ALONE = "Ce classeur contient vos données : il est pour votre centre seul, ne l'envoyez à personne d'autre."


@dataclass
class Listing:
    """How the lists of one workbook are written: the looks of cells, and the sheets that give the tables back."""

    plain: Any
    wrapped: Any
    header: Any
    link: Any
    severities: Mapping[Severity, Any]
    copies: Mapping[str, Copy]

    @classmethod
    def of(cls, book: Any, severities: Mapping[Severity, Any], copies: Mapping[str, Copy]) -> Listing:
        return cls(
            plain=book.add_format({"valign": "top"}),
            wrapped=book.add_format({"valign": "top", "text_wrap": True}),
            header=book.add_format({"bold": True, "font_color": "#ffffff", "bg_color": "#0b6e6e", "border": 1}),
            link=book.add_format({"valign": "top", "font_color": "#0b6e6e", "underline": 1}),
            severities=severities,
            copies=copies,
        )


def write_findings_sheets(
    book: Any, first: Any, looks: Mapping[Severity, Any], verdict: Verdict, copies: Mapping[str, Copy]
) -> None:
    """Every finding is in the workbook, the gravest first, on as many sheets as it takes.

    first   the sheet that begins with the summary; the others stand after the tables
    looks   format of each severity
    copies  table → the sheet that gives it back
    """
    listing = Listing.of(book, looks, copies)
    findings = gravest_first(verdict.constats)
    further = _further_sheets(len(findings), [copy.feuille for copy in copies.values()])
    top = _write_summary(book, first, looks, verdict, copies.values(), further)
    fitting = MAX_ROWS - MAX_SUMMARY
    _write_list(first, top, findings[:fitting], listing)
    if not findings:
        first.write_string(top + 1, 0, "Aucun constat.", listing.plain)
    for number, name in enumerate(further):
        start = fitting + number * (MAX_ROWS - 1)
        _write_list(book.add_worksheet(name), 0, findings[start : start + MAX_ROWS - 1], listing)


def _further_sheets(findings: int, taken: Sequence[str]) -> list[str]:
    """The names of the sheets that the list goes on with."""
    names: list[str] = []
    for _ in range(-(-max(0, findings - (MAX_ROWS - MAX_SUMMARY)) // (MAX_ROWS - 1))):
        names.append(sheet_name(FINDINGS_SHEET, [FINDINGS_SHEET, *taken, *names]))
    return names


def _write_list(sheet: Any, top: int, findings: Sequence[Finding], listing: Listing) -> None:
    """The list with its header at row `top`, from top to bottom: the workbook keeps one row of it in memory."""
    for column, (title, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(top, column, title, listing.header)
    row = top
    for row, found in enumerate(findings, top + 1):
        sheet.write_string(row, 0, WORDS[found.severite], listing.severities[found.severite])
        _write_way(sheet, row, found, listing.copies, listing.link if row - top <= MAX_LINKS else None)
        copy = listing.copies.get(found.table or "")
        texts = (found.fichier, found.feuille or (copy.feuille if copy else None), found.table)
        for column, text in enumerate(texts, 2):
            sheet.write_string(row, column, text or "", listing.plain)
        if found.ligne is not None:
            sheet.write_number(row, 5, found.ligne, listing.plain)
        sheet.write_string(row, 6, found.colonne or "", listing.plain)
        sheet.write_string(row, 7, found.code, listing.plain)
        sheet.write_string(row, 8, found.message, listing.wrapped)
        sheet.write_string(row, 9, found.remede, listing.wrapped)
    if findings:
        sheet.autofilter(top, 0, row, len(_COLUMNS) - 1)
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _write_summary(
    book: Any,
    sheet: Any,
    looks: Mapping[Severity, Any],
    verdict: Verdict,
    copies: Iterable[Copy],
    further: Sequence[str],
) -> int:
    """The sentence, whose deposit, the counts, how to read, what was cut; returns the row of the list's header."""
    bold, note = book.add_format({"bold": True, "font_size": 14}), book.add_format({"font_color": "#555f6d"})
    sheet.write_string(0, 0, verdict.sentence, bold)
    sheet.write_string(1, 0, identity_of(verdict))
    read = sum(count.lignes_lues for count in verdict.tables)
    kept = sum(count.lignes_retenues for count in verdict.tables)
    aside = sum(count.lignes_quarantaine for count in verdict.tables)
    sheet.write_string(
        2,
        0,
        f"{french_count(read, 'ligne lue', 'lignes lues')}, {french_count(kept, 'retenue', 'retenues')}, "
        f"{french_number(aside)} à corriger. {french_count(len(verdict.constats), 'constat')}.",
    )
    counted = Counter(found.severite for found in verdict.constats)
    for column, severity in enumerate(Severity):
        sheet.write_string(3, 2 * column, f"{WORDS[severity]} : {french_number(counted[severity])}", looks[severity])
    lines = [_HOW_TO_READ, _FOR_YOU_ALONE, *_what_was_cut(copies), *_where_it_goes_on(further)]
    for row, line in enumerate(lines, 4):
        sheet.write_string(row, 0, line, note)
    return 4 + len(lines)


def _write_way(sheet: Any, row: int, found: Finding, copies: Mapping[str, Copy], link: Any) -> None:
    """A link to the finding's cell; beyond Excel's limit of links, its name; nothing when no sheet shows it."""
    copy = copies.get(found.table or "")
    place = copy.place_of(found) if copy else None
    if copy is None or place is None:
        return
    cell = f"{letter(place[1])}{place[0] + 1}"
    if link is None:
        sheet.write_string(row, 1, f"{copy.feuille} {cell}")
    else:
        quoted = copy.feuille.replace("'", "''")
        sheet.write_url(row, 1, f"internal:'{quoted}'!{cell}", link, f"{copy.feuille} {cell}")


def _what_was_cut(copies: Iterable[Copy]) -> list[str]:
    """One sentence for each kind of thing that did not fit into a workbook."""
    total: Counter[str] = Counter()
    for copy in copies:
        total += copy.left_out
    sentences = {
        "lignes": "{} : trop de lignes pour un classeur. Les lignes avec un constat sont reprises jusqu'à la dernière "
        "ligne qu'un tableur admet (1 048 576).",
        "colonnes": "{} : les cellules au-delà de la colonne XFD ne sont pas reprises.",
        "textes": "{} : texte coupé à 32 767 caractères.",
        "notes": "{} : cellule marquée sans note, voir la liste ci-dessous.",
    }
    words = {
        "lignes": ("ligne non reprise", "lignes non reprises"),
        "colonnes": ("ligne trop large", "lignes trop larges"),
        "textes": ("cellule abrégée", "cellules abrégées"),
        "notes": ("note non écrite", "notes non écrites"),
    }
    return [text.format(french_count(total[kind], *words[kind])) for kind, text in sentences.items() if total[kind]]


def _where_it_goes_on(further: Sequence[str]) -> list[str]:
    names = ", ".join(f"« {name} »" for name in further)
    return [f"La liste des constats ne tient pas sur une feuille : elle continue sur {names}."] if further else []

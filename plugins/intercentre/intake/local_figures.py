"""A file of local figures, indicator × commune × period, whoever publishes them, made into a T19 deposit.

Columns: code_indicateur, commune, periode, valeur, source; also unite, modalite, date_source where they are known.
Cells pass as they stand, each on the line that it has in the file: what does not fit is a finding of the verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from intercentre.intake.official_deposit import OfficialDeposit, table_of
from intercentre.intake.official_table import OfficialFileError, SourceTable
from schemas.nomenclatures import nomenclature
from schemas.period import Period, PeriodError

# Column of the file → column of the contract.
_REQUIRED = {
    "code_indicateur": "indicateur_local",
    "commune": "commune_refnis",
    "periode": "periode",
    "valeur": "valeur",
    "source": "source",
}
_OPTIONAL = {"unite": "unite", "modalite": "modalite", "date_source": "date_source"}
_SOFTWARE = "statistiques-locales"
_UNKNOWN_UNIT = "inconnue"  # of an indicator that is unknown itself: one finding, not two


def is_local_figures(table: SourceTable) -> bool:
    """Whether the header announces local figures: the first column of the layout is enough."""
    return table.place("code_indicateur") is not None


def local_figures_deposit(table: SourceTable) -> OfficialDeposit:
    """The deposit of a file of local figures; its period is the one in which the last figure lies.

    raises  OfficialFileError when columns are missing or in excess, no period can be read, or a cell has several lines
    """
    places = _places(table)
    given = [(line, _named(cells, places, line)) for line, cells in _with_lines(table.lignes)]
    period = _last_period(row["periode"] for _, row in given)
    rows = dict(given)
    last = max(rows)
    complete = [_complete(rows[line], period) if line in rows else None for line in range(2, last + 1)]
    return OfficialDeposit(period, table_of(complete), len(given), _SOFTWARE)


def _places(table: SourceTable) -> Mapping[str, int]:
    columns = _REQUIRED | _OPTIONAL
    places = {field: at for name, field in columns.items() if (at := table.place(name)) is not None}
    missing = [name for name, field in _REQUIRED.items() if field not in places]
    if missing:
        raise OfficialFileError(
            f"Il manque une colonne, ou elle est là deux fois : {', '.join(missing)}. Colonnes attendues : "
            f"{', '.join(_REQUIRED)} ; au besoin {', '.join(_OPTIONAL)}."
        )
    if len([name for name in table.colonnes if name.strip()]) > len(places):
        raise OfficialFileError(
            f"Le fichier a des colonnes de trop. Colonnes attendues : {', '.join(_REQUIRED)} ; au besoin "
            f"{', '.join(_OPTIONAL)}."
        )
    return places


def _with_lines(rows: Iterator[tuple[int, Sequence[str]]]) -> Iterator[tuple[int, Sequence[str]]]:
    for line, cells in rows:
        if any("\n" in cell or "\r" in cell for cell in cells):
            raise OfficialFileError(f"Ligne {line} : une cellule contient un retour à la ligne.")
        if line == 1:
            raise OfficialFileError("La première ligne doit être celle des titres de colonnes.")
        yield line, cells


def _named(cells: Sequence[str], places: Mapping[str, int], line: int) -> dict[str, str]:
    if any(cell.strip() for cell in cells[max(places.values()) + 1 :]):
        raise OfficialFileError(f"Ligne {line} : la ligne a plus de cellules que de titres de colonnes.")
    return {field: cells[at].strip() if at < len(cells) else "" for field, at in places.items()}


def _last_period(texts: Iterator[str]) -> Period:
    """The quarter, or the first quarter of the year, that ends last among those that can be read."""
    quarters = []
    for text in texts:
        try:
            period = Period.parse(text)
        except PeriodError:
            continue  # the verdict says it, at its line
        quarters.append(period if period.is_quarter else Period(period.annee, 1))
    if not quarters:
        raise OfficialFileError("Aucune période lisible : la colonne periode attend 2026 ou 2026-T3.")
    return max(quarters)


def _complete(row: Mapping[str, str], last: Period) -> dict[str, str]:
    """The row with its unit and the day of the figure, the first of its period, where the file does not say them."""
    known = nomenclature("indicateur_local").entries.get(row["indicateur_local"])
    return {
        **row,
        "unite": row.get("unite") or (known.facts["unite"] if known else _UNKNOWN_UNIT),
        "date_source": row.get("date_source") or _first_day(row["periode"], last),
    }


def _first_day(text: str, last: Period) -> str:
    try:
        return Period.parse(text).debut.isoformat()
    except PeriodError:
        return last.debut.isoformat()  # the row is set aside for its period, once

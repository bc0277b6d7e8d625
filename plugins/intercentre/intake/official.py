"""The official population file (Statbel, population by commune, sex, nationality, age) made into a T19 deposit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from intercentre.intake.local_figures import is_local_figures, local_figures_deposit
from intercentre.intake.official_deposit import OfficialDeposit, table_of
from intercentre.intake.official_table import OfficialFileError, SourceTable, read_table, year_in_name
from schemas.nomenclatures import nomenclature
from schemas.period import Period

Figures = Counter[tuple[int, str, str]]
"""Persons by year, commune and local indicator."""

_COMMUNE = ("CD_REFNIS", "CD_MUNTY_REFNIS")
_NATIONALITY, _PERSONS, _YEAR = "CD_NATLTY", "MS_POPULATION", "CD_YEAR"
_FIGURES = {"BEL": "POPULATION_BELGE", "ETR": "POPULATION_ETRANGERE"}
_YEARS = range(1990, 2101)
_SOFTWARE = "statbel-open-data"


def read_deposit(source: Path) -> OfficialDeposit:
    """The deposit that an official file comes to: a population file of Statbel, or a file of local figures.

    raises  OfficialFileError
    """
    table = read_table(source)
    return local_figures_deposit(table) if is_local_figures(table) else population_deposit(count_persons(table))


def count_persons(table: SourceTable) -> Figures:
    """Persons of each Walloon commune, by year, under the commune codes of the file.

    table   CD_REFNIS or CD_MUNTY_REFNIS, CD_NATLTY (BEL, ETR), MS_POPULATION, and CD_YEAR, or one year in the name of
            the file as Statbel publishes it
    raises  OfficialFileError, naming the line where there is one
    """
    commune = next((at for name in _COMMUNE if (at := table.place(name)) is not None), None)
    nationality, persons, year = (table.place(name) for name in (_NATIONALITY, _PERSONS, _YEAR))
    if commune is None or nationality is None or persons is None:
        raise OfficialFileError(
            "Colonnes attendues : CD_REFNIS (ou CD_MUNTY_REFNIS), CD_NATLTY, MS_POPULATION pour un fichier de la "
            "population ; code_indicateur, commune, periode, valeur, source pour des statistiques locales."
        )
    named = None if year is not None else year_in_name(table.nom)
    if year is None and named is None:
        raise OfficialFileError("L'année n'est ni dans le fichier (CD_YEAR) ni, seule, dans son nom.")
    known = nomenclature("commune").entries
    figures: Figures = Counter()
    for line, cells in table.lignes:
        code = _cell(cells, commune, line)
        if code in known:  # the file covers all Belgium
            annee = named if year is None else _number(_cell(cells, year, line), line)
            indicator, count = _FIGURES.get(_cell(cells, nationality, line)), _number(_cell(cells, persons, line), line)
            if indicator is None or annee is None or annee not in _YEARS:
                raise OfficialFileError(f"Ligne {line} : une nationalité ou une année est inconnue.")
            figures[annee, code, indicator] += count
            figures[annee, code, "POPULATION_TOTALE"] += count
    if not figures:
        raise OfficialFileError("Le fichier ne contient aucune commune de Wallonie.")
    return figures


def _cell(cells: Sequence[str], at: int, line: int) -> str:
    if at >= len(cells):
        raise OfficialFileError(f"Ligne {line} : la ligne est incomplète.")
    return cells[at].strip()


def _number(text: str, line: int) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise OfficialFileError(f"Ligne {line} : un nombre est illisible.")
    return int(text)


def official_period(figures: Figures) -> Period:
    """The period of the deposit: the first quarter of the last year in the file (the figures are of 1 January)."""
    return Period(max(annee for annee, _, _ in figures), 1)


def population_deposit(figures: Figures) -> OfficialDeposit:
    """The deposit of a population file: three figures for each commune and year."""
    rows = [
        {
            "commune_refnis": code,
            "indicateur_local": indicator,
            "periode": annee,
            "valeur": persons,
            "unite": "personnes",
            "source": "STATBEL",
            "date_source": date(annee, 1, 1).isoformat(),
        }
        for (annee, code, indicator), persons in sorted(figures.items())
    ]
    return OfficialDeposit(official_period(figures), table_of(rows), len(rows), _SOFTWARE)

"""What a mistake must know of its deposit so as to raise nothing but its own finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from intercentre.simulation.view import Cell, Row
from schemas.extracts import TABLES

Tables = Mapping[str, Sequence[Row]]


class Surroundings(NamedTuple):
    """The deposit as it is without mistakes.

    deposees    tables that the centre deposits with rows
    attestes    dossiers with an attestation of the whole course
    vides       dossiers without any row in another table
    clos        dossiers that are closed
    signatures  first signature of each dossier with a convention
    remplacees  attestations that another one replaces
    axes        operators that an enrolment names → what they offer
    agrements   the same → first day of their approval, for those that have one
    arret       an operator that stopped, with what it offered, None when there is none: kept as it is
    nommes      operators that any row of another table names
    ouvertures  year → dossiers opened
    reference   the flow of each year (commune, month) on which a disagreement of the year is noted
    presents    session → enrolments of the centre in it on the day of its survey
    surplus     the first interpreting row (its key) of each month → requests honoured beyond the interpreted steps
    """

    centre: str
    date_etat: date
    deposees: frozenset[str]
    attestes: frozenset[Cell]
    vides: frozenset[Cell]
    clos: frozenset[Cell]
    signatures: Mapping[Cell, date]
    remplacees: frozenset[Cell]
    axes: Mapping[Cell, frozenset[str]]
    agrements: Mapping[Cell, date]
    arret: tuple[Cell, frozenset[str]] | None
    nommes: frozenset[Cell]
    ouvertures: Mapping[str, int]
    reference: frozenset[tuple[Cell, Cell]]
    presents: Mapping[Cell, int]
    surplus: Mapping[tuple[Cell, ...], int]

    def may_change(self, operator: Cell) -> bool:
        """No enrolment names the operator, nor will one because of a mistake."""
        return operator not in self.axes and (self.arret is None or operator != self.arret[0])


def look_around(tables: Tables, centre: str, day: date) -> Surroundings:
    """The surroundings of the mistakes of one deposit, all tables without mistakes."""
    busy = _named(tables, "dossier_id", except_in="dossier")
    certificates = tables.get("attestation", ())
    operators = {row["operateur_id"]: row for row in tables.get("operateur", ())}
    employed = {row["operateur_id"] for row in tables.get("inscription", ())} & operators.keys()
    return Surroundings(
        centre=centre,
        date_etat=day,
        deposees=frozenset(table for table, rows in tables.items() if rows),
        attestes=frozenset(row["dossier_id"] for row in certificates if row["type"] == "FREQUENTATION_PARCOURS"),
        vides=frozenset(row["dossier_id"] for row in tables.get("dossier", ()) if row["dossier_id"] not in busy),
        clos=frozenset(row["dossier_id"] for row in tables.get("dossier", ()) if row["date_cloture"] is not None),
        signatures=_signatures(tables),
        remplacees=frozenset(row["remplace_attestation_id"] for row in certificates),
        axes={number: _codes(row["axes"]) for number, row in operators.items() if number in employed},
        agrements={
            number: start
            for number, row in operators.items()
            if number in employed and isinstance(start := row["agrement_debut"], date)
        },
        arret=_stopped(operators.values()),
        nommes=_named(tables, "operateur_id", except_in="operateur"),
        ouvertures=Counter(str(row["date_ouverture"])[:4] for row in tables.get("dossier", ())),
        reference=_last_of_each_year(tables.get("flux_commune", ())),
        presents=_inside(tables),
        surplus=_surplus(tables),
    )


def _named(tables: Tables, column: str, *, except_in: str) -> frozenset[Cell]:
    """What the rows of all tables but one name in this column."""
    naming = [table for table in tables if table != except_in and column in TABLES[table].fields()]
    return frozenset(row[column] for table in naming for row in tables[table])


def _signatures(tables: Tables) -> dict[Cell, date]:
    first: dict[Cell, date] = {}
    for row in tables.get("convention", ()):
        signed = row["date_signature"]
        if isinstance(signed, date):
            first[row["dossier_id"]] = min(signed, first.get(row["dossier_id"], signed))
    return first


def _codes(cell: Cell) -> frozenset[str]:
    return frozenset(str(cell).split())


def _stopped(operators: Iterable[Row]) -> tuple[Cell, frozenset[str]] | None:
    stopped = (row for row in operators if row["actif"] is False and row["agrement_debut"] is None)
    return next(((row["operateur_id"], _codes(row["axes"])) for row in stopped), None)


def _last_of_each_year(flows: Sequence[Row]) -> frozenset[tuple[Cell, Cell]]:
    """(commune, month) of the first row of the last month of each year."""
    last: dict[str, Row] = {}
    for row in flows:
        year = str(row["mois"])[:4]
        if year not in last or str(row["mois"]) > str(last[year]["mois"]):
            last[year] = row
    return frozenset((row["commune_refnis"], row["mois"]) for row in last.values())


def _inside(tables: Tables) -> Counter[Cell]:
    surveys = {row["session_id"]: str(row["date_releve"]) for row in tables.get("session_offre", ())}
    return Counter(
        row["session_id"]
        for row in tables.get("inscription", ())
        if row["session_id"] in surveys
        and row["statut"] in ("EN_COURS", "TERMINE", "ABANDON")
        and str(row["date_debut"]) <= (survey := surveys[row["session_id"]])
        and (row["statut"] != "ABANDON" or str(row["date_fin"]) >= survey)
    )


def _surplus(tables: Tables) -> dict[tuple[Cell, ...], int]:
    rows = tables.get("interpretariat", ())
    steps = Counter(str(row["date"])[:7] for row in tables.get("etape_accueil", ()) if row["interprete"])
    honoured: Counter[Cell] = Counter()
    first: dict[Cell, tuple[Cell, ...]] = {}
    for row in rows:
        honoured[row["mois"]] += int(str(row["honorees"]))
        first.setdefault(row["mois"], (row["mois"], row["langue"], row["prestataire"]))
    return {key: honoured[month] - steps[str(month)] for month, key in first.items()}

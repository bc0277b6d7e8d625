"""A finding is a value: what was seen, where, how serious it is and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a finding does to the deposit, from the gravest to the mildest."""

    BLOQUANT = "bloquant"  # the deposit is refused
    A_CORRIGER = "a_corriger"  # the row goes to quarantine
    A_EXPLIQUER = "a_expliquer"  # the row is kept, an answer is due
    INFORMATION = "information"  # nothing to do


class Scope(StrEnum):
    """What a finding is about."""

    CELLULE = "cellule"
    LIGNE = "ligne"
    TABLE = "table"
    DEPOT = "depot"
    COLLECTE = "collecte"
    CENTRES = "centres"  # two centres that must settle it together: no row is set aside


@dataclass(frozen=True, slots=True)
class FindingCode:
    """One entry of the catalogue: everything that all findings of this code share.

    message and remedy are French and never hold a cell value; `{name}` places in them are filled
    with facts about the form of the deposit (a column letter, a count, a date bound).
    """

    code: str
    severity: Severity
    scope: Scope
    title: str
    message: str
    remedy: str
    legal_base: str = ""
    missions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a deposit departs from the contract.

    ligne    line as a spreadsheet or a text editor shows it, 1 = first line of the file; None when
             the finding is about the whole file, table or deposit
    colonne  the contract's name of the column, whatever the file calls it
    feuille  sheet, when the file is a workbook
    """

    code: str
    severite: Severity
    message: str
    remede: str
    table: str | None = None
    fichier: str | None = None
    feuille: str | None = None
    ligne: int | None = None
    colonne: str | None = None

    @property
    def lieu(self) -> str:
        """Where it is, as a person says it: « dossier.csv, ligne 17, colonne titre_sejour »."""
        parts = [self.fichier or self.table or "le dépôt entier"]
        if self.feuille:
            parts.append(f"feuille « {self.feuille} »")
        if self.ligne is not None:
            parts.append(f"ligne {self.ligne}")
        if self.colonne:
            parts.append(f"colonne {self.colonne}")
        return ", ".join(parts)

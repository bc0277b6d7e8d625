"""The verdict on a deposit: one shape for the offline check, the hub's API and the registry (design, section 7)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer

from schemas.findings import Finding, Severity


class Decision(StrEnum):
    """What becomes of the deposit."""

    ACCEPTE = "accepte"
    ACCEPTE_AVEC_QUARANTAINE = "accepte_avec_quarantaine"
    REFUSE = "refuse"


ACCEPTED: tuple[str, ...] = (Decision.ACCEPTE.value, Decision.ACCEPTE_AVEC_QUARANTAINE.value)
"""States of a deposit that counts, as the registry holds them."""

OFFICIAL_SOURCE = "STATBEL"
"""Who deposits the official figures, where a centre's code stands for a centre's."""


class TableCount(BaseModel):
    """Rows of one table: read = retained + quarantined, always.

    feuille  the sheet when the file is a workbook: absent from the JSON of any other
    """

    model_config = ConfigDict(frozen=True)

    table: str
    fichier: str | None
    feuille: str | None = None
    lignes_lues: int
    lignes_retenues: int
    lignes_quarantaine: int

    @model_serializer(mode="wrap")
    def _without_what_is_not_there(self, serialise: SerializerFunctionWrapHandler) -> dict[str, Any]:
        content: dict[str, Any] = serialise(self)
        if self.feuille is None:
            del content["feuille"]
        return content


class MergedCount(BaseModel):
    """Rows of one table before and after a partial deposit was merged into the deposit that it completes.

    avant_retenues, avant_quarantaine  rows of the deposit completed
    apportees     rows that the partial deposit brings
    remplacees    rows in quarantine whose place one of them takes
    retirees      rows in quarantine that the partial deposit withdraws without another in their place
    retenues, quarantaine  rows that stand now: avant - remplacees - retirees + apportees, always
    """

    model_config = ConfigDict(frozen=True)

    table: str
    avant_retenues: int
    avant_quarantaine: int
    apportees: int
    remplacees: int
    retirees: int
    retenues: int
    quarantaine: int

    @property
    def is_balanced(self) -> bool:
        """Rows in = rows out."""
        before = self.avant_retenues + self.avant_quarantaine
        return self.retenues + self.quarantaine == before - self.remplacees - self.retirees + self.apportees


class Merge(BaseModel):
    """What a partial deposit became part of: the deposit that it completes, and the rows that stand now."""

    model_config = ConfigDict(frozen=True)

    depot_complete: str
    tables: tuple[MergedCount, ...]

    @property
    def quarantaine(self) -> int:
        return sum(table.quarantaine for table in self.tables)


class Verdict(BaseModel):
    """What the hub says of a deposit; findings in the order of table, line, column, code.

    fusion  of a partial deposit alone: absent from the JSON of any other
    """

    model_config = ConfigDict(frozen=True)

    verdict: Decision
    centre: str
    periode: str
    version_contrat: str
    regles_sha256: str
    niveau: int
    tables: tuple[TableCount, ...]
    constats: tuple[Finding, ...]
    fusion: Merge | None = None

    @model_serializer(mode="wrap")
    def _without_what_is_not_there(self, serialise: SerializerFunctionWrapHandler) -> dict[str, Any]:
        content: dict[str, Any] = serialise(self)
        if self.fusion is None:
            del content["fusion"]
        return content

    @property
    def quarantaine(self) -> int:
        """Rows that are still to be put right, those of the deposit completed included."""
        return self.fusion.quarantaine if self.fusion else sum(table.lignes_quarantaine for table in self.tables)

    @property
    def is_accepted(self) -> bool:
        return self.verdict is not Decision.REFUSE

    def count(self, severity: Severity) -> int:
        return sum(finding.severite is severity for finding in self.constats)

    @property
    def sentence(self) -> str:
        """The verdict in one French sentence that says whether anything is to be done."""
        if self.verdict is Decision.REFUSE:
            return (
                "Refusé : le dépôt n'a pas été pris en compte ; votre dépôt précédent, s'il existe, reste en vigueur."
            )
        if self.fusion is not None:
            return f"Accepté : {_what_remains(self.quarantaine)} à corriger pour {self.periode}."
        quarantined = self.quarantaine
        missing = self.count(Severity.A_CORRIGER)  # without a row in quarantine: rows that ought to be there
        due = self.count(Severity.A_EXPLIQUER)
        if quarantined:
            return f"Accepté, {quarantined} ligne{'s' * (quarantined > 1)} à corriger ; le reste est pris en compte."
        if missing:
            return f"Accepté, {missing} constat{'s' * (missing > 1)} à corriger ; ce qui est déposé est pris en compte."
        if due:
            return f"Accepté, {due} constat{'s' * (due > 1)} à expliquer ; toutes les lignes sont prises en compte."
        return "Accepté : rien à faire."


def _what_remains(rows: int) -> str:
    if not rows:
        return "plus aucune ligne"
    return f"{rows} lignes restent" if rows > 1 else "1 ligne reste"

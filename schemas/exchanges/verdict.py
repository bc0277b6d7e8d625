"""The verdict on a deposit: one shape for the offline check, the hub's API and the registry (design, section 7)."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from schemas.findings import Finding, Severity


class Decision(StrEnum):
    """What becomes of the deposit."""

    ACCEPTE = "accepte"
    ACCEPTE_AVEC_QUARANTAINE = "accepte_avec_quarantaine"
    REFUSE = "refuse"


class TableCount(BaseModel):
    """Rows of one table: read = retained + quarantined, always; `feuille` is set when the file is a workbook."""

    model_config = ConfigDict(frozen=True)

    table: str
    fichier: str | None
    feuille: str | None = None
    lignes_lues: int
    lignes_retenues: int
    lignes_quarantaine: int


class Verdict(BaseModel):
    """What the hub says of a deposit; findings in the order of table, line, column, code."""

    model_config = ConfigDict(frozen=True)

    verdict: Decision
    centre: str
    periode: str
    version_contrat: str
    regles_sha256: str
    niveau: int
    tables: tuple[TableCount, ...]
    constats: tuple[Finding, ...]

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
        quarantined = sum(table.lignes_quarantaine for table in self.tables)
        due = self.count(Severity.A_EXPLIQUER)
        if quarantined:
            return f"Accepté, {quarantined} ligne{'s' * (quarantined > 1)} à corriger ; le reste est pris en compte."
        if due:
            return f"Accepté, {due} constat{'s' * (due > 1)} à expliquer ; toutes les lignes sont prises en compte."
        return "Accepté : rien à faire."

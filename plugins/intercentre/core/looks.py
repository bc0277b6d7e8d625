"""How a severity and a decision are said and shown, on every page, in every report and workbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from schemas.exchanges.verdict import Decision
from schemas.findings import Finding, Severity


@dataclass(frozen=True)
class Look:
    """A word, an icon of core/templates/icones.html and a tone of the stylesheet, never a colour alone."""

    mot: str
    icone: str
    ton: str


SEVERITY_LOOKS: Mapping[Severity, Look] = {
    Severity.BLOQUANT: Look("Bloque le dépôt", "non", "refus"),
    Severity.A_CORRIGER: Look("À corriger", "attention", "faire"),
    Severity.A_EXPLIQUER: Look("À expliquer", "question", "info"),
    Severity.INFORMATION: Look("Pour information", "info", "neutre"),
}
DECISION_LOOKS: Mapping[Decision, Look] = {
    Decision.ACCEPTE: Look("Accepté", "oui", "ok"),
    Decision.ACCEPTE_AVEC_QUARANTAINE: Look("Accepté, lignes à corriger", "attention", "faire"),
    Decision.REFUSE: Look("Refusé", "non", "refus"),
}
WORDS: Mapping[Severity, str] = {severity: look.mot for severity, look in SEVERITY_LOOKS.items()}
GRAVITY: Mapping[Severity, int] = {severity: rank for rank, severity in enumerate(Severity)}


def gravest_first(findings: Iterable[Finding]) -> list[Finding]:
    """The same findings by gravity, and in their own order where it is equal."""
    return sorted(findings, key=lambda found: GRAVITY[found.severite])

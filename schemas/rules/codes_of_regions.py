"""Findings about the region as a whole: what no centre's deposit can put right."""

from __future__ import annotations

from schemas.findings import FindingCode, Scope, Severity

REGION = (
    FindingCode(
        "V71",
        Severity.BLOQUANT,
        Scope.TABLE,
        "Commune dans deux ressorts ou dans aucun",
        "À la date de référence, {nombre} communes de la région de langue française sont dans le ressort de plusieurs "
        "centres ou d'aucun (table ressort) : {communes}.",
        "Corrigez la table des ressorts avec les centres concernés ; chaque commune a un centre et un seul, chaque jour.",
        missions=("7",),
    ),
)

"""The harmonised extract tables: one class per table, in the order of their numbers."""

from __future__ import annotations

from schemas.contract import Extract
from schemas.extracts.attestation import Attestation
from schemas.extracts.convention import Convention
from schemas.extracts.dossier import Dossier
from schemas.extracts.etape_accueil import EtapeAccueil
from schemas.extracts.inscription import Inscription
from schemas.extracts.stat_locale import StatLocale
from schemas.extracts.test_langue import TestLangue
from schemas.extracts.transfert import Transfert

VERSION_CONTRAT = "1.1.0"

TABLES: dict[str, type[Extract]] = {
    table.contrat.name: table
    for table in (
        Dossier,
        EtapeAccueil,
        TestLangue,
        Convention,
        Inscription,
        Attestation,
        Transfert,
        StatLocale,
    )
}

__all__ = ["TABLES", "VERSION_CONTRAT"]

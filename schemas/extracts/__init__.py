"""The harmonised extract tables: one class per table, in the order of their numbers; TABLES are those in force.

schemas.editions says which tables, rules and days belong to each version of the contract.
"""

from __future__ import annotations

from collections.abc import Iterable

from schemas.contract import Extract
from schemas.extracts import version_1_1
from schemas.extracts.accompagnement_ili import AccompagnementIli
from schemas.extracts.activite import Activite
from schemas.extracts.agg_obligation import AggObligation
from schemas.extracts.attestation import Attestation
from schemas.extracts.bureau import Bureau
from schemas.extracts.convention import Convention
from schemas.extracts.dossier import Dossier
from schemas.extracts.etape_accueil import EtapeAccueil
from schemas.extracts.flux_commune import FluxCommune
from schemas.extracts.formation_pro import FormationPro
from schemas.extracts.inscription import Inscription
from schemas.extracts.interpretariat import Interpretariat
from schemas.extracts.operateur import Operateur
from schemas.extracts.partenariat import Partenariat
from schemas.extracts.plateforme_reunion import PlateformeReunion
from schemas.extracts.pli_action import PliAction
from schemas.extracts.ressources import Ressources
from schemas.extracts.session_offre import SessionOffre
from schemas.extracts.stat_locale import StatLocale
from schemas.extracts.test_langue import TestLangue
from schemas.extracts.transfert import Transfert

VERSION_CONTRAT = "1.1.0"


def _by_name(tables: Iterable[type[Extract]]) -> dict[str, type[Extract]]:
    return {table.contrat.name: table for table in tables}


TABLES_1_0: dict[str, type[Extract]] = _by_name(
    (Dossier, EtapeAccueil, TestLangue, Convention, Inscription, Attestation, Transfert, StatLocale)
)

TABLES: dict[str, type[Extract]] = _by_name(
    (
        version_1_1.Dossier,
        EtapeAccueil,
        TestLangue,
        Convention,
        version_1_1.Inscription,
        Attestation,
        Operateur,
        SessionOffre,
        FluxCommune,
        AggObligation,
        version_1_1.Transfert,
        Bureau,
        Partenariat,
        AccompagnementIli,
        PliAction,
        PlateformeReunion,
        Activite,
        FormationPro,
        version_1_1.StatLocale,
        Interpretariat,
        Ressources,
    )
)

__all__ = ["TABLES", "TABLES_1_0", "VERSION_CONTRAT"]

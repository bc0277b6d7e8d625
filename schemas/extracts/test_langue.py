"""T03 test_langue."""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar

from schemas.contract import Code, Day, Extract, Identifier, Reference, Table, YesNo, champ, row_rule
from schemas.findings import Severity
from schemas.nomenclatures import nomenclature

_SKILLS = ("co", "ce", "po", "pe")
_RANK = {code: int(entry.facts["rang"]) for code, entry in nomenclature("cecrl").entries.items()}


def _rank_sql(column: str) -> str:
    branches = " ".join(f"WHEN '{code}' THEN {rank}" for code, rank in _RANK.items())
    return f"(CASE {column} {branches} END)"


class TestLangue(Extract):
    """One test of French: placement at entry, validation during, exit at the end.

    How the data come to be: the centre's or the operator's test sheet. Weak where: instruments differ between
    operators; a person at literacy level has only oral skills.
    """

    __test__ = False  # a contract, whatever a test runner may think of the name

    contrat: ClassVar[Table] = Table(
        name="test_langue",
        numero="T03",
        grain="un test de français d'un dossier",
        key=("test_id",),
        niveau=1,
        missions=("1a",),
        references=(Reference(("dossier_id",), "dossier", ("dossier_id",)),),
    )

    test_id: Annotated[str, Identifier()] = champ("Identifiant du test", exemple="T-000045")
    dossier_id: Annotated[str, Identifier()] = champ("Dossier", risque="identifiant", exemple="D-000123")
    date: Annotated[datetime.date, Day()] = champ("Date du test", exemple="2026-02-03")
    nature: Annotated[str, Code("nature_test")] = champ(
        "Positionnement, validation ou sortie", exemple="POSITIONNEMENT"
    )
    profil: Annotated[str, Code("profil_test")] = champ("Profil d'apprentissage", exemple="FLE_BASE")
    co: Annotated[str | None, Code("cecrl")] = champ("Compréhension orale", nul=True, exemple="A1")
    ce: Annotated[str | None, Code("cecrl")] = champ("Compréhension écrite", nul=True, exemple="A1")
    po: Annotated[str | None, Code("cecrl")] = champ("Production orale", nul=True, exemple="A1")
    pe: Annotated[str | None, Code("cecrl")] = champ("Production écrite", nul=True, exemple="A1.1")
    niveau_global: Annotated[str, Code("cecrl")] = champ("Niveau global", exemple="A1")
    instrument: Annotated[str, Identifier()] = champ("Code de l'instrument de test", exemple="POS-2024")
    reussi: Annotated[bool | None, YesNo()] = champ("Réussi (validation seulement)", nul=True, exemple="true")

    @row_rule(
        "V30",
        Severity.A_EXPLIQUER,
        columns=("niveau_global", *_SKILLS),
        sql=f"{_rank_sql('niveau_global')} NOT BETWEEN "
        f"least({', '.join(map(_rank_sql, _SKILLS))}) AND greatest({', '.join(map(_rank_sql, _SKILLS))})",
        titre="Niveau global hors des niveaux par compétence",
        message="Le niveau global est plus bas ou plus haut que tous les niveaux par compétence.",
        remede="Vérifiez le niveau global, ou expliquez la règle employée.",
    )
    def level_lies_within_its_skills(self) -> bool:
        ranks = [_RANK[skill] for skill in (self.co, self.ce, self.po, self.pe) if skill is not None]
        return not ranks or min(ranks) <= _RANK[self.niveau_global] <= max(ranks)

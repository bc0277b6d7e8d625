"""The versions of the contract that are accepted side by side: each is what it was announced to be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

import pytest

from schemas.contract import Extract, Table, row_rule
from schemas.description import describe_contract, description_path
from schemas.editions import CURRENT, EDITIONS, version_key
from schemas.extracts import TABLES, VERSION_CONTRAT
from schemas.extracts.ressources import Ressources
from schemas.findings import Severity
from schemas.oracle import judge
from schemas.rules.cross_table import CROSS_TABLE_RULES
from schemas.versions import compare_contracts

DAY = date(2026, 9, 30)
FIRST = EDITIONS["1.0.0"]
EIGHT = (
    "dossier", "etape_accueil", "test_langue", "convention", "inscription", "attestation", "transfert", "stat_locale",
)  # fmt: skip
LEVELS = {
    1: {"dossier", "etape_accueil", "test_langue", "convention", "inscription", "attestation"},
    2: {"operateur", "session_offre", "flux_commune", "agg_obligation", "transfert", "bureau", "interpretariat"},
    3: {
        "partenariat", "accompagnement_ili", "pli_action", "plateforme_reunion", "activite", "formation_pro",
        "stat_locale", "ressources",
    },
}  # fmt: skip


def test_the_current_edition_is_the_contract_in_force() -> None:
    assert CURRENT is EDITIONS[VERSION_CONTRAT]
    assert CURRENT.tables == TABLES
    assert CURRENT.rules == CROSS_TABLE_RULES
    assert CURRENT.accepted_until is None
    assert list(EDITIONS) == sorted(EDITIONS, key=version_key)


def test_the_first_edition_has_its_eight_tables_and_its_rules() -> None:
    assert tuple(FIRST.tables) == EIGHT
    assert [rule.finding.code for rule in FIRST.rules] == [
        "V42-A", "V42", "V43", "V44", "V45", "V46", "V47", "V48", "V49", "V50", "V55", "V65",
    ]  # fmt: skip
    new = {rule.finding.code for rule in CURRENT.rules} - {rule.finding.code for rule in FIRST.rules}
    assert {"V51", "V52", "V54", "V56"} <= new


def test_the_first_edition_is_still_what_was_described() -> None:
    """Only the writing of conditions and the words of messages may change: what is asked of a centre does not."""
    kept = json.loads(description_path("1.0.0").read_text(encoding="utf-8"))
    assert _asked(describe_contract(FIRST)) == _asked(kept)


def _asked(description: Mapping[str, Any]) -> dict[str, Any]:
    tables = {
        name: {
            **{fact: table[fact] for fact in ("numero", "grain", "niveau", "cle", "renvois", "colonnes")},
            "regles": {code: (rule["severite"], rule["colonnes"]) for code, rule in table["regles"].items()},
        }
        for name, table in description["tables"].items()
    }
    return {"tables": tables, "regles": {code: rule["severite"] for code, rule in description["regles"].items()}}


def test_the_next_edition_only_adds() -> None:
    changes = compare_contracts(describe_contract(FIRST), describe_contract(CURRENT))
    places = {change.place: change.text for change in changes}
    assert places["dossier.bureau_id"] == "renvoi ajouté"
    assert places["inscription.operateur_id"] == "renvoi ajouté"
    assert places["inscription.session_id"] == "renvoi ajouté"
    assert places["transfert"] == "niveau de conformité changé : 1 devient 2"
    assert places["stat_locale"] == "niveau de conformité changé : 1 devient 3"
    assert not [change for change in changes if change.level > 2]
    assert {place for place, text in places.items() if text == "table ajoutée"} == set(TABLES) - set(EIGHT)


def test_tables_stand_in_the_order_of_their_numbers() -> None:
    numbers = [table.contrat.numero for table in TABLES.values()]
    assert numbers == [f"T{number:02}" for number in range(1, 22)]


@pytest.mark.parametrize("level", LEVELS)
def test_levels_let_a_small_centre_start_with_the_journey(level: int) -> None:
    assert {name for name, table in TABLES.items() if table.contrat.niveau == level} == LEVELS[level]


@pytest.mark.parametrize(
    ("version", "day", "accepted"),
    [
        ("1.0.0", date(2026, 9, 30), True),
        ("1.0.0", date(2027, 6, 30), True),
        ("1.0.0", date(2027, 7, 1), False),
        ("1.1.0", date(2026, 6, 30), False),
        ("1.1.0", date(2026, 7, 1), True),
        ("1.1.0", date(2040, 1, 1), True),
    ],
)
def test_two_editions_are_accepted_during_the_transition(version: str, day: date, accepted: bool) -> None:
    assert EDITIONS[version].accepts(day) is accepted


def test_a_version_number_is_not_ordered_as_text() -> None:
    assert version_key("1.10.0") > version_key("1.9.3")


class Later(Ressources):
    """A table in the next version: one rule more, one rule restated, and another key."""

    contrat: ClassVar[Table] = replace(Ressources.contrat, key=("fonction",))

    @row_rule(
        "V40",
        Severity.A_CORRIGER,
        columns=("etp",),
        sql="etp > 10",
        titre="Trop de personnel",
        message="La fonction compte trop de personnel.",
        remede="Vérifiez le nombre.",
    )
    def staff_is_plausible(self) -> bool:
        return bool(self.etp <= 10)

    @row_rule(
        "X01",
        Severity.A_EXPLIQUER,
        columns=("etp",),
        sql="etp = 0",
        titre="Aucun personnel",
        message="La fonction n'a personne.",
        remede="Vérifiez le nombre.",
    )
    def someone_works(self) -> bool:
        return bool(self.etp > 0)


def _codes(table: type[Extract], etp: str) -> set[str]:
    return {code for code, _ in judge(table, {"annee": "2025", "fonction": "FORMATION", "etp": etp}, DAY).findings}


def test_a_subclass_is_the_difference() -> None:
    assert [rule.finding.code for rule in Later.rules()] == ["V40", "X01"]
    assert [rule.finding.severity for rule in Ressources.rules()] == [Severity.A_EXPLIQUER]
    assert Later.contrat.references == Ressources.contrat.references
    assert Later.fields().keys() == Ressources.fields().keys()
    assert (_codes(Ressources, "0"), _codes(Later, "0")) == (set(), {"X01"})
    assert (_codes(Ressources, "11"), _codes(Later, "11")) == (set(), {"V40"})

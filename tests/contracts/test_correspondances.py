"""Codes of a centre's own list: what the list may say, on which day, and how the contract reads them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from schemas import correspondances
from schemas.contract import UnreadableError
from schemas.correspondances import CorrespondenceError, LocalCode, localised, read_correspondences
from schemas.editions import CURRENT, EDITIONS
from schemas.oracle import judge

STATE = date(2026, 9, 30)
ROW = {
    "centre_code": "CAI",
    "table": "dossier",
    "colonne": "titre_sejour",
    "code_local": "CARTE-ROSE",
    "code": "A",
    "valide_du": "2026-01-01",
    "valide_au": "",
    "version": "1",
    "motif": "Liste de l'outil du centre",
    "role": "centre",
}


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The list holds other rows than its file."""

    def put(*changes: dict[str, str]) -> None:
        rows = read_correspondences([ROW | change for change in changes])
        monkeypatch.setattr(correspondances, "correspondences", lambda: rows)

    yield put
    correspondances._with_codes.cache_clear()


class TestRows:
    def test_a_row_is_what_its_columns_say(self) -> None:
        (one,) = read_correspondences([ROW | {"valide_au": "2026-06-30"}])
        assert (one.centre, one.table, one.column, one.local, one.code) == (
            "CAI", "dossier", "titre_sejour", "CARTE-ROSE", "A"
        )  # fmt: skip
        assert [one.holds_on(date(2026, *day)) for day in ((1, 1), (6, 30), (7, 1))] == [True, True, False]
        assert not one.holds_on(date(2025, 12, 31))

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"centre_code": "ULB"}, "unknown centre"),
            ({"table": "personne"}, "unknown column"),
            ({"colonne": "titre"}, "unknown column"),
            ({"colonne": "annee_naissance"}, "no code of a list"),
            ({"table": "operateur", "colonne": "axes", "code": "FLE"}, "no code of a list"),
            ({"code": "ROSE"}, "is not a code of titre"),
            ({"code": "C"}, "is not a code of titre"),  # its last day was before the row begins
            ({"code_local": "B"}, "has this code itself"),
            ({"code_local": " ROSE"}, "one line"),
            ({"code_local": "R\nS"}, "one line"),
            ({"code_local": "R" * 65}, "one line"),
            ({"valide_au": "2025-12-31"}, "ends before it starts"),
            ({"motif": " "}, "reason"),
            ({"role": "informatique"}, "reason"),
            ({"version": "0"}, "reason"),
        ],
    )
    def test_a_row_that_cannot_be_is_refused_by_its_place(self, change: dict[str, str], words: str) -> None:
        with pytest.raises(CorrespondenceError, match=words) as refusal:
            read_correspondences([ROW | change])
        assert (ROW | change)["table"] in str(refusal.value)

    @pytest.mark.parametrize(
        ("second", "refused"),
        [
            ({"valide_du": "2026-07-01"}, False),
            ({"valide_du": "2026-06-30"}, True),
            ({"valide_du": "2026-06-30", "code_local": "CARTE-BLEUE"}, False),
            ({"valide_du": "2026-06-30", "centre_code": "CRIC"}, False),
        ],
    )
    def test_one_meaning_a_day(self, second: dict[str, str], refused: bool) -> None:
        rows = [ROW | {"code": "B"} | second, ROW | {"valide_au": "2026-06-30"}]
        if refused:
            with pytest.raises(CorrespondenceError, match="two meanings on 2026-06-30"):
                read_correspondences(rows)
        else:
            assert len(read_correspondences(rows)) == 2

    def test_a_row_without_end_leaves_no_room_for_another(self) -> None:
        with pytest.raises(CorrespondenceError, match="two meanings"):
            read_correspondences([ROW, ROW | {"valide_du": "2030-01-01"}])

    def test_the_list_of_the_project_holds(self) -> None:
        assert correspondances.correspondences() == (), "no centre has handed over its list yet"
        assert {one.centre for one in correspondances.simulated_correspondences()} == {"CRIPEL"}


class TestEdition:
    def test_an_invented_list_holds_for_the_simulation_alone(self) -> None:
        assert localised(CURRENT, "CRIPEL", STATE) is CURRENT
        kind, _ = localised(CURRENT, "CRIPEL", STATE, simule=True).tables["dossier"].fields()["canal_entree"]
        assert isinstance(kind, LocalCode)
        assert kind.read("ENT-CPAS", STATE) == "CPAS"

    def test_a_centre_without_a_list_has_the_edition_itself(self, listed: Any) -> None:
        listed({})
        assert localised(CURRENT, "CRIC", STATE) is CURRENT
        assert localised(CURRENT, "CAI", date(2025, 12, 31)) is CURRENT

    def test_the_same_codes_are_the_same_edition(self, listed: Any) -> None:
        listed({})
        found = localised(CURRENT, "CAI", STATE)
        assert found is localised(CURRENT, "CAI", date(2026, 10, 31))
        assert (found.version, found.rules) == (CURRENT.version, CURRENT.rules)
        assert {name for name in CURRENT.tables if found.tables[name] is not CURRENT.tables[name]} == {"dossier"}

    def test_only_the_column_named_has_another_type(self, listed: Any) -> None:
        listed({})
        changed, contract = localised(CURRENT, "CAI", STATE).tables["dossier"], CURRENT.tables["dossier"]
        assert list(changed.fields()) == list(contract.fields())
        others = [name for name, (kind, _) in changed.fields().items() if kind != contract.fields()[name][0]]
        assert others == ["titre_sejour"]
        kind, _ = changed.fields()["titre_sejour"]
        assert isinstance(kind, LocalCode)
        assert (kind.list_name, kind.at, kind.mapped) == ("titre", "date_titre", "V16")
        assert (changed.rules(), changed.contrat) == (contract.rules(), contract.contrat)

    def test_a_table_that_an_edition_lacks_is_passed_over(self, listed: Any) -> None:
        listed({"table": "operateur", "colonne": "type", "code": "ILI_AGREEE"})
        assert localised(EDITIONS["1.0.0"], "CAI", STATE) is EDITIONS["1.0.0"]

    def test_the_meaning_is_that_of_the_day(self, listed: Any) -> None:
        listed({"valide_au": "2026-06-30"}, {"valide_du": "2026-07-01", "code": "B"})
        read = {}
        for day in (date(2026, 6, 30), date(2026, 7, 1)):
            kind, _ = localised(CURRENT, "CAI", day).tables["dossier"].fields()["titre_sejour"]
            read[day] = kind.read("CARTE-ROSE", day)
        assert list(read.values()) == ["A", "B"]


def test_the_oracle_reads_it_then_judges_the_row_as_the_contract_does(listed: Any) -> None:
    listed({}, {"code_local": "ANCIENNE-C", "code": "C", "valide_du": "2000-01-01"})
    table = localised(CURRENT, "CAI", STATE).tables["dossier"]
    plain, _ = CURRENT.tables["dossier"].fields()["titre_sejour"]
    with pytest.raises(UnreadableError):
        plain.read("CARTE-ROSE", STATE)
    assert judge(table, {"titre_sejour": "CARTE-ROSE"}, STATE).values["titre_sejour"] == "A"
    # the row's own day decides what became of a code that has ended, as for any other text
    ended = judge(table, {"titre_sejour": "ANCIENNE-C", "date_titre": "2026-05-01"}, STATE)
    assert (ended.values["titre_sejour"], ("V16", "titre_sejour") in ended.findings) == ("K", True)
    assert ("V15", "titre_sejour") in judge(table, {"titre_sejour": "CARTE-VERTE"}, STATE).findings

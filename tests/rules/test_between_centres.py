"""Rules between centres: raised where they must be, silent elsewhere; each centre is told of its own dossiers alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from intercentre.harmonisation.between_centres import (
    FINDING_COLUMNS,
    TerritoryError,
    check_territory,
    communes_without_one_centre,
)
from intercentre.harmonisation.deposits import centres_in_force
from intercentre.harmonisation.harmonise import write_common
from schemas.findings import Scope
from schemas.nomenclatures import read_rows as read_list
from schemas.period import Period
from schemas.rules import catalogue
from schemas.rules.between_centres import BETWEEN_CENTRES
from tests.rules.between_centres_examples import FAILING, PASSING, Failing, Tables
from tests.staged import read_rows, stage

T3 = Period(2026, 3)


def findings(centres: Tables, folder: Path) -> list[dict[str, object]]:
    deposits = [
        stage(folder / "extraits", centre, str(T3), tables, debut_historique=date(2026, 1, 1))
        for centre, tables in centres.items()
    ]
    (folder / "commun").mkdir()
    write_common(folder / "commun", T3, centres_in_force(deposits, T3), [])
    return read_rows(folder / "commun" / "constats_inter.parquet")


@pytest.mark.parametrize(("code", "example"), [(code, each) for code, examples in FAILING.items() for each in examples])
def test_the_rule_is_raised_and_addressed_to_both(code: str, example: Failing, tmp_path: Path) -> None:
    rows = [row for row in findings(example.centres, tmp_path) if row["code"] == code]
    assert {(row["centre"], row["centre_contrepartie"], row["cle_dossier"]) for row in rows} == example.told
    assert len(rows) == len(example.told)
    assert {(row["severite"], row["periode"]) for row in rows} == {(catalogue()[code].severity.value, "2026-T3")}
    assert list(rows[0]) == list(FINDING_COLUMNS)


@pytest.mark.parametrize(("code", "centres"), [(code, each) for code, examples in PASSING.items() for each in examples])
def test_the_rule_is_silent(code: str, centres: Tables, tmp_path: Path) -> None:
    assert code not in {row["code"] for row in findings(centres, tmp_path)}


def test_no_centre_reads_the_key_of_another_ones_dossier(tmp_path: Path) -> None:
    seen = 0
    for number, example in enumerate(each for examples in FAILING.values() for each in examples):
        for row in findings(example.centres, tmp_path / str(number)):
            seen += 1
            assert row["cle_dossier"] is None or str(row["cle_dossier"]).startswith(f"{row['centre']}:")
            assert row["centre"] != row["centre_contrepartie"]
    assert seen > 30


@pytest.mark.parametrize("rule", BETWEEN_CENTRES, ids=lambda rule: rule.finding.code)
def test_a_rule_between_centres_is_one_select_that_says_what_it_reads(rule) -> None:  # type: ignore[no-untyped-def]
    body = "\n".join(line for line in rule.sql.splitlines() if not line.strip().startswith("--"))
    assert rule.finding.scope is Scope.CENTRES
    assert ";" not in body
    assert "SELECT *" not in body
    for table in rule.tables:
        assert table in body
    read = {word for word in body.replace("\n", " ").split() if word.startswith(("commun.", "extrait.", "reference."))}
    assert read == set(rule.tables)


class TestTerritory:
    def test_the_territory_that_is_kept_has_neither_hole_nor_overlap(self) -> None:
        for day in (date(2015, 1, 1), date(2018, 12, 31), date(2019, 1, 1), date(2024, 12, 1), date(2026, 9, 30)):
            check_territory(day)

    def test_v71_names_what_is_claimed_twice_or_by_nobody(self, monkeypatch: pytest.MonkeyPatch) -> None:
        rows = list(read_list("ressort"))
        namur = next(row for row in rows if row["commune_refnis"] == "92094")
        others = [row for row in rows if row["commune_refnis"] not in ("92094", "91034")]
        wrong = [*others, namur, namur | {"centre_code": "CRIC"}]
        assert communes_without_one_centre(date(2026, 9, 30), rows) == set()
        assert communes_without_one_centre(date(2026, 9, 30), wrong) == {"92094", "91034"}
        monkeypatch.setattr("intercentre.harmonisation.between_centres.read_rows", lambda name: iter(wrong))
        with pytest.raises(TerritoryError, match=r"2 communes .*91034, 92094"):
            check_territory(date(2026, 9, 30))

    def test_a_former_claim_does_not_count(self) -> None:
        rows = list(read_list("ressort"))
        former = next(row for row in rows if row["commune_refnis"] == "92094") | {"valide_au": "2026-09-29"}
        assert communes_without_one_centre(date(2026, 9, 30), [*rows, former]) == set()
        assert communes_without_one_centre(date(2026, 9, 29), [*rows, former]) == {"92094"}

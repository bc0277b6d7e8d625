"""Each rule between deposits, on examples of two deposits of one centre that follow each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from intercentre.validation import Precedent
from schemas.exchanges.verdict import Decision, Verdict
from schemas.period import Period
from tests.packages import files, graver, judge, with_manifest, write_folder
from tests.rules.row_examples import BETWEEN_DEPOSITS
from tests.rules.test_row_examples import ALWAYS

BEFORE = Period(2026, 2)
Rows = Sequence[Mapping[str, str]]


@pytest.mark.parametrize("case", BETWEEN_DEPOSITS)
def test_the_rule_is_raised_at_its_place_and_nowhere_else(case: str, tmp_path: Path) -> None:
    code, example = BETWEEN_DEPOSITS[case]
    verdict = judge_after(example["precedent"], example["tables"], tmp_path, **example.get("manifeste", {}))
    expected = {place(f"{code} {one}") for one in example.get("constats", [])}
    assert bool(expected) == ("-echoue-" in case)
    assert graver(verdict) == expected | {place(one) for one in example.get("aussi", [])}


def test_without_a_deposit_before_nothing_is_said(tmp_path: Path) -> None:
    assert not graver(judge(_folder(tmp_path / "seul", {"dossier": [{}]}), tmp_path / "sortie"))


def test_a_table_that_the_deposit_before_lacks_is_not_compared(tmp_path: Path) -> None:
    precedent = _precedent({"dossier": [{"annee_naissance": "1991"}], "inscription": [{}]}, tmp_path)
    (precedent.dossier / "dossier.parquet").unlink()
    after = _folder(tmp_path / "apres", {"dossier": [{}], "inscription": [{"heures_suivies": "1"}]})
    verdict = judge(after, tmp_path / "sortie", precedent=precedent)
    assert graver(verdict) == {("V60", "inscription", 2, "heures_suivies")}


def test_a_column_that_the_deposit_before_lacks_is_not_compared(tmp_path: Path) -> None:
    precedent = _precedent({"dossier": [{"annee_naissance": "1991", "date_ouverture": "2026-01-14"}]}, tmp_path)
    path = precedent.dossier / "dossier.parquet"
    with duckdb.connect() as engine:
        engine.execute(f"COPY (SELECT * EXCLUDE (annee_naissance) FROM '{path}') TO '{path}.neuf' (FORMAT parquet)")
    Path(f"{path}.neuf").replace(path)
    verdict = judge(_folder(tmp_path / "apres", {"dossier": [{}]}), tmp_path / "sortie", precedent=precedent)
    assert graver(verdict) == {("V57", "dossier", 2, "date_ouverture")}


class TestAVanishedDossier:
    BEFORE = ({"fois": "60"},)  # lines 2 to 61

    def _without(self, *lines: int) -> list[dict[str, str]]:
        """The rows before, without those of these lines."""
        return [row for line, row in enumerate(expand(self.BEFORE), 2) if line not in lines]

    def test_is_named_by_its_line_in_the_deposit_before(self, tmp_path: Path) -> None:
        verdict = judge_after({"dossier": self.BEFORE}, {"dossier": self._without(17)}, tmp_path)
        (found,) = [one for one in verdict.constats if one.code == "V58"]
        assert found.message == (
            "Dossiers actifs absents de ce dépôt sans avoir été clos : 1 (ligne 17 de la table dossier de votre dépôt "
            "précédent, 2026-T2)."
        )
        assert (found.fichier, found.ligne, found.colonne) == ("dossier.csv", None, "dossier_id")

    def test_makes_the_deposit_accepted_with_something_to_put_right(self, tmp_path: Path) -> None:
        verdict = judge_after({"dossier": self.BEFORE}, {"dossier": self._without(17)}, tmp_path)
        assert verdict.verdict is Decision.ACCEPTE_AVEC_QUARANTAINE
        assert verdict.sentence == "Accepté, 1 constat à corriger ; ce qui est déposé est pris en compte."
        assert {count.lignes_quarantaine for count in verdict.tables} == {0}

    def test_is_one_of_too_many(self, tmp_path: Path) -> None:
        gone = (3, 4, 5, 6, 9, 30, 31, 61)
        verdict = judge_after({"dossier": self.BEFORE}, {"dossier": self._without(*gone)}, tmp_path)
        assert verdict.verdict is Decision.REFUSE
        messages = {one.code: one.message for one in verdict.constats}
        assert "8 (lignes 3 à 6, 9, 30, 31 et 61 de la table dossier" in messages["V58"]
        assert "sans avoir été clos : 8, plus de 2 % d'entre eux. Le dépôt est refusé" in messages["V58-B"]


def judge_after(before: Mapping[str, Rows], after: Mapping[str, Rows], folder: Path, **manifest: Any) -> Verdict:
    """The verdict on the second of two deposits, beside the first."""
    precedent = _precedent(before, folder)
    return judge(_folder(folder / "apres", after, **manifest), folder / "sortie", precedent=precedent)


def _precedent(tables: Mapping[str, Rows], folder: Path) -> Precedent:
    package = _folder(
        folder / "avant",
        tables,
        periode_debut=BEFORE.debut.isoformat(),
        periode_fin=BEFORE.fin.isoformat(),
        date_etat=BEFORE.fin.isoformat(),
    )
    verdict = judge(package, folder / "sortie-avant", periode=BEFORE)
    assert verdict.is_accepted
    return Precedent(BEFORE, folder / "sortie-avant" / "types", verdict.version_contrat)


def _folder(folder: Path, tables: Mapping[str, Rows], **manifest: Any) -> Path:
    rows = {name: expand(given) for name, given in {**ALWAYS, **tables}.items()}
    if not any(row.get("dossier_id", "D-1") == "D-1" for row in rows["dossier"]):
        rows |= {name: [] for name in ("etape_accueil", "test_langue")}
    return write_folder(folder, with_manifest(files(rows), **manifest))


def expand(rows: Rows) -> list[dict[str, str]]:
    """The rows, one with `fois` as so many dossiers of other persons."""
    expanded = []
    for row in rows:
        times = int(row.get("fois", 0))
        plain = {name: cell for name, cell in row.items() if name != "fois"}
        others = [{"dossier_id": f"F-{at}", "personne_ref": f"Q-{at}", **plain} for at in range(times)]
        expanded += others if times else [plain]
    return expanded


def place(text: str) -> tuple[str, str, int | None, str]:
    code, table, ligne, colonne = text.split()
    return code, table, None if ligne == "-" else int(ligne), colonne

"""Corrections of several cells and several rows: one file, all of it or nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from intercentre.cli import main
from intercentre.core.hub import Hub
from intercentre.harmonisation import harmonise
from intercentre.harmonisation.correction_file import read_proposals
from intercentre.harmonisation.corrections import (
    CorrectionRefusee,
    accept_correction,
    list_corrections,
    propose_corrections,
    withdraw_correction,
)
from tests.staged import read_rows, register, stage

DAY, CLOSED = date(2026, 7, 2), date(2026, 8, 31)
HEADER = "centre;table;cle;colonne;valeur;motif\n"
CLOSING = HEADER + (
    "CAI;dossier;dossier_id=D1;date_cloture;2026-08-31;Clôture oubliée\n"
    "CAI;dossier;dossier_id=D1;motif_cloture;ABANDON;Clôture oubliée\n"
    "CAI;dossier;dossier_id=D2;sexe;M;Erreur de saisie\n"
)


@pytest.fixture
def deposited(hub: Hub) -> Hub:
    tables: dict[str, list[dict[str, Any]]] = {
        "dossier": [{"dossier_id": one, "date_ouverture": DAY, "sexe": "F"} for one in ("D1", "D2")],
        "etape_accueil": [{"dossier_id": "D1", "date": DAY, "rang": 1}, {"dossier_id": "D1", "date": DAY, "rang": 2}],
    }
    register(hub, stage(hub.home.root / "z1" / "extraits", "CAI", "2026-T3", tables))
    return hub


def propose(hub: Hub, folder: Path, text: str) -> list[str]:
    path = folder / "corrections.csv"
    path.write_text(text, encoding="utf-8")
    return propose_corrections(hub, read_proposals(path, "centre"), acteur="essai")


def dossiers(hub: Hub) -> dict[str, dict[str, Any]]:
    return {row["dossier_id"]: row for row in read_rows(harmonise(hub, "2026-T3") / "dossier.parquet")}


def reasons(hub: Hub) -> dict[str, str | None]:
    rows = read_rows(hub.home.common("2026-T3") / "correction_appliquee.parquet")
    return {row["correction_id"]: row["raison"] for row in rows}


def test_a_closing_date_and_its_reason_are_put_right_together(deposited: Hub, tmp_path: Path) -> None:
    found = propose(deposited, tmp_path, CLOSING)
    assert found == ["COR-0001", "COR-0002", "COR-0003"]
    for one in found:
        accept_correction(deposited, one, "discri", acteur="essai")
    rows = dossiers(deposited)
    assert (rows["D1"]["date_cloture"], rows["D1"]["motif_cloture"]) == (CLOSED, "ABANDON")
    assert (rows["D2"]["date_cloture"], rows["D2"]["sexe"]) == (None, "M")
    assert reasons(deposited) == dict.fromkeys(found)


def test_one_of_the_two_alone_is_not_applied(deposited: Hub, tmp_path: Path) -> None:
    first, second, third = propose(deposited, tmp_path, CLOSING)
    for one in (first, second, third):
        accept_correction(deposited, one, "discri", acteur="essai")
    withdraw_correction(deposited, second, "centre", acteur="essai")
    assert dossiers(deposited)["D1"]["date_cloture"] is None
    assert reasons(deposited) == {first: "valeur_refusee", third: None}


def test_a_closing_that_the_centre_tells_itself_is_what_counts(deposited: Hub, tmp_path: Path) -> None:
    first, second, third = propose(deposited, tmp_path, CLOSING)
    for one in (first, second, third):
        accept_correction(deposited, one, "discri", acteur="essai")
    closed = {"date_cloture": date(2026, 9, 20), "motif_cloture": "ABANDON"}
    rows = [{"dossier_id": one, "date_ouverture": DAY, "sexe": "F"} for one in ("D1", "D2")]
    root = deposited.home.root / "z1" / "extraits"
    register(deposited, stage(root, "CAI", "2026-T3", {"dossier": [rows[0] | closed, rows[1]]}, numero=2, sequence=2))
    found = dossiers(deposited)
    assert (found["D1"]["date_cloture"], found["D2"]["sexe"]) == (date(2026, 9, 20), "M")
    assert reasons(deposited) == {first: "depot_change", second: "deja_conforme", third: None}


def test_a_key_of_several_columns(deposited: Hub, tmp_path: Path) -> None:
    line = "CAI;etape_accueil;dossier_id=D1, type_etape=BILAN_SOCIAL, rang=2;modalite;COLLECTIF;Erreur de saisie\n"
    (one,) = propose(deposited, tmp_path, HEADER + line)
    accept_correction(deposited, one, "discri", acteur="essai")
    rows = read_rows(harmonise(deposited, "2026-T3") / "etape_accueil.parquet")
    assert {row["rang"]: row["modalite"] for row in rows} == {1: "INDIVIDUEL", 2: "COLLECTIF"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("centre;table\nCAI;dossier\n", "La première ligne du fichier doit être"),
        (HEADER, "de 1 à 1000 lignes"),
        (HEADER + "CAI;dossier;dossier_id=D1;sexe;M\n", "Ligne 2 : 6 cellules"),
        (HEADER + "CAI;dossier;D1;sexe;M;Erreur\n", "Ligne 2 : la clé s'écrit"),
        (CLOSING + "CAI;dossier;dossier_id=D2;sexe;X;Erreur\n", "Ligne 5 : cette cellule est déjà corrigée"),
        (CLOSING + "CAI;dossier;dossier_id=D9;sexe;M;Erreur\n", "Ligne 5 : Aucune ligne de dossier"),
        (CLOSING + "CAI;dossier;dossier_id=D2;mena;PEUT-ETRE;Erreur\n", "Ligne 5 : La colonne mena attend"),
        (HEADER + CLOSING.splitlines()[1] + "\n", "Ligne 2 : Avec cette valeur de date_cloture"),
        (HEADER + '"CAI;dossier', "guillemet"),
    ],
)
def test_a_file_that_does_not_hold_proposes_nothing(deposited: Hub, tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(CorrectionRefusee) as refused:
        propose(deposited, tmp_path, text)
    assert said in str(refused.value)
    assert "PEUT-ETRE" not in str(refused.value)
    assert list_corrections(deposited) == []


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "corrections.xlsx"
    path.write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(CorrectionRefusee, match="CSV UTF-8"):
        read_proposals(path, "centre")


def test_the_verb_imports_a_file(
    deposited: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INTERCENTRE_HOME", str(deposited.home.root))
    path = tmp_path / "corrections.csv"
    path.write_text(CLOSING, encoding="utf-8")
    assert main(["correction", "importer", str(path), "--role", "centre"]) == 0
    assert "intercentre correction accepter COR-0003 --role discri" in capsys.readouterr().out
    assert len(list_corrections(deposited)) == 3
    assert main(["correction", "importer", str(path), "--role", "centre"]) == 1
    assert "Ligne 2 : Une correction de cette cellule est déjà proposée" in capsys.readouterr().err

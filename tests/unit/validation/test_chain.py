"""`verifier` with `--complete`: the hub's own verdict on a partial deposit, byte for byte, and the rows to correct."""

from __future__ import annotations

from pathlib import Path

import pytest

from intercentre.cli import main
from intercentre.core.hub import Hub
from intercentre.intake import receive_deposit
from intercentre.staging import stage_deposit
from intercentre.validation import validate_deposit, verdict_bytes
from schemas.exchanges.verdict import Verdict
from tests.packages import CENTRE, PERIODE, files, with_manifest, write_folder, write_zip
from tests.partial_deposits import FAULTY, corrected, dossiers, partial, row, sheets_of


def _hub_verdict(hub: Hub, package: Path) -> tuple[str, bytes]:
    receipt = receive_deposit(hub, package, centre=CENTRE, periode=PERIODE, canal="commande", acteur="essai")
    return receipt.depot_id, verdict_bytes(validate_deposit(hub, receipt.depot_id))


def test_the_offline_verdict_on_a_chain_is_the_hub_s(
    hub: Hub, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    base = write_zip(tmp_path / "complet.zip", with_manifest(files({"dossier": dossiers(FAULTY)})))
    base_id, _ = _hub_verdict(hub, base)
    first = partial(tmp_path, base_id, {"dossier": [row(4), row(6, sexe="Dame")]})
    first_id, first_verdict = _hub_verdict(hub, first)
    second = partial(tmp_path, first_id, {"dossier": [row(6)]})
    _, second_verdict = _hub_verdict(hub, second)
    assert main(["verifier", str(first), "--complete", str(base), "--format", "json"]) == 0
    assert capsysbinary.readouterr().out == first_verdict
    assert main(["verifier", str(second), "--complete", str(base), "--complete", str(first), "--format", "json"]) == 0
    assert capsysbinary.readouterr().out == second_verdict
    # the first partial deposit was overtaken by itself: what it completed is no longer in force
    assert main(["verifier", str(first), "--complete", str(base), "--complete", str(first), "--format", "json"]) == 1
    assert b'"V08-S"' in capsysbinary.readouterr().out


def test_a_partial_deposit_is_compared_with_what_its_whole_was_compared_with(
    hub: Hub, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    before = {"periode_debut": "2026-04-01", "periode_fin": "2026-06-30", "date_etat": "2026-06-30"}
    rows = [*dossiers({}), row(201)]
    former = write_zip(tmp_path / "avant.zip", with_manifest(files({"dossier": rows}), **before))
    receipt = receive_deposit(hub, former, centre=CENTRE, periode=PERIODE.previous(), canal="commande", acteur="essai")
    assert validate_deposit(hub, receipt.depot_id).is_accepted
    assert stage_deposit(hub, receipt.depot_id)
    # line 5: a sex that cannot be read; line 102: another year of birth; the last dossier is gone
    faults = {3: {"sexe": "Femme"}, 100: {"annee_naissance": "1991"}}
    base = write_zip(tmp_path / "complet.zip", with_manifest(files({"dossier": dossiers(faults)}), sequence=2))
    base_id, base_verdict = _hub_verdict(hub, base)
    first = partial(tmp_path, base_id, {"dossier": [row(4)]}, sequence=2)
    first_id, first_verdict = _hub_verdict(hub, first)
    second = partial(tmp_path, first_id, {"dossier": [row(101)]}, sequence=2)
    _, second_verdict = _hub_verdict(hub, second)
    found = [
        {one.code for one in Verdict.model_validate_json(text).constats if one.code in ("V15", "V57", "V58")}
        for text in (base_verdict, first_verdict, second_verdict)
    ]
    assert found == [{"V15", "V57", "V58"}, {"V57", "V58"}, {"V58"}]
    asked = ["--precedent", str(former), "--format", "json"]
    for packages, verdict in (
        ([base], base_verdict), ([first, base], first_verdict), ([second, base, first], second_verdict)
    ):  # fmt: skip
        completed = [argument for path in packages[1:] for argument in ("--complete", str(path))]
        assert main(["verifier", str(packages[0]), *completed, *asked]) == 0
        assert capsysbinary.readouterr().out == verdict


def test_a_partial_deposit_alone_is_not_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    package = partial(tmp_path, "CAI-2026-T3-000000000000", {"dossier": [row(4)]})
    assert main(["verifier", str(package)]) == 2
    assert "--complete" in capsys.readouterr().err


def test_the_rows_to_correct_are_written_beside_the_report_and_come_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_folder(tmp_path / "complet", with_manifest(files({"dossier": dossiers(FAULTY)})))
    assert main(["verifier", str(folder), "-o", str(tmp_path / "rapport")]) == 0
    told = capsys.readouterr().out
    assert "lignes-a-corriger.xlsx" in told
    workbook = (tmp_path / "rapport" / "lignes-a-corriger.xlsx").read_bytes()
    assert len(sheets_of(workbook)["dossier"]) == 5
    changes = {
        2: {"sexe": "F"},
        3: {"dossier_id": "D-5"},
        4: {"nationalite": "SYR"},
        5: {"dossier_id": "D-7"},
    }
    package = corrected(workbook, tmp_path / "corrige.xlsx", "dossier", changes)
    assert main(["verifier", str(package), "--complete", str(folder), "-o", str(tmp_path / "apres")]) == 0
    assert "plus aucune ligne à corriger" in capsys.readouterr().out
    assert not (tmp_path / "apres" / "lignes-a-corriger.xlsx").exists()


def test_nothing_is_written_to_correct_in_a_refused_deposit(tmp_path: Path) -> None:
    faults = {n: {"sexe": "Femme"} for n in range(10)}
    folder = write_folder(tmp_path / "complet", with_manifest(files({"dossier": dossiers(faults)})))
    assert main(["verifier", str(folder), "-o", str(tmp_path / "rapport")]) == 1
    assert [path.name for path in (tmp_path / "rapport").iterdir()] == ["verdict.txt"]

"""What `simulate` promises of its folder: seed, counts, manifests, refusals."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from intercentre.simulation import SimulationError, simulate
from schemas.exchanges.manifest import Manifest
from schemas.period import Period
from tests.unit.simulated import CENTRES, canonical_rows, grid, manifest

T3 = Period(2026, 3)


def _bytes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.slow
def test_a_seed_gives_the_same_bytes_in_another_process_and_another_seed_does_not(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from intercentre.simulation import simulate;"
        "from schemas.period import Period;"
        "simulate(Path(sys.argv[1]), dossiers=160, periode=Period(2026, 3), graine=int(sys.argv[2]),"
        " periodes=2, taux_erreurs=0.05)"
    )
    for name, seed, hashing in (("un", "11", "1"), ("deux", "11", "2"), ("autre", "12", "1")):
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / name), seed],
            check=True,
            env={**os.environ, "PYTHONHASHSEED": hashing},
        )
    first, second, other = (_bytes(tmp_path / name) for name in ("un", "deux", "autre"))
    assert first == second
    assert any(name.endswith(".xlsx") for name in first)
    assert first["vies.parquet"] != other["vies.parquet"]
    assert first["CAI/2026-T3/dossier.csv"] != other["CAI/2026-T3/dossier.csv"]


def test_the_last_deposits_hold_exactly_the_dossiers_asked_for(tmp_path: Path) -> None:
    simulate(tmp_path / "s", dossiers=137, periode=T3, graine=5, periodes=2, habitudes="canonique")
    last = [len(canonical_rows(tmp_path / "s" / centre / "2026-T3", "dossier")) for centre in CENTRES]
    before = [len(canonical_rows(tmp_path / "s" / centre / "2026-T2", "dossier")) for centre in CENTRES]
    assert sum(last) == 137
    assert 0 < sum(before) < 137


def test_only_the_centres_asked_for_deposit(tmp_path: Path) -> None:
    simulate(tmp_path / "s", dossiers=60, periode=T3, graine=5, centres=["CRIC", "CAI"], habitudes="canonique")
    assert sorted(path.name for path in (tmp_path / "s").iterdir() if path.is_dir()) == ["CAI", "CRIC"]
    assert sum(len(canonical_rows(tmp_path / "s" / c / "2026-T3", "dossier")) for c in ("CAI", "CRIC")) == 60


def test_a_manifest_describes_its_files_and_nothing_else(tmp_path: Path) -> None:
    simulate(tmp_path / "s", dossiers=120, periode=T3, graine=8, periodes=2)
    sequences: dict[str, list[int]] = {}
    for centre in CENTRES:
        for periode in ("2026-T2", "2026-T3"):
            deposit = tmp_path / "s" / centre / periode
            declared = Manifest.model_validate(manifest(deposit))
            assert (declared.centre_code, str(declared.periode)) == (centre, periode)
            assert declared.date_etat == declared.periode_fin
            assert declared.logiciel_source == "simulation-intercentre"
            assert declared.debut_historique is not None
            assert declared.debut_historique.isoformat() == "2022-10-01"
            listed = {"manifeste.json"}
            for table in declared.tables:
                if table.fichier is None:
                    assert (table.declaree_vide, table.lignes) == (True, 0)
                    continue
                path = deposit / table.fichier
                listed.add(table.fichier)
                assert hashlib.sha256(path.read_bytes()).hexdigest() == table.sha256
                delimiter = "," if centre == "CAI" else ";"
                assert len(grid(path, table.nom, encoding="cp1252", delimiter=delimiter)) == table.lignes + 1
            assert {path.name for path in deposit.iterdir()} == listed
            sequences.setdefault(centre, []).append(declared.sequence)
    assert all(first < second for first, second in sequences.values())


def test_a_year_is_a_period_too(tmp_path: Path) -> None:
    simulate(tmp_path / "s", dossiers=40, periode=Period(2025), graine=1, centres=["CAI"])
    content = manifest(tmp_path / "s" / "CAI" / "2025")
    assert (content["type_depot"], content["periode_debut"], content["periode_fin"]) == (
        "ANNUEL",
        "2025-01-01",
        "2025-12-31",
    )


def test_everything_is_marked_as_simulated(tmp_path: Path) -> None:
    simulate(tmp_path / "s", dossiers=20, periode=T3, graine=1, centres=["CAI"])
    assert "simulées" in (tmp_path / "s" / "LISEZMOI.txt").read_text(encoding="utf-8").splitlines()[0]
    assert (tmp_path / "s" / "erreurs.csv").read_text() == "centre;periode;fichier;ligne;colonne;code\n"


def test_a_former_simulation_is_replaced_whole(tmp_path: Path) -> None:
    simulate(tmp_path / "s", dossiers=20, periode=T3, graine=1, periodes=2, centres=["CAI", "CRIC"])
    simulate(tmp_path / "s", dossiers=20, periode=T3, graine=1, centres=["CAI"])
    assert sorted(path.relative_to(tmp_path / "s").as_posix() for path in (tmp_path / "s").glob("*/*")) == [
        "CAI/2026-T3"
    ]


def test_a_folder_with_anything_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("à garder")
    with pytest.raises(SimulationError, match="autre chose"):
        simulate(tmp_path, dossiers=20, periode=T3, graine=1)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"dossiers": 0},
        {"periodes": 0},
        {"taux_erreurs": 1.5},
        {"centres": ["NAMUR"]},
        {"centres": []},
        {"periode": Period(1998, 1)},
    ],
)
def test_wrong_arguments_are_refused_before_anything_is_written(tmp_path: Path, wrong: dict[str, object]) -> None:
    asked: dict[str, object] = {"dossiers": 10, "periode": T3, "graine": 1} | wrong
    with pytest.raises(SimulationError):
        simulate(tmp_path / "s", **asked)  # type: ignore[arg-type]
    assert not (tmp_path / "s").exists()


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    simulate(tmp_path / "s", dossiers=20, periode=T3, graine=1, centres=["CAI"], progress=told.append)
    assert told[-1] == "CAI : 20 dossiers"

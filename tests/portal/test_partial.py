"""A centre takes its rows to correct from the portal, puts them right, and deposits the workbook as it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import httpx
import pytest
from sqlalchemy import select

from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Journal
from tests.as_read import as_read
from tests.packages import CENTRE, PERIODE, files, with_manifest, write_zip
from tests.partial_deposits import FAULTY, corrected, dossiers, sheets_of
from tests.portal.conftest import Visit

LINK = "Télécharger les lignes à corriger (XLSX)"


def _deposit(visitor: Visit, package: Path) -> tuple[str, str]:
    """The deposit's number, and its page's sentence."""
    answer: httpx.Response = visitor.post(
        "/api/v1/depots", files={"fichier": (package.name, package.read_bytes())}, data={"periode": str(PERIODE)}
    )
    assert answer.status_code == 201, answer.text
    depot_id = answer.json()["recepisse"]["depot_id"]
    return depot_id, visitor.get(f"/api/v1/depots/{depot_id}/verdict").json()


@pytest.fixture
def depot_id(hub: Hub, tmp_path: Path, program: Callable[[str], Visit]) -> str:
    package = write_zip(tmp_path / "depot.zip", with_manifest(files({"dossier": dossiers(FAULTY)})))
    return _deposit(program("cai"), package)[0]


def test_the_rows_to_correct_come_back_as_a_deposit(
    hub: Hub, depot_id: str, tmp_path: Path, person: Callable[[str], Visit], program: Callable[[str], Visit]
) -> None:
    page = person("cai").get(f"/depots/{depot_id}").text
    assert LINK in page
    assert "ou seulement les lignes corrigées" in page
    answer = person("cai").get(f"/depots/{depot_id}/lignes-a-corriger.xlsx")
    assert answer.status_code == 200
    sheets = sheets_of(answer.content)
    assert list(sheets) == ["dossier", "depot_partiel"]
    ids = [cells[0] for cells in sheets["dossier"]]
    assert ids == ["dossier_id", "D-4", "D 5", "D-6", "12345678901"]
    said = {cells[0]: cells[1] for cells in sheets["depot_partiel"] if cells[0]}
    assert (said["type_depot"], said["remplace_depot_id"]) == ("PARTIEL", depot_id)
    assert said["lignes_remplacees dossier"] == "6 8"
    changes = {2: {"sexe": "F"}, 3: {"dossier_id": "D-5"}, 4: {"nationalite": "SYR"}}
    package = corrected(answer.content, tmp_path / "corrige.xlsx", "dossier", changes)
    first, verdict = _deposit(program("cai"), package)
    assert verdict["fusion"]["depot_complete"] == depot_id
    assert [(found["code"], found["ligne"]) for found in verdict["constats"] if found["severite"] == "a_corriger"] == [
        ("V14", 5)
    ]
    page = as_read(person("cai").get(f"/depots/{first}").text)
    assert "Accepté : 1 ligne reste à corriger pour 2026-T3." in page
    again = person("cai").get(f"/depots/{first}/lignes-a-corriger.xlsx")
    assert [cells[0] for cells in sheets_of(again.content)["dossier"]] == ["dossier_id", "12345678901"]
    last = corrected(again.content, tmp_path / "fin.xlsx", "dossier", {2: {"dossier_id": "D-7"}})
    second, verdict = _deposit(program("cai"), last)
    assert verdict["verdict"] == "accepte"
    page = as_read(person("cai").get(f"/depots/{second}").text)
    assert "Accepté : plus aucune ligne à corriger pour 2026-T3." in page
    assert LINK not in page
    path = hub.home.staged(CENTRE, PERIODE, second) / "dossier.parquet"
    ids = duckdb.execute("SELECT dossier_id FROM read_parquet($1)", [str(path)]).fetchall()
    assert sorted(ids) == sorted((f"D-{n}",) for n in range(1, 201))
    with hub.registry.read() as session:
        asked = session.execute(select(Journal).where(Journal.action == "lignes_a_corriger")).scalars().all()
    assert [(line.acteur, line.objet) for line in asked] == [("cai", depot_id), ("cai", first)]


@pytest.mark.parametrize(("nom", "status"), [("cric", 404), ("discri", 403), ("exploitant", 403), ("autorite", 403)])
def test_nobody_else_has_them(depot_id: str, person: Callable[[str], Visit], nom: str, status: int) -> None:
    answer = person(nom).get(f"/depots/{depot_id}/lignes-a-corriger.xlsx")
    assert answer.status_code == status
    assert "12345678901" not in answer.text
    assert LINK not in person(nom).get(f"/depots/{depot_id}").text


def test_there_is_none_when_nothing_is_to_be_corrected(
    tmp_path: Path, program: Callable[[str], Visit], person: Callable[[str], Visit]
) -> None:
    package = write_zip(tmp_path / "juste.zip", with_manifest(files({"dossier": dossiers({})})))
    depot_id, _ = _deposit(program("cai"), package)
    answer = person("cai").get(f"/depots/{depot_id}/lignes-a-corriger.xlsx")
    assert answer.status_code == 404
    assert "aucune ligne à corriger" in answer.text

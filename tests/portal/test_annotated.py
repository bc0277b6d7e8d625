"""The annotated copy goes to the centre that deposited, to nobody else, and nothing of it stays at the hub."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from intercentre.core import custody
from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot, Journal
from intercentre.intake import receive_deposit
from intercentre.validation import validate_deposit
from schemas.period import Period
from tests.packages import DEFAULTS, csv_bytes, files, write_zip
from tests.portal.conftest import Visit
from tests.portal.facts import make_deposit

VALUE = "ZZ-SEULE-VALEUR"
LINK = "Télécharger votre fichier annoté (XLSX)"


@pytest.fixture
def depot_id(hub: Hub, tmp_path: Path) -> str:
    row = {**DEFAULTS["dossier"], "dossier_id": VALUE, "sexe": "H"}
    package = write_zip(tmp_path / "depot.zip", files({}) | {"dossier.csv": csv_bytes("dossier", [row])})
    receipt = receive_deposit(hub, package, centre="CAI", periode=Period(2026, 3), canal="api", acteur="cai")
    validate_deposit(hub, receipt.depot_id)
    return receipt.depot_id


def _lines(hub: Hub) -> list[Journal]:
    with hub.registry.read() as session:
        return list(session.execute(select(Journal).where(Journal.action == "copie_annotee")).scalars())


def test_the_depositing_centre_has_its_rows_back(hub: Hub, depot_id: str, person: Callable[[str], Visit]) -> None:
    visitor = person("cai")
    assert LINK in visitor.get(f"/depots/{depot_id}").text
    before = sorted(hub.home.work.rglob("*"))
    answer = visitor.get(f"/depots/{depot_id}/annote.xlsx")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="annote-{depot_id}.xlsx"'
    assert "no-store" in answer.headers["Cache-Control"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert book.get_sheet_by_name("dossier").to_python()[1][0] == VALUE
    assert sorted(hub.home.work.rglob("*")) == before
    (line,) = _lines(hub)
    assert (line.acteur, line.objet) == ("cai", depot_id)
    assert json.loads(line.details) == {"octets": len(answer.content)}


@pytest.mark.parametrize(("nom", "status"), [("cric", 404), ("discri", 403), ("exploitant", 403), ("autorite", 403)])
def test_nobody_else_has_it(
    hub: Hub, depot_id: str, program: Callable[[str], Visit], person: Callable[[str], Visit], nom: str, status: int
) -> None:
    for visitor in (program(nom), person(nom)):
        answer = visitor.get(f"/depots/{depot_id}/annote.xlsx")
        assert answer.status_code == status
        assert VALUE not in answer.text
        assert LINK not in visitor.get(f"/depots/{depot_id}").text
    assert _lines(hub) == []


def test_there_is_none_before_the_verdict_nor_after_the_bytes_are_gone(
    hub: Hub, depot_id: str, program: Callable[[str], Visit]
) -> None:
    waiting = make_deposit(hub, "CAI", "recu")
    assert "pas encore de verdict" in program("cai").get(f"/depots/{waiting}/annote.xlsx").text
    with hub.registry.read() as session:
        sha256 = session.execute(select(Depot.sha256).where(Depot.depot_id == depot_id)).scalar_one()
    custody.forget(hub, sha256)
    answer = program("cai").get(f"/depots/{depot_id}/annote.xlsx")
    assert answer.status_code == 404
    assert "ne sont plus conservés" in answer.text
    assert _lines(hub) == []

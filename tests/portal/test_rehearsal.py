"""A version tried on past deposits from the portal: told centre by centre, and nothing of the hub changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot, Journal
from intercentre.intake import receive_deposit
from intercentre.validation import validate_deposit
from schemas.editions import CURRENT, EDITIONS
from schemas.extracts import TABLES
from tests.as_read import as_read
from tests.packages import files, with_manifest, write_zip
from tests.portal.conftest import Visit
from tests.portal.facts import PERIODE

PAGE = "/contrat/essai"


@pytest.fixture
def depot_id(hub: Hub, tmp_path: Path) -> str:
    """Refused by 1.1.0 for its one office, whose commune is no code; 1.0.0 has no offices."""
    known = {**EDITIONS["1.0.0"].tables, "bureau": TABLES["bureau"]}
    content = with_manifest(files({"dossier": [{}], "bureau": [{"commune_refnis": "Zzz-ville"}]}, known))
    package = write_zip(tmp_path / "depot.zip", content)
    receipt = receive_deposit(hub, package, centre="CAI", periode=PERIODE, canal="portail", acteur="essai")
    validate_deposit(hub, receipt.depot_id)
    return receipt.depot_id


def _ask(visitor: Visit, **answers: str) -> str:
    answer = visitor.post(PAGE, data={"csrf": visitor.csrf(PAGE), "version": CURRENT.version, **answers})
    assert answer.status_code == 200
    return as_read(answer.text)


def _verdicts(hub: Hub) -> tuple[object, ...]:
    with hub.registry.read() as session:
        return tuple(session.execute(select(Depot.etat, Depot.verdict)).all())


def test_what_an_earlier_version_would_have_said(hub: Hub, person: Callable[[str], Visit], depot_id: str) -> None:
    before = _verdicts(hub)
    page = _ask(person("discri"), version="1.0.0")
    assert "Version 1.0.0 sur les dépôts passés" in page
    assert "1 dépôt répété, 0 ligne irait en quarantaine, 1 en reviendrait" in page
    assert f"{depot_id} : refusé, deviendrait accepté." in page
    assert "reviendrait de quarantaine (V17) : table bureau, bureau.csv, ligne 2, colonne commune_refnis" in page
    assert "Zzz-ville" not in page
    assert _verdicts(hub) == before
    with hub.registry.read() as session:
        assert session.execute(select(Journal.objet).where(Journal.action == "contrat_repete")).scalars().all() == [
            "1.0.0"
        ]


def test_a_rule_in_force_changes_nothing(person: Callable[[str], Visit], depot_id: str) -> None:
    page = _ask(person("exploitant"), regle="V65", centre="CAI")
    assert "Règle V65 sur les dépôts passés" in page
    assert "1 dépôt répété, 0 ligne irait en quarantaine, 0 en reviendrait" in page
    assert depot_id not in page


def test_a_centre_without_a_deposit_and_a_hub_without_any(person: Callable[[str], Visit]) -> None:
    assert "Aucun dépôt jugé" in _ask(person("discri"), centre="CRIC")


@pytest.mark.parametrize(
    "answers", [{"version": "9.9.9"}, {"regle": "/etc/essai.sql"}, {"regle": "V57"}, {"centre": "X"}]
)
def test_only_what_the_lists_offer_is_tried(person: Callable[[str], Visit], answers: dict[str, str]) -> None:
    visitor = person("discri")
    form = {"csrf": visitor.csrf(PAGE), "version": CURRENT.version, **answers}
    assert visitor.post(PAGE, data=form).status_code == 422


def test_it_is_not_for_a_centre_nor_for_an_authority(person: Callable[[str], Visit]) -> None:
    assert [person(nom).get(PAGE).status_code for nom in ("cai", "autorite")] == [403, 403]
    assert person("discri").post(PAGE, data={"version": CURRENT.version}).status_code == 403  # no token of its form

"""Corrections that no longer change anything, on the pages of the centre and of DISCRI, without a word of their row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from intercentre.core.hub import Hub
from intercentre.harmonisation import harmonise
from intercentre.harmonisation.corrections import Proposal, accept_correction, propose_correction
from tests.portal.conftest import Visit
from tests.staged import register, stage

TITLE = "Corrections sans effet"


def deposit(hub: Hub, numero: int, born: int) -> None:
    row = {"dossier_id": "SECRET-1", "date_ouverture": date(2026, 7, 2), "annee_naissance": born}
    root = hub.home.root / "z1" / "extraits"
    register(hub, stage(root, "CAI", "2026-T3", {"dossier": [row]}, numero=numero, sequence=numero))


@pytest.fixture
def corrected(hub: Hub) -> Hub:
    """A dossier of CAI born in 1957, corrected to 1975."""
    deposit(hub, 1, 1957)
    proposal = Proposal("CAI", "dossier", {"dossier_id": "SECRET-1"}, "annee_naissance", "1975", "Inversion", "centre")
    accept_correction(hub, propose_correction(hub, proposal, acteur="essai"), "discri", acteur="essai")
    harmonise(hub, "2026-T3")
    return hub


def test_both_roles_are_told_and_nobody_else(corrected: Hub, person: Callable[[str], Visit]) -> None:
    deposit(corrected, 2, 1976)
    harmonise(corrected, "2026-T3")
    for name in ("cai", "discri"):
        page = person(name).get("/?periode=2026-T3").text
        assert TITLE in page
        assert "COR-0001" in page
        assert "annee_naissance" in page
        assert "Le dépôt ne dit plus ce que la correction remplaçait" in page.replace("&#39;", "'")
        assert not [value for value in ("SECRET", "1957", "1975", "1976", "Inversion") if value in page]
    for name in ("cric", "autorite"):
        assert TITLE not in person(name).get("/?periode=2026-T3").text


def test_nothing_is_said_while_it_applies_or_before_there_are_tables(
    corrected: Hub, person: Callable[[str], Visit]
) -> None:
    for period in ("2026-T3", "2026-T2"):
        assert TITLE not in person("cai").get(f"/?periode={period}").text

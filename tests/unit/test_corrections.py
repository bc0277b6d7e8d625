"""Corrections: two roles, one cell, one place where they are applied, and every one accounted for."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select, text

from intercentre.cli import main
from intercentre.core.hub import Hub
from intercentre.core.registry import migration
from intercentre.core.registry.store import Registry
from intercentre.core.registry.tables import Correction, Journal
from intercentre.harmonisation import harmonise, is_harmonised
from intercentre.harmonisation.corrections import (
    CorrectionRefusee,
    Proposal,
    accept_correction,
    list_corrections,
    propose_correction,
    propose_corrections,
    withdraw_correction,
)
from tests.staged import read_rows, register, stage

DAY = date(2026, 7, 2)
SEX = Proposal(
    centre="CAI",
    table="dossier",
    cle={"dossier_id": "D1"},
    colonne="sexe",
    valeur="M",
    motif="Erreur de saisie signalée par le centre",
    role="centre",
)


@pytest.fixture
def deposited(hub: Hub) -> Hub:
    """CAI has two dossiers, D1 and D2, and one test of D1 at level A1."""
    deposit(hub, 1)
    return hub


def deposit(hub: Hub, numero: int, niveau: str = "A1", **d1: Any) -> None:
    first = {"dossier_id": "D1", "date_ouverture": DAY, "sexe": "F"} | d1
    tables = {
        "dossier": [first, {"dossier_id": "D2", "date_ouverture": DAY, "sexe": "F"}],
        "test_langue": [{"test_id": "T1", "dossier_id": "D1", "date": DAY, "niveau_global": niveau}],
    }
    register(hub, stage(hub.home.root / "z1" / "extraits", "CAI", "2026-T3", tables, numero=numero, sequence=numero))


def dossiers(hub: Hub) -> dict[str, dict[str, Any]]:
    return {row["dossier_id"]: row for row in read_rows(harmonise(hub, "2026-T3") / "dossier.parquet")}


def applied(hub: Hub) -> list[tuple[Any, ...]]:
    rows = read_rows(hub.home.common("2026-T3") / "correction_appliquee.parquet")
    return [(row["correction_id"], row["appliquee"], row["raison"]) for row in rows]


class TestTwoRoles:
    def test_a_proposal_changes_nothing_an_accepted_one_the_cell_and_a_withdrawn_one_nothing(
        self, deposited: Hub
    ) -> None:
        correction_id = propose_correction(deposited, SEX, acteur="essai")
        assert correction_id == "COR-0001"
        assert dossiers(deposited)["D1"]["sexe"] == "F"
        accept_correction(deposited, correction_id, "discri", acteur="essai")
        found = dossiers(deposited)
        assert {name: row["sexe"] for name, row in found.items()} == {"D1": "M", "D2": "F"}
        assert applied(deposited) == [("COR-0001", True, None)]
        withdraw_correction(deposited, correction_id, "centre", acteur="essai")
        assert dossiers(deposited)["D1"]["sexe"] == "F"
        assert applied(deposited) == []

    def test_its_author_cannot_accept_it(self, deposited: Hub) -> None:
        correction_id = propose_correction(deposited, SEX, acteur="essai")
        with pytest.raises(CorrectionRefusee, match="revient à un autre"):
            accept_correction(deposited, correction_id, "centre", acteur="essai")
        assert [one.etat for one in list_corrections(deposited)] == ["proposee"]

    def test_what_is_withdrawn_or_accepted_is_not_accepted_again(self, deposited: Hub) -> None:
        correction_id = propose_correction(deposited, SEX, acteur="essai")
        accept_correction(deposited, correction_id, "discri", acteur="essai")
        with pytest.raises(CorrectionRefusee, match="elle est acceptée"):
            accept_correction(deposited, correction_id, "discri", acteur="essai")
        withdraw_correction(deposited, correction_id, "discri", acteur="essai")
        with pytest.raises(CorrectionRefusee, match="déjà retirée"):
            withdraw_correction(deposited, correction_id, "discri", acteur="essai")
        with pytest.raises(CorrectionRefusee, match="elle est retirée"):
            accept_correction(deposited, correction_id, "discri", acteur="essai")

    def test_a_cell_has_one_correction_at_a_time(self, deposited: Hub) -> None:
        first = propose_correction(deposited, SEX, acteur="essai")
        with pytest.raises(CorrectionRefusee, match="déjà proposée ou acceptée"):
            propose_correction(deposited, replace(SEX, valeur="X"), acteur="essai")
        withdraw_correction(deposited, first, "centre", acteur="essai")
        assert propose_correction(deposited, replace(SEX, valeur="X"), acteur="essai") == "COR-0002"

    def test_the_registry_keeps_who_and_when_on_both_databases(self, registry_url: str) -> None:
        instant = date(2026, 10, 12)
        registry = Registry.open(registry_url, lambda: _noon(instant))
        with registry.change() as change:
            change.session.add(
                Correction(
                    correction_id="COR-0001",
                    numero=1,
                    centre_code="CAI",
                    table_nom="dossier",
                    cle={"dossier_id": "D1"},
                    colonne="sexe",
                    valeur=None,
                    remplacee="",
                    motif="Essai",
                    etat="proposee",
                    role="centre",
                    proposee_le=change.instant,
                )
            )
        with registry.read() as session:
            kept = session.get_one(Correction, "COR-0001")
        assert (kept.cle, kept.valeur, kept.remplacee) == ({"dossier_id": "D1"}, None, "")
        assert kept.proposee_le.date() == instant
        registry.engine.dispose()

    def test_of_a_correction_of_before_nobody_knows_what_it_replaces_on_both_databases(self, registry_url: str) -> None:
        before = Registry.open(registry_url, lambda: _noon(date(2026, 10, 12)))
        config = Config()
        config.set_main_option("script_location", str(Path(migration.__file__).parent / "migrations"))
        config.attributes["engine"] = before.engine
        command.downgrade(config, "0004")
        with before.engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO correction (correction_id, numero, centre_code, table_nom, cle, colonne, valeur, "
                    "motif, etat, role, proposee_le) VALUES ('COR-0001', 1, 'CAI', 'dossier', '{}', 'sexe', 'M', "
                    "'Essai', 'acceptee', 'centre', '2026-09-01 12:00:00')"
                )
            )
        before.engine.dispose()
        registry = Registry.open(registry_url, lambda: _noon(date(2026, 10, 12)))
        with registry.read() as session:
            kept = session.get_one(Correction, "COR-0001")
        assert (kept.colonne, kept.valeur, kept.remplacee) == ("sexe", "M", None)
        registry.engine.dispose()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"centre": "ULB"}, "Centre inconnu"),
        ({"centre": "CRIC"}, "aucun dépôt accepté"),
        ({"table": "personne"}, "Table inconnue"),
        ({"colonne": "nom"}, "n'a pas cette colonne"),
        ({"colonne": "dossier_id"}, "désigne la ligne"),
        ({"table": "test_langue", "cle": {"test_id": "T1"}, "colonne": "dossier_id"}, "désigne la ligne"),
        ({"colonne": "personne_pseudo", "valeur": None}, "désigne la ligne"),
        ({"cle": {"dossier_id": "D9"}}, "Aucune ligne de dossier"),
        ({"cle": {"test_id": "T1"}}, "se désigne par dossier_id"),
        ({"cle": {"dossier_id": "D 1"}}, "La colonne dossier_id de la clé attend"),
        ({"valeur": "Z"}, "La colonne sexe attend un code de la liste « sexe »"),
        ({"valeur": None}, "ne peut pas rester vide"),
        ({"valeur": "F"}, "contient déjà cette valeur"),
        ({"colonne": "date_cloture", "valeur": "2026-07-01"}, "ne respecterait plus le contrat"),
        ({"colonne": "regime_juridique", "valeur": "R2018"}, r"V27, régime juridique d'une autre date"),
        ({"motif": " "}, "Donnez le motif"),
        ({"role": "autorite"}, "Rôle inconnu"),
    ],
)
def test_what_cannot_be_is_refused_in_french_without_its_value(
    deposited: Hub, change: dict[str, Any], words: str
) -> None:
    with pytest.raises(CorrectionRefusee, match=words) as refusal:
        propose_correction(deposited, replace(SEX, **change), acteur="essai")
    for value in ("D1", "D9", "D 1", "2026-07-01", "R2018"):
        assert value not in str(refusal.value)
    assert list_corrections(deposited) == []


class TestLaterDeposits:
    @pytest.fixture
    def corrected(self, deposited: Hub) -> Hub:
        """D1 was born in 2005, the accepted correction says; its deposit says 1990."""
        birth = replace(SEX, colonne="annee_naissance", valeur="2005")
        accept_correction(deposited, propose_correction(deposited, birth, acteur="essai"), "discri", acteur="essai")
        return deposited

    def test_a_derived_column_follows_the_corrected_one(self, corrected: Hub) -> None:
        row = dossiers(corrected)["D1"]
        assert (row["annee_naissance"], row["age"], row["groupe_age"]) == (2005, 21, "18-24")

    def test_it_holds_for_the_next_deposit(self, corrected: Hub) -> None:
        deposit(corrected, 2)
        assert dossiers(corrected)["D1"]["annee_naissance"] == 2005

    def test_a_deposit_that_says_something_new_is_what_counts(self, corrected: Hub) -> None:
        deposit(corrected, 2, annee_naissance=1991)
        assert dossiers(corrected)["D1"]["annee_naissance"] == 1991
        assert applied(corrected) == [("COR-0001", False, "depot_change")]
        deposit(corrected, 3)
        assert dossiers(corrected)["D1"]["annee_naissance"] == 2005
        assert applied(corrected) == [("COR-0001", True, None)]

    def test_what_it_replaces_is_what_was_said_when_it_was_proposed(self, deposited: Hub) -> None:
        correction_id = propose_correction(deposited, SEX, acteur="essai")
        deposit(deposited, 2, sexe="X")
        accept_correction(deposited, correction_id, "discri", acteur="essai")
        assert dossiers(deposited)["D1"]["sexe"] == "X"
        assert applied(deposited) == [("COR-0001", False, "depot_change")]

    def test_an_empty_cell_is_a_text_like_another(self, hub: Hub) -> None:
        deposit(hub, 1, annee_naissance=None)
        birth = replace(SEX, colonne="annee_naissance", valeur="2005")
        accept_correction(hub, propose_correction(hub, birth, acteur="essai"), "discri", acteur="essai")
        assert dossiers(hub)["D1"]["annee_naissance"] == 2005
        deposit(hub, 2, annee_naissance=1991)
        assert dossiers(hub)["D1"]["annee_naissance"] == 1991
        assert applied(hub) == [("COR-0001", False, "depot_change")]

    def test_where_what_it_replaces_is_not_known_the_deposit_counts(self, corrected: Hub) -> None:
        with corrected.registry.change() as change:
            change.session.get_one(Correction, "COR-0001").remplacee = None
        assert dossiers(corrected)["D1"]["annee_naissance"] == 1990
        assert applied(corrected) == [("COR-0001", False, "depot_change")]
        deposit(corrected, 2, annee_naissance=2005)
        harmonise(corrected, "2026-T3")
        assert applied(corrected) == [("COR-0001", False, "deja_conforme")]

    def test_a_closure_that_was_emptied_does_not_undo_the_true_one(self, hub: Hub) -> None:
        # typed by mistake on 20 July, then truly closed on 15 September for the same reason: the reason cannot go alone
        wrong = {"date_cloture": date(2026, 7, 20), "motif_cloture": "ABANDON"}
        deposit(hub, 1, **wrong)
        emptied = [replace(SEX, colonne=column, valeur=None) for column in wrong]
        for one in propose_corrections(hub, emptied, acteur="essai"):
            accept_correction(hub, one, "discri", acteur="essai")
        row = dossiers(hub)["D1"]
        assert (row["date_cloture"], row["motif_cloture"]) == (None, None)
        assert applied(hub) == [("COR-0001", True, None), ("COR-0002", True, None)]
        deposit(hub, 2, **wrong | {"date_cloture": date(2026, 9, 15)})
        row = dossiers(hub)["D1"]
        assert (row["date_cloture"], row["motif_cloture"]) == (date(2026, 9, 15), "ABANDON")
        assert applied(hub) == [("COR-0001", False, "depot_change"), ("COR-0002", False, "valeur_refusee")]
        deposit(hub, 3, **wrong)
        assert dossiers(hub)["D1"]["date_cloture"] is None

    def test_the_other_cells_of_the_row_are_still_corrected(self, corrected: Hub) -> None:
        accept_correction(corrected, propose_correction(corrected, SEX, acteur="essai"), "discri", acteur="essai")
        deposit(corrected, 2, annee_naissance=1991)
        row = dossiers(corrected)["D1"]
        assert (row["annee_naissance"], row["sexe"]) == (1991, "M")
        assert applied(corrected) == [("COR-0001", False, "depot_change"), ("COR-0002", True, None)]

    def test_it_changes_nothing_once_the_centre_says_the_same(self, corrected: Hub) -> None:
        deposit(corrected, 2, annee_naissance=2005)
        assert dossiers(corrected)["D1"]["annee_naissance"] == 2005
        assert applied(corrected) == [("COR-0001", False, "deja_conforme")]

    def test_a_row_that_is_gone_is_said(self, corrected: Hub) -> None:
        deposit(corrected, 2, dossier_id="D3")
        assert {name: row["annee_naissance"] for name, row in dossiers(corrected).items()} == {"D3": 1990, "D2": 1990}
        assert applied(corrected) == [("COR-0001", False, "ligne_absente")]

    def test_a_value_that_no_longer_fits_its_row_is_not_applied(self, corrected: Hub) -> None:
        # born in 2005 and opened in 2003: below 0 years, V23 would set the row aside
        deposit(corrected, 2, date_ouverture=date(2003, 7, 2), regime_juridique="R1996")
        assert dossiers(corrected)["D1"]["annee_naissance"] == 1990
        assert applied(corrected) == [("COR-0001", False, "valeur_refusee")]

    def test_accepting_or_withdrawing_makes_the_common_tables_old(self, corrected: Hub) -> None:
        assert not is_harmonised(corrected, "2026-T3")
        harmonise(corrected, "2026-T3")
        assert is_harmonised(corrected, "2026-T3")
        withdraw_correction(corrected, "COR-0001", "discri", acteur="essai")
        assert not is_harmonised(corrected, "2026-T3")

    def test_the_journal_names_it_and_holds_no_value(self, corrected: Hub) -> None:
        harmonise(corrected, "2026-T3")
        with corrected.registry.read() as session:
            lines = session.execute(select(Journal).order_by(Journal.numero)).scalars().all()
        assert [line.action for line in lines] == ["correction_proposee", "correction_acceptee", "harmonisation_faite"]
        details = json.loads(lines[-1].details)
        assert (details["corrections"], details["corrections_appliquees"]) == (["COR-0001"], 1)
        assert not [line for line in lines for value in ("2005", "1990", "D1") if value in line.details]


def test_the_verbs_lead_a_correction_from_proposal_to_withdrawal(
    make_hub: Callable[..., Hub], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hub = make_hub()
    deposit(hub, 1)
    monkeypatch.setenv("INTERCENTRE_HOME", str(hub.home.root))
    place = ["CAI", "test_langue", "--cle", "test_id=T1", "--colonne", "niveau_global", "--valeur", "A2"]
    assert main(["correction", "proposer", *place, "--motif", "Relu avec le formateur", "--role", "discri"]) == 0
    assert "correction accepter COR-0001 --role centre" in capsys.readouterr().out
    assert main(["correction", "accepter", "COR-0001", "--role", "discri"]) == 1
    assert main(["correction", "accepter", "COR-0001", "--role", "centre"]) == 0
    capsys.readouterr()
    assert main(["correction", "lister", "--centre", "CAI"]) == 0
    shown = capsys.readouterr().out
    assert "COR-0001  CAI, test_langue, colonne niveau_global : proposée par discri le" in shown
    assert "acceptée par centre le" in shown
    assert "A2" not in shown
    assert main(["correction", "lister", "--avec-valeurs"]) == 0
    assert "ligne test_id=T1 ; valeur : A2 ; remplace : A1" in capsys.readouterr().out
    assert [row["niveau_global"] for row in read_rows(harmonise(hub, "2026-T3") / "test_langue.parquet")] == ["A2"]
    capsys.readouterr()
    assert main(["correction", "lister"]) == 0
    assert "sans effet" not in capsys.readouterr().out
    deposit(hub, 2, niveau="B1")
    harmonise(hub, "2026-T3")
    assert main(["correction", "lister"]) == 0
    shown = capsys.readouterr().out
    assert "sans effet, 2026-T3 : Le dépôt ne dit plus ce que la correction remplaçait" in shown
    assert not [value for value in ("A1", "A2", "B1", "T1") if value in shown.replace("T3", "")]
    assert main(["correction", "retirer", "COR-0001", "--role", "centre"]) == 0
    capsys.readouterr()
    assert main(["correction", "lister"]) == 0
    assert "sans effet" not in capsys.readouterr().out
    assert main(["correction", "proposer", "CAI", "dossier", "--cle", "D1", "--colonne", "sexe", "--vide",
                 "--motif", "x", "--role", "centre"]) == 2  # fmt: skip
    assert "COLONNE=TEXTE" in capsys.readouterr().err


def _noon(day: date) -> Any:
    from datetime import UTC, datetime

    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)

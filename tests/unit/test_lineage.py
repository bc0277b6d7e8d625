"""From a published figure back to the deposits and lines that made it, on deposits that can be counted by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import func, select

from intercentre.access import AccessError, trace, trace_alone
from intercentre.access.observation_name import ObservationName
from intercentre.access.opening import analysis_file
from intercentre.access.origins import frozen_tables, unit_words, units_of
from intercentre.cli import main
from intercentre.concertation import cast_vote, open_round
from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Journal
from intercentre.core.settings import Settings
from intercentre.disclosure import protect_observations
from intercentre.harmonisation import harmonise
from intercentre.harmonisation.corrections import Proposal, accept_correction, propose_correction
from intercentre.indicators import compute_indicators
from intercentre.release import publish
from schemas.exchanges.agreement import Vote
from schemas.indicators import definitions
from schemas.nomenclatures import nomenclature
from tests.staged import Rows, register, stage

DAY, START = date(2026, 7, 2), date(2026, 7, 1)
PERIOD = "2026-T3"


def people(prefix: str, women: int, men: int) -> Mapping[str, Rows]:
    """So many dossiers, all attested on the same day, women first; one more dossier is not attested."""
    sexes = ["F"] * women + ["M"] * men
    dossiers = [
        {"dossier_id": f"{prefix}{at}", "date_ouverture": DAY, "sexe": sexe} for at, sexe in enumerate(sexes, start=1)
    ]
    return {
        "dossier": [*dossiers, {"dossier_id": f"{prefix}0", "date_ouverture": DAY}],
        "attestation": [{"dossier_id": one["dossier_id"], "date_delivrance": date(2026, 9, 1)} for one in dossiers],
    }


def population(commune: str, etrangers: int, total: int) -> Rows:
    """The foreigners and the inhabitants of a commune in 2015."""
    facts = {"commune_refnis": commune, "periode": "2015", "date_source": date(2015, 1, 1)}
    return [
        facts | {"indicateur_local": "POPULATION_ETRANGERE", "valeur": etrangers},
        facts | {"indicateur_local": "POPULATION_TOTALE", "valeur": total},
    ]


def publish_figures(hub: Hub) -> Path:
    harmonise(hub, PERIOD)
    compute_indicators(hub, PERIOD)
    protect_observations(hub, PERIOD)
    tour = open_round(hub, PERIOD)
    for centre in nomenclature("centre").entries:
        vote = Vote(avis="reserve", motif="Antenne fermée en août.") if centre == "CAI" else Vote(avis="approuve")
        cast_vote(hub, tour, centre, vote, "essai")
    return publish(hub, PERIOD, approbateur="discri")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Hub:
    """CAI attests 12 women and 8 men, CRIC 2 women, CIMB nobody; CAI's first deposit of the period was replaced.

    The release has one correction: D2 of CAI is a man, so that CAI's figures are 11 and 9.
    """
    instant = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)
    hub = Hub(Settings(home=tmp_path_factory.mktemp("lignage")), now=lambda: instant)
    root = hub.home.root / "z1" / "extraits"
    cric = {**people("E", 2, 0), "stat_locale": population("52011", 30, 100)}
    tables = {"CAI": people("D", 12, 8), "CRIC": cric, "CIMB": {"dossier": []}}
    register(hub, stage(root, "CAI", PERIOD, people("D", 3, 3), debut_historique=START))
    for numero, (centre, rows) in enumerate(tables.items(), start=2):
        register(hub, stage(root, centre, PERIOD, rows, numero=numero, sequence=2, debut_historique=START))
    # Namur in 2015: 10 foreigners of 100; CRIC says nothing of it, and its own figure of Charleroi is another
    register(hub, stage(root, "STATBEL", "2026-T1", {"stat_locale": population("92094", 10, 100)}, numero=7))
    man = Proposal("CAI", "dossier", {"dossier_id": "D2"}, "sexe", "M", "Erreur de saisie", "centre")
    accept_correction(hub, propose_correction(hub, man, acteur="essai"), "discri", acteur="essai")
    publish_figures(hub)
    return hub


CAI, CRIC, CIMB = f"CAI-{PERIOD}-000000000002", f"CRIC-{PERIOD}-000000000003", f"CIMB-{PERIOD}-000000000004"
STATBEL = "STATBEL-2026-T1-000000000007"


class TestDeposits:
    @pytest.mark.parametrize(
        ("figure", "deposits"),
        [
            ("I21/2026-T3/centre/CAI", [CAI]),
            ("I21/2026-T3/centre/CAI/sexe/F", [CAI]),
            ("I21/2026-T3/centre/CRIC", [CRIC]),
            ("I21/2026-T3/centre/CIMB", [CIMB]),  # a true zero was counted too
            ("I21/2026-T3/centre/CRVI", []),  # nobody answered
            ("I21/2026-T3/region/RLF", [CAI, CIMB, CRIC]),
            ("I26/2026-T3/region/RLF", []),  # it looks back 180 days, and every history began in July
        ],
    )
    def test_those_that_made_the_figure_and_no_other(self, published: Hub, figure: str, deposits: list[str]) -> None:
        found = trace(published, figure, acteur="essai")
        assert [one.depot_id for one in found.depots] == deposits
        assert found.depots_exacts
        assert found.unites is None

    def test_as_many_as_the_coverage_says(self, published: Hub) -> None:
        found = trace(published, "I21/2026-T3/region/RLF", acteur="essai")
        assert found.chiffre["couverture"] == f"{len(found.depots)}/8"

    @pytest.mark.parametrize(
        ("place", "deposits"),
        [("commune/92094", [STATBEL]), ("commune/52011", [CRIC]), ("region/RLF", [CRIC, STATBEL])],
    )
    def test_a_public_statistic_comes_from_whoever_brought_it(
        self, published: Hub, place: str, deposits: list[str]
    ) -> None:
        found = trace(published, f"I53/2015/{place}", acteur="essai")
        assert [one.depot_id for one in found.depots] == deposits

    def test_what_the_registry_knows_of_a_deposit(self, published: Hub) -> None:
        (depot,) = trace(published, "I21/2026-T3/centre/CAI", acteur="essai").depots
        assert (depot.centre, depot.periode, depot.numero, depot.verdict) == ("CAI", PERIOD, 2, "accepte")
        assert (depot.sha256, depot.plausibilite, depot.corrections) == ("0" * 64, None, ("COR-0001",))


class TestFigure:
    def test_its_definition_decision_and_release(self, published: Hub) -> None:
        found = trace(published, "I21/2026-T3/centre/CAI", acteur="essai")
        assert (found.chiffre["valeur"], found.chiffre["statut_secret"]) == (20, "libre")
        definition = definitions()["I21"]
        assert (found.definition.version, found.definition.empreinte) == (definition.version, definition.fingerprint)
        assert found.definition.fichier == "schemas/indicators/I21.sql"
        assert found.decision.votes == {"approuve": 7, "reserve": 1}
        assert found.decision.reserves == (("CAI", "reserve", "Antenne fermée en août."),)
        assert (found.publication.version, found.publication.corrections_appliquees) == ("2026-T3.1", 1)

    def test_a_masked_figure_keeps_its_value_to_itself(self, published: Hub) -> None:
        found = trace(published, "I21/2026-T3/centre/CRIC", acteur="essai")
        assert found.is_masked
        assert [found.chiffre[name] for name in ("valeur", "numerateur", "denominateur")] == [None, None, None]

    @pytest.mark.parametrize(
        "figure", ["I21", "I21/2026-T3/centre", "I21/2026-T3/centre/CAI/sexe", "I21/2026-T9/centre/CAI"]
    )
    def test_a_name_that_is_none_is_told_how_to_write_it(self, published: Hub, figure: str) -> None:
        with pytest.raises(AccessError, match="INDICATEUR/PERIODE/TYPE/TERRITOIRE"):
            trace(published, figure, acteur="essai")

    def test_a_figure_that_is_not_released(self, published: Hub) -> None:
        with pytest.raises(AccessError, match=r"2026-T3\.1 n'a pas de chiffre de ce nom"):
            trace(published, "I21/2026-T3/centre/ULB", acteur="essai")


class TestLines:
    def test_the_units_of_one_centre_and_the_lines_of_its_own_file(self, published: Hub) -> None:
        found = trace(published, "I21/2026-T3/centre/CAI", lignes=True, acteur="essai")
        assert found.unites is not None
        assert found.lignes is not None
        assert sorted(one.unite_id for one in found.unites) == sorted(f"CAI:D{at}" for at in range(1, 21))
        # the first row of each file is line 2: D1 stands at line 2 of both, D20 at line 21, D0 is not attested
        assert {one.depot_id for one in found.lignes} == {CAI}
        assert {(one.unite_id, one.table, one.ligne) for one in found.lignes} == {
            (f"CAI:D{at}", table, at + 1) for at in range(1, 21) for table in ("attestation", "dossier")
        }

    def test_a_category_as_the_correction_left_it(self, published: Hub) -> None:
        women = trace(published, "I21/2026-T3/centre/CAI/sexe/F", lignes=True, acteur="essai")
        assert women.chiffre["valeur"] == 11
        assert women.unites is not None
        assert {one.unite_id for one in women.unites} == {f"CAI:D{at}" for at in range(1, 13) if at != 2}

    def test_persons_lead_to_the_lines_of_their_dossiers(self, published: Hub) -> None:
        found = trace(published, "I02/2026-T3/centre/CRIC", lignes=True, acteur="essai")
        assert found.unites is not None
        assert found.lignes is not None
        assert {one.unite_id for one in found.unites} == {"CRIC#P-E1", "CRIC#P-E2"}
        assert {(one.unite_id, one.table, one.ligne) for one in found.lignes} == {
            (f"CRIC#P-E{at}", table, at + 1) for at in (1, 2) for table in ("attestation", "dossier")
        }

    def test_looking_at_lines_is_in_the_journal_and_looking_at_a_figure_is_not(self, published: Hub) -> None:
        def looked() -> int:
            with published.registry.read() as session:
                wanted = select(func.count()).where(Journal.action == "lignes_consultees")
                return session.execute(wanted).scalar_one()

        before = looked()
        trace(published, "I21/2026-T3/centre/CIMB", acteur="essai")
        assert looked() == before
        trace(published, "I21/2026-T3/centre/CIMB", lignes=True, acteur="essai")
        assert looked() == before + 1
        with published.registry.read() as session:
            last = session.execute(select(Journal).order_by(Journal.numero.desc()).limit(1)).scalar_one()
        assert (last.acteur, last.objet) == ("essai", "2026-T3.1")
        assert json.loads(last.details) == {"observation": "I21/2026-T3/centre/CIMB"}


def test_the_units_are_those_that_were_counted_for_every_figure_of_the_release(published: Hub) -> None:
    path = analysis_file(published, "2026-T3.1")
    with duckdb.connect(path, read_only=True) as engine:
        keys = "indicateur, periode, territoire_type, territoire, dimension, modalite"
        figures = engine.execute(f"SELECT {keys}, effectif FROM observations.avant_protection").fetchall()
    compared = 0
    with frozen_tables(path) as engine:
        for *key, effectif in figures:
            definition, name = definitions()[key[0]], ObservationName(*key)
            if (definition.mesure in ("part", "rapport") and not definition.counts_units) or effectif == 0:
                continue  # what is behind a share is its denominator, which may count several things for a unit
            units = units_of(engine, definition, name)
            per_row = definition.mesure in ("compte", "mediane")
            assert len(units if per_row else {one.unite_id for one in units}) == effectif, str(name)
            compared += 1
    assert compared > 30


class TestReleaseAlone:
    def test_it_says_what_a_release_can_say(self, published: Hub) -> None:
        found = trace_alone(published.home.releases / "2026-T3.1", "I21/2026-T3/centre/CAI")
        assert not found.depots_exacts
        assert [(one.depot_id, one.sha256) for one in found.depots] == [(CAI, None), (STATBEL, None)]
        assert found.decision.votes is None
        assert found.decision.reserves == (("CAI", "reserve", "Antenne fermée en août."),)
        region = trace_alone(published.home.releases / "2026-T3.1", "I21/2026-T3/region/RLF")
        assert [one.depot_id for one in region.depots] == [CAI, CIMB, CRIC, STATBEL]

    def test_it_has_no_lines(self, published: Hub) -> None:
        with pytest.raises(AccessError, match="ne quittent pas le hub"):
            trace_alone(published.home.releases / "2026-T3.1", "I21/2026-T3/centre/CAI", lignes=True)


def test_the_verb_shows_text_and_json(
    published: Hub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INTERCENTRE_HOME", str(published.home.root))
    assert main(["lignage", "I21/2026-T3/centre/CRIC"]) == 0
    text = capsys.readouterr().out
    for words in (
        "I21/2026-T3/centre/CRIC : Attestations de fréquentation",
        "masqué (secret statistique)",
        f"empreinte {definitions()['I21'].empreinte}",
        "tour 2026-T3-tour-1 : accordée (7 pour, 1 avec réserve)",
        CRIC,
        "récépissé n° 3 du 12 octobre 2026",
    ):
        assert words in text
    assert "CRIC:E1" not in text
    assert main(["lignage", "I21/2026-T3/centre/CAI", "--lignes", "--format", "json"]) == 0
    content: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert content["chiffre"]["valeur"] == 20
    assert [one["depot_id"] for one in content["depots"]] == [CAI]
    assert {"unite_id": "CAI:D1", "table": "dossier", "depot_id": CAI, "ligne": 2} in content["lignes"]
    assert main(["lignage", "I21/2026-T3/centre/CAI", "--lignes"]) == 0
    assert f"dossier, ligne 2 de {CAI}" in capsys.readouterr().out
    folder = str(published.home.releases / "2026-T3.1")
    assert main(["lignage", "I21/2026-T3/centre/CAI", "--dossier", folder, "--lignes"]) == 1
    assert "ne quittent pas le hub" in capsys.readouterr().err
    assert main(["lignage", "I21/2026-T3/centre/CAI", "--dossier", folder]) == 0
    assert "la publication seule ne dit pas" in capsys.readouterr().out


def test_what_comes_in_later_changes_nothing(tmp_path: Path) -> None:
    instant = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)
    hub = Hub(Settings(home=tmp_path), now=lambda: instant)
    root = hub.home.root / "z1" / "extraits"
    register(hub, stage(root, "CAI", PERIOD, people("D", 12, 8), debut_historique=START))
    publish_figures(hub)
    before = trace(hub, "I21/2026-T3/centre/CAI", lignes=True, acteur="essai")
    later = stage(root, "CAI", PERIOD, people("D", 5, 5), numero=2, sequence=2, debut_historique=START)
    register(hub, later)
    harmonise(hub, PERIOD)
    assert trace(hub, "I21/2026-T3/centre/CAI", lignes=True, acteur="essai") == before
    publish_figures(hub)
    after = trace(hub, "I21/2026-T3/centre/CAI", acteur="essai")
    assert (after.publication.version, [one.depot_id for one in after.depots]) == ("2026-T3.2", [later.depot_id])


def test_a_figure_is_written_as_it_is_read() -> None:
    for text in ("I21/2026-T3/centre/CAI", "I21/2026/region/RLF/sexe/F"):
        assert str(ObservationName.parse(text)) == text
    assert ObservationName.parse("I21/2026/region/RLF/_T/_T") == ObservationName.parse("I21/2026/region/RLF")


def test_the_columns_that_name_a_unit_are_read_from_the_select() -> None:
    assert unit_words("SELECT a.sexe, coalesce(d.personne_id, e.cle_dossier) AS unite_id, 1 AS rang") == {
        "coalesce", "d", "personne_id", "e", "cle_dossier"
    }  # fmt: skip
    assert unit_words("SELECT periode, c.centre_code || ':' || c.convention_id AS unite_id FROM c") == {
        "c", "centre_code", "convention_id"
    }  # fmt: skip

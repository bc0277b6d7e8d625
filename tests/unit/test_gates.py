"""The gates: what passes, what stops a period and where, what is only asked, and what is a fault."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args

import duckdb
import pytest
from sqlalchemy import select

from intercentre.core.engine import load_rows, open_engine
from intercentre.core.expectations import Check, evaluate
from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Journal, Publication, Tour
from intercentre.gates import (
    GateFaultError,
    GateRefusal,
    check_common,
    check_observations,
    find_page,
    has_passed,
    list_records,
)
from intercentre.gates.judgement import State, checks_of, judge
from intercentre.gates.page import shown_limits
from intercentre.harmonisation import harmonise
from intercentre.harmonisation.harmonise import COVERAGE_COLUMNS
from intercentre.indicators import compute_indicators
from schemas.gates import Expectation, Gate, gate_expectations, read_expectations
from schemas.indicators import Definition, definitions
from schemas.nomenclatures import nomenclature
from schemas.query import read_query
from tests.staged import register, stage

ROOT = Path(__file__).parents[2]
SQL = ROOT / "plugins" / "intercentre" / "gates" / "sql"
COMMON, FIGURES = Gate.TABLES_COMMUNES, Gate.OBSERVATIONS
DAY = date(2026, 7, 2)
OTHERS = [code for code in nomenclature("centre").entries if code != "CAI"]


def deposit_all(hub: Hub, periode: str = "2026-T3", cai: int = 3, numero: int = 1) -> None:
    """CAI has `cai` dossiers and one figure of Statbel, the seven others one dossier each."""
    root = hub.home.root / "z1" / "extraits"
    rows = [{"dossier_id": f"D{number}", "date_ouverture": DAY} for number in range(cai)]
    local = {"commune_refnis": "82003", "indicateur_local": "POPULATION_TOTALE", "periode": "2015", "valeur": 7}
    tables = {"dossier": rows, "stat_locale": [local | {"date_source": date(2015, 1, 1)}]}
    register(hub, stage(root, "CAI", periode, tables, numero=numero, debut_historique=date(2026, 1, 1)))
    for at, centre in enumerate(OTHERS, start=numero + 1):
        rows = [{"dossier_id": "D1", "date_ouverture": DAY}]
        register(hub, stage(root, centre, periode, {"dossier": rows}, numero=at, debut_historique=date(2026, 1, 1)))


def rewrite(path: Path, sql: str) -> None:
    """The Parquet file holds the rows of `sql`, which reads them as `t`."""
    with duckdb.connect() as engine:
        engine.execute(f"CREATE TABLE t AS SELECT * FROM read_parquet('{path}')")
        engine.execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet)")


def results(hub: Hub, porte: Gate, periode: str = "2026-T3") -> dict[str, tuple[str, tuple[str, ...]]]:
    """Code → state and the places out of bounds, as bilan.json tells them."""
    (record,) = [one for one in list_records(hub) if (one.porte, one.periode) == (porte, periode)]
    return {one.code: (one.etat, one.hors) for one in record.resultats}


def lines(hub: Hub) -> list[tuple[str, dict[str, Any]]]:
    with hub.registry.read() as session:
        rows = session.execute(select(Journal.action, Journal.details).where(Journal.acteur == "portes")).all()
    return [(action, json.loads(details)) for action, details in rows]


class TestData:
    def test_every_unit_of_an_indicator_has_its_range(self) -> None:
        units = set(get_args(Definition.model_fields["unite"].annotation))
        assert set(gate_expectations().unites) == units

    def test_an_indicator_with_its_own_range_says_why(self) -> None:
        own = gate_expectations().indicateurs
        assert set(own) <= set(definitions())
        assert all(len(one.raison) > 20 for one in own.values())

    def test_each_expectation_has_its_select_and_each_select_its_expectation(self) -> None:
        asked = {one.vue for one in gate_expectations().attentes.values()}
        assert asked == {path.stem for path in SQL.glob("*.sql")}
        for code, one in gate_expectations().attentes.items():
            query = read_query(SQL / f"{one.vue}.sql")
            assert set(query.parameters) <= {"total", "attente", "fin", *one.parametres}, code
            assert set(one.parametres) <= set(query.parameters), code

    def test_both_gates_can_stop_a_period_and_ask_questions(self) -> None:
        for gate in Gate:
            assert {one.is_blocking for one in gate_expectations().at(gate).values()} == {True, False}

    def test_an_expectation_without_a_limit_expects_nothing(self, tmp_path: Path) -> None:
        text = (ROOT / "schemas" / "gates" / "attentes.yml").read_text(encoding="utf-8")
        file = tmp_path / "attentes.yml"
        file.write_text(text.replace("    minimum: 1\n    mesure: Chiffres de", "    mesure: Chiffres de"), "utf-8")
        with pytest.raises(ValueError, match="no limit"):
            read_expectations(file)


def expectation(minimum: float | None = 0, maximum: float | None = 0, *, vide: bool = False) -> Expectation:
    facts = gate_expectations().attentes["POR-001"].model_dump()
    return Expectation.model_validate(facts | {"minimum": minimum, "maximum": maximum, "vide": vide})


class TestJudgement:
    def test_limits_are_included(self) -> None:
        asked = {"A": expectation(-5, 60), "B": expectation(1, None)}
        measured = {"A": [("x", -5.0), ("y", 60.0)], "B": [("x", 1.0), ("y", 0.0)]}
        held, broken = judge(asked, measured, {"A": True, "B": False})
        assert (held.etat, held.hors, held.stops) == (State.TENUE, (), False)
        assert (broken.etat, broken.hors, broken.stops) == (State.ROMPUE, (("y", 0.0),), True)

    def test_nothing_to_compare_is_no_pass_and_stops_nothing(self) -> None:
        (outcome,) = judge({"A": expectation(vide=True)}, {"A": []}, {})
        assert (outcome.etat, outcome.stops) == (State.SANS_OBJET, False)
        assert checks_of({"A": expectation(vide=True)}, {"A": []}) == []

    def test_nothing_to_judge_where_something_must_be_is_a_fault(self) -> None:
        with pytest.raises(GateFaultError, match="A"):
            checks_of({"A": expectation()}, {"A": []})

    @pytest.mark.parametrize(("value", "said"), [(0.0, False), (1.0, True)])
    def test_two_measures_that_differ_are_a_fault(self, value: float, said: bool) -> None:
        with pytest.raises(GateFaultError, match="se contredisent : A"):
            judge({"A": expectation()}, {"A": [("x", value)]}, {"A": said})

    def test_limits_in_words(self) -> None:
        shown = [shown_limits(expectation(*both)) for both in ((0, 0), (-5, 60), (1, None), (None, 2.5))]
        assert [text.replace("\u00a0", " ") for text in shown] == [
            "0 ligne",
            "de −5 à 60 lignes",
            "au moins 1 ligne",
            "au plus 2,5 lignes",
        ]


def test_nobody_pays_for_great_expectations_but_who_evaluates() -> None:
    code = "import sys, intercentre.gates; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow  # Great Expectations takes three seconds to import
class TestCommonTables:
    def test_what_holds_goes_on_and_leaves_its_evidence(self, hub: Hub) -> None:
        deposit_all(hub)
        harmonise(hub, "2026-T3")
        assert not has_passed(hub, "2026-T3", COMMON)
        folder = check_common(hub, "2026-T3")
        assert has_passed(hub, "2026-T3", COMMON)
        assert find_page(hub, "2026-T3", COMMON) == folder / "page.html"
        states = results(hub, COMMON)
        assert {code for code, (state, _) in states.items() if state != "tenue"} == {"POR-007", "POR-008"}
        gx = json.loads((folder / "gx.json").read_text(encoding="utf-8"))
        # POR-007 has no period before, POR-008 no centre with 30 dossiers: six of eight are evaluated.
        assert gx["statistics"] == {"evaluated_expectations": 6, "successful_expectations": 6}
        assert {one["expectation_config"]["meta"]["regle"] for one in gx["results"]} == set(states) - {
            "POR-007", "POR-008",
        }  # fmt: skip
        assert all(one["result"] == {} for one in gx["results"]), "booleans only"
        ((action, details),) = lines(hub)
        assert (action, details["porte"], details["bloquantes"]) == ("porte_passee", "tables_communes", [])

    def test_the_same_tables_give_the_same_bytes(self, hub: Hub) -> None:
        deposit_all(hub)
        harmonise(hub, "2026-T3")
        folder = check_common(hub, "2026-T3")
        first = {path.name: path.read_bytes() for path in folder.iterdir()}
        shutil.rmtree(folder)
        assert first == {path.name: path.read_bytes() for path in check_common(hub, "2026-T3").iterdir()}

    def test_what_went_through_is_not_judged_again(self, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
        deposit_all(hub)
        path = harmonise(hub, "2026-T3") / "dossier.parquet"
        folder = check_common(hub, "2026-T3")
        asked: list[int] = []

        def ask(database: Path, checks: list[Check]) -> dict[str, Any]:
            asked.append(len(checks))
            return evaluate(database, checks)

        monkeypatch.setattr("intercentre.gates.check.evaluate", ask)
        assert check_common(hub, "2026-T3") == folder
        assert asked == []
        rewrite(path, "SELECT * REPLACE ('M' AS sexe) FROM t")
        check_common(hub, "2026-T3")
        assert asked == [6], "other files, if their measures be the same, are another evidence"
        assert [action for action, _ in lines(hub)] == ["porte_passee"] * 2

    def test_a_lost_row_stops_the_period_and_is_found_at_its_table_and_centre(self, hub: Hub) -> None:
        deposit_all(hub)
        rewrite(harmonise(hub, "2026-T3") / "dossier.parquet", "SELECT * FROM t WHERE cle_dossier <> 'CAI:D2'")
        with pytest.raises(GateRefusal, match=r"la suite est arrêtée. POR-001.*dossier, CAI \(CAI-2026-T3") as caught:
            check_common(hub, "2026-T3")
        assert "D2" not in str(caught.value)
        state, places = results(hub, COMMON)["POR-001"]
        assert (state, len(places)) == ("non tenue", 1)
        assert not has_passed(hub, "2026-T3", COMMON)
        page = find_page(hub, "2026-T3", COMMON)
        assert page is not None
        assert "La suite est arrêtée" in page.read_text(encoding="utf-8")
        assert [(action, details["bloquantes"]) for action, details in lines(hub)] == [("porte_refusee", ["POR-001"])]

    def test_a_row_twice_is_one_too_many_and_a_double(self, hub: Hub) -> None:
        deposit_all(hub)
        path = harmonise(hub, "2026-T3") / "dossier.parquet"
        rewrite(path, "SELECT * FROM t UNION ALL SELECT * FROM t WHERE cle_dossier = 'CAI:D2'")
        with pytest.raises(GateRefusal):
            check_common(hub, "2026-T3")
        states = results(hub, COMMON)
        assert states["POR-003"] == ("non tenue", ("dossier",))
        assert states["POR-001"][0] == "non tenue"

    def test_rows_of_a_deposit_that_is_not_in_force_are_found(self, hub: Hub) -> None:
        deposit_all(hub)
        path = harmonise(hub, "2026-T3") / "dossier.parquet"
        rewrite(
            path, "SELECT * REPLACE (CASE WHEN centre_code = 'CRIC' THEN 'AUTRE' ELSE depot_id END AS depot_id) FROM t"
        )
        with pytest.raises(GateRefusal, match=r"dossier, inconnu \(AUTRE\)"):
            check_common(hub, "2026-T3")
        assert len(results(hub, COMMON)["POR-001"][1]) == 2, "CRIC's own row is missing as well"

    def test_a_local_figure_of_a_merged_commune_may_not_vanish(self, hub: Hub) -> None:
        deposit_all(hub)
        rewrite(harmonise(hub, "2026-T3") / "stat_locale.parquet", "SELECT * FROM t WHERE commune_refnis <> '82003'")
        with pytest.raises(GateRefusal, match="POR-002"):
            check_common(hub, "2026-T3")
        assert results(hub, COMMON)["POR-001"][0] == "tenue", "of several sources one is kept: fewer rows are no loss"

    def test_a_centre_without_its_line_of_coverage_stops_the_period(self, hub: Hub) -> None:
        deposit_all(hub)
        rewrite(harmonise(hub, "2026-T3") / "couverture.parquet", "SELECT * FROM t WHERE centre_code <> 'CRVI'")
        with pytest.raises(GateRefusal, match="POR-004"):
            check_common(hub, "2026-T3")
        assert results(hub, COMMON)["POR-004"] == ("non tenue", ("CRVI",))

    def test_absent_and_late_centres_are_asked_about_and_stop_nothing(self, hub: Hub) -> None:
        root = hub.home.root / "z1" / "extraits"
        rows = [{"dossier_id": "D1", "date_ouverture": date(2026, 2, 2)}]
        register(hub, stage(root, "CAI", "2026-T1", {"dossier": rows}))
        # A state of after the quarter is no delay; nor does it make a deposit of the quarter before one of this one.
        register(hub, stage(root, "CRIC", "2026-T3", {"dossier": rows}, numero=2, date_etat=date(2026, 10, 9)))
        register(hub, stage(root, "CRVI", "2026-T2", {"dossier": rows}, numero=3, date_etat=date(2026, 7, 9)))
        harmonise(hub, "2026-T3")
        check_common(hub, "2026-T3")
        states = results(hub, COMMON)
        assert states["POR-005"] == ("non tenue", ("CERAIC", "CIMB", "CRIBW", "CRILUX", "CRIPEL"))
        assert states["POR-006"] == ("non tenue", ("CAI", "CRVI"))

    def test_lateness_is_told_in_quarters_between_the_periods(self, tmp_path: Path) -> None:
        # Whatever day the state is of: a first quarter's, taken on 7 April, is two quarters behind the third.
        lines = [("CAI", "2026-T1", date(2026, 4, 7)), ("CRVI", "2025-T4", date(2025, 12, 31))]
        rows = [(centre, f"{centre}-1", period, state, None, "reportee") for centre, period, state in lines]
        rows.append(("CRIC", "CRIC-1", "2026-T3", date(2026, 10, 9), None, "presente"))
        query = read_query(SQL / "depot_reporte.sql")
        with open_engine() as engine:
            engine.execute("CREATE SCHEMA commun")
            load_rows(engine, "commun.couverture", COVERAGE_COLUMNS, rows)
            found = dict(engine.execute(query.text, {"fin": date(2026, 9, 30)}).fetchall())
        assert found == {"CAI": 2, "CRVI": 3, "CRIC": 0}

    def test_a_table_that_shrinks_is_asked_about(self, hub: Hub) -> None:
        # 40 dossiers, then 37: -7.5 %, under the limit of -5 %. The others have fewer than 30 and are not judged.
        deposit_all(hub, "2026-T2", cai=40)
        harmonise(hub, "2026-T2")
        deposit_all(hub, "2026-T3", cai=37, numero=100)
        harmonise(hub, "2026-T3")
        check_common(hub, "2026-T3")
        assert results(hub, COMMON)["POR-007"] == ("non tenue", ("dossier, CAI",))

    def test_a_share_without_answer_is_asked_about(self, hub: Hub) -> None:
        # 9 of 40 without a known commune: 22.5 %, over 20 %. 8 of 40 would be 20 % and hold.
        for periode, unknown, expected in (("2026-T2", 9, ("commune, CAI",)), ("2026-T3", 8, ())):
            rows = [
                {"dossier_id": f"D{n}", "date_ouverture": date(2026, 2, 2)}
                | ({"commune_refnis": "00000"} if n < unknown else {})
                for n in range(40)
            ]
            register(hub, stage(hub.home.root / "z1" / "extraits", "CAI", periode, {"dossier": rows}))
            harmonise(hub, periode)
            check_common(hub, periode)
            assert results(hub, COMMON, periode)["POR-008"][1] == expected

    def test_what_cannot_be_measured_is_a_fault_and_leaves_nothing(self, hub: Hub) -> None:
        deposit_all(hub)
        rewrite(harmonise(hub, "2026-T3") / "dossier.parquet", "SELECT * EXCLUDE (sexe) FROM t")
        with pytest.raises(GateFaultError, match="n'a pas pu être faite"):
            check_common(hub, "2026-T3")
        assert find_page(hub, "2026-T3", COMMON) is None
        assert [(action, details) for action, details in lines(hub)] == [
            ("porte_en_defaut", {"porte": "tables_communes"})
        ]

    def test_there_is_nothing_to_judge_before_harmonisation(self, hub: Hub) -> None:
        with pytest.raises(GateRefusal, match="harmonisez d'abord"):
            check_common(hub, "2026-T3")


def figures(hub: Hub) -> Path:
    """The observations of a period that holds."""
    deposit_all(hub)
    harmonise(hub, "2026-T3")
    return compute_indicators(hub, "2026-T3") / "observations.parquet"


TOTAL = "indicateur = 'I01' AND periode = '2026-T3' AND dimension = '_T'"
SHARE = TOTAL.replace("I01", "I04")


@pytest.mark.slow
class TestObservations:
    def test_what_holds_goes_on(self, hub: Hub) -> None:
        figures(hub)
        check_observations(hub, "2026-T3")
        states = results(hub, FIGURES)
        assert {code for code, (state, _) in states.items() if state == "rien à comparer"} == {
            "POR-107", "POR-108", "POR-109",
        }  # fmt: skip
        assert states["POR-106"][0] == "non tenue", "so few deposits leave most indicators without a figure"
        assert any(place.startswith("I52 ") for place in states["POR-106"][1])
        assert [action for action, _ in lines(hub)] == ["porte_passee"]

    @pytest.mark.parametrize(
        ("change", "codes"),
        [
            # A share of 100.5 %, and a count below zero: out of the range of their units.
            ("CASE WHEN indicateur = 'I04' AND dimension = '_T' THEN 100.5 ELSE valeur END AS valeur", {"POR-101"}),
            (f"CASE WHEN {TOTAL} THEN -1 ELSE valeur END AS valeur", {"POR-101"}),
            ("CASE WHEN indicateur = 'I04' THEN 'nan'::DOUBLE ELSE valeur END AS valeur", {"POR-101"}),
            (f"CASE WHEN {TOTAL} THEN -1 ELSE effectif END AS effectif", {"POR-102"}),
            # CAI has three dossiers and the region ten: a fourth one makes the centres eleven.
            (
                f"CASE WHEN {TOTAL} AND territoire = 'CAI' THEN 4 ELSE numerateur END AS numerateur",
                {"POR-104", "POR-105"},
            ),
            # A denominator alone, of the share of obliged dossiers: not that of its categories, nor of the centres.
            (
                f"CASE WHEN {SHARE} AND territoire = 'CAI' THEN 99 ELSE denominateur END AS denominateur",
                {"POR-104", "POR-105"},
            ),
        ],
    )
    def test_an_impossible_figure_stops_the_period(self, hub: Hub, change: str, codes: set[str]) -> None:
        rewrite(figures(hub), f"SELECT * REPLACE ({change}) FROM t")
        with pytest.raises(GateRefusal, match="la suite est arrêtée"):
            check_observations(hub, "2026-T3")
        broken = {code for code, (state, _) in results(hub, FIGURES).items() if state == "non tenue"}
        assert broken - {"POR-106"} == codes

    def test_double_counts_that_do_not_close_stop_the_period(self, hub: Hub) -> None:
        path = figures(hub).with_name("additivite.parquet")
        rewrite(path, "SELECT * REPLACE (doublons + 1 AS doublons) FROM t WHERE periode = '2026-T3'")
        with pytest.raises(GateRefusal, match=r"POR-103.*2026-T3"):
            check_observations(hub, "2026-T3")

    def test_movements_against_the_last_release_are_asked_about(self, hub: Hub) -> None:
        # Released: 25 opened dossiers for CAI, and now 3 (-88 %); the region 10 against 11, too few to be judged (20).
        # I04: 93 % of 100 obliged, now 100 % (+7 points). I99 was released and is no more.
        path = figures(hub)
        folder = hub.home.releases / "2026-T2.1"
        folder.mkdir(parents=True)
        with duckdb.connect() as engine:
            engine.execute(f"CREATE TABLE t AS SELECT * FROM read_parquet('{path}') WHERE indicateur IN ('I01', 'I04')")
            engine.execute(f"UPDATE t SET valeur = 25 WHERE {TOTAL} AND territoire = 'CAI'")
            engine.execute(f"UPDATE t SET valeur = 11 WHERE {TOTAL} AND territoire = 'RLF'")
            engine.execute(
                "UPDATE t SET valeur = 93, denominateur = 100 "
                "WHERE indicateur = 'I04' AND periode = '2026-T3' AND dimension = '_T' AND territoire = 'RLF'"
            )
            engine.execute(f"INSERT INTO t SELECT * REPLACE ('I99' AS indicateur) FROM t WHERE {TOTAL}")
            engine.execute(f"COPY (FROM t) TO '{folder / 'indicateurs.parquet'}' (FORMAT parquet)")
        release(hub, "2026-T2.1")
        check_observations(hub, "2026-T3")
        states = results(hub, FIGURES)
        assert states["POR-107"] == ("non tenue", ("I01, 2026-T3, CAI",))
        assert states["POR-108"] == ("non tenue", ("I04, 2026-T3, RLF",))
        assert states["POR-109"] == ("non tenue", ("I99, 2026-T3",))

    def test_a_release_whose_figures_are_gone_is_no_first_release(self, hub: Hub) -> None:
        figures(hub)
        release(hub, "2026-T2.1")
        with pytest.raises(GateRefusal, match="restaurez son dossier"):
            check_observations(hub, "2026-T3")

    def test_there_is_nothing_to_judge_before_the_indicators(self, hub: Hub) -> None:
        with pytest.raises(GateRefusal, match="calculez d'abord"):
            check_observations(hub, "2026-T3")


def release(hub: Hub, version: str) -> None:
    """The registry knows a release."""
    when = datetime(2026, 8, 1, tzinfo=UTC)
    with hub.registry.change() as change:
        change.session.add(
            Tour(
                tour_id="tour", periode="2026-T2", empreinte="0" * 64, ouvert_le=when, echeance=when, quorum=5,
                etat="accorde",
            )
        )  # fmt: skip
        change.session.flush()
        digest = hashlib.sha256(version.encode()).hexdigest()
        change.session.add(
            Publication(
                version=version, periode="2026-T2", tour_id="tour", empreinte=digest, manifeste_sha256=digest,
                publie_le=when,
            )
        )  # fmt: skip

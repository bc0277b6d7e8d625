"""Anomalies: each kind raised and not raised, from figures worked out by hand; what is kept of them, and for whom."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from intercentre.concertation import ConcertationRefusee, note_anomalies, read_anomalies
from intercentre.concertation.detection import (
    Moves,
    Outlier,
    Point,
    Silence,
    broken_series,
    outside_funnel,
    silent_communes,
    unanswered_moves,
    usual_range,
)
from intercentre.core.engine import load_rows, open_engine, write_table
from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Journal
from intercentre.harmonisation.harmonise import COVERAGE_COLUMNS, DEPOSITED_COLUMNS, PAIRING_COLUMNS
from intercentre.harmonisation.reference import TERRITORY_COLUMNS
from schemas.anomalies import anomaly_kinds
from schemas.exchanges.comparison import COMPARISON_COLUMNS, COMPARISON_KEY
from schemas.exchanges.release import OBSERVATION_COLUMNS, OBSERVATION_KEY
from schemas.indicators import definitions

QUARTERS = [f"{year}-T{quarter}" for year in (2024, 2025, 2026) for quarter in (1, 2, 3, 4)][:11]


def series(code: str, values: list[float], denominateur: float | None = None, centre: str = "CAI") -> list[Point]:
    """The figures of the quarters that end with 2026-T3."""
    return [
        Point(code, centre, periode, value, denominateur)
        for periode, value in zip(QUARTERS[-len(values) :], values, strict=True)
    ]


def test_every_kind_names_known_indicators_a_source_and_what_to_do() -> None:
    assert list(anomaly_kinds()) == ["ANO-001", "ANO-002", "ANO-003", "ANO-004"]
    for kind in anomaly_kinds().values():
        assert set(kind.indicateurs) <= set(definitions())
        assert kind.source
        assert kind.suite.endswith(".")


def test_a_centre_outside_the_limits_is_one_anomaly_with_its_figures_in_french() -> None:
    (found,) = outside_funnel([Outlier("I24", "2026-T3", "CERAIC", 41.25, 20.0, 9.96, 32.5)])
    assert (found.code, found.centres, found.etat) == ("ANO-001", ("CERAIC",), "ouverte")
    assert found.anomalie_id == "ANO-001-I24-2026-T3-CERAIC"
    assert "CeRAIC est à 41,2\u00a0%" in found.phrase
    assert "(10,0\u00a0% à 32,5\u00a0%)" in found.phrase
    assert "3e trimestre 2026" in found.phrase


class TestBreaks:
    def test_the_range_of_a_count_by_hand(self) -> None:
        """100, 104, 96, 100: median 100, deviations 0 4 4 0, so MAD 2; chance √100 = 10 is more: 70 to 130."""
        assert usual_range([100, 104, 96, 100], None) == pytest.approx((70, 130))

    def test_the_range_of_a_restless_count_is_its_own(self) -> None:
        """60, 100, 140, 100: MAD 20, times 1.4826 = 29.652, times 3 = 88.956."""
        assert usual_range([60, 100, 140, 100], None) == pytest.approx((11.044, 188.956))

    def test_the_range_of_a_share_by_hand(self) -> None:
        """Four times 50 %; 100 units: chance is √(50 × 50 / 100) = 5 points, three of them: 35 to 65."""
        assert usual_range([50, 50, 50, 50], 100) == pytest.approx((35, 65))

    def test_a_share_stays_between_nothing_and_all(self) -> None:
        assert usual_range([95, 95, 95, 95], 20) == pytest.approx((95 - 3 * 4.8734, 100), abs=1e-3)

    @pytest.mark.parametrize(("value", "raised"), [(70, 0), (130, 0), (69, 1), (131, 1)])
    def test_a_figure_outside_is_a_break(self, value: float, raised: int) -> None:
        assert len(broken_series(series("I01", [100, 104, 96, 100, value]))) == raised

    def test_the_sentence_says_what_was_expected(self) -> None:
        (found,) = broken_series(series("I01", [100, 104, 96, 100, 40]))
        assert "CAI passe à 40 (3e trimestre 2026 (2026-T3))" in found.phrase
        assert "ses 4 trimestres précédents" in found.phrase
        assert "(70 à 130)" in found.phrase

    def test_too_short_a_series_is_not_judged(self) -> None:
        assert broken_series(series("I01", [100, 104, 96, 400])) == []

    def test_only_the_last_eight_quarters_count(self) -> None:
        assert broken_series(series("I01", [9000, 9000, *[100] * 8, 100])) == []

    def test_a_series_that_stops_before_the_others_is_left_alone(self) -> None:
        stopped = series("I01", [100, 104, 96, 100, 400], centre="CRIC")[:-1]
        stopped[-1] = Point("I01", "CRIC", stopped[-1].periode, 400, None)
        assert broken_series([*series("I01", [100, 100, 100, 100, 100]), *stopped]) == []

    def test_a_cohort_is_judged_at_its_own_last_quarter(self) -> None:
        mature = [Point("I11", "CAI", one.periode, one.valeur, 100) for one in series("I11", [50, 50, 50, 50, 90, 0])][
            :-1
        ]
        assert [one.periode for one in broken_series([*series("I01", [100]), *mature])] == ["2026-T2"]


class TestMoves:
    @pytest.mark.parametrize(
        ("unanswered", "total", "raised"),
        [(5, 5, 1), (4, 4, 0), (5, 9, 0), (5, 10, 1), (5, 25, 0), (6, 25, 1), (0, 40, 0)],
    )
    def test_enough_of_them_and_a_fifth_at_least(self, unanswered: int, total: int, raised: int) -> None:
        """Five are the smallest count shown, on both sides; one fifth exactly is not beyond one fifth."""
        assert len(unanswered_moves([Moves("CRIC", "CAI", unanswered, total)], "2026-T3")) == raised

    def test_both_centres_are_concerned_in_the_order_of_their_codes(self) -> None:
        (found,) = unanswered_moves([Moves("CRIC", "CAI", 12, 20)], "2026-T3")
        assert found.centres == ("CAI", "CRIC")
        assert found.phrase.startswith("12 transferts sur 20 entre CAI et CRIC")


class TestSilence:
    def test_one_commune_alone_is_not_raised(self) -> None:
        assert silent_communes([Silence("CAI", ("Onhaye",), 38), Silence("CRIC", (), 19)], "2026-T3") == []

    def test_they_are_named(self) -> None:
        (found,) = silent_communes([Silence("CAI", ("Hastière", "Onhaye"), 38)], "2026-T3")
        assert found.phrase == (
            "2 communes sur 38 du territoire de CAI n'ont signalé personne en 4 trimestres : Hastière, Onhaye."
        )

    def test_a_long_list_is_cut(self) -> None:
        names = tuple(f"Commune {letter}" for letter in "ABCDEFGHIJKLMN")
        (found,) = silent_communes([Silence("CAI", names, 38)], "2026-T3")
        assert found.phrase.endswith("Commune L et 2 autres.")


def leave(
    hub: Hub, *, moves: int = 0, outside: str = "libre", flows: list[tuple[str, str, str, int]] | None = None
) -> None:
    """Protected figures of 2026-T3 and the common tables of two centres that cover three years."""
    protected, common = hub.home.protected("2026-T3"), hub.home.common("2026-T3")
    protected.mkdir(parents=True)
    common.mkdir(parents=True)
    facts = {"indicateur": "I01", "periode": "2026-T3", "territoire_type": "centre", "territoire": "CAI",
             "dimension": "_T", "modalite": "_T", "unite": "dossiers", "statut_secret": "libre",
             "statut_obs": "definitif"}  # fmt: skip
    points = [facts | {"periode": one.periode, "valeur": one.valeur} for one in series("I01", [100, 104, 96, 100, 40])]
    points += [one | {"territoire": "CRIC", "statut_secret": "masque", "valeur": None} for one in points]
    row = ("I24", "2026-T3", "CAI", 40.0, 35.0, 45.0, 20.0, 15.0, 25.0, 12.0, 28.0, "hors_998", *[None] * 4, outside)
    tables: dict[str, tuple[dict[str, str], list[Any]]] = {
        "appariement_transfert": (PAIRING_COLUMNS, [
            [declared.get(name) for name in PAIRING_COLUMNS]
            for declared in (
                {"centre_sortant": "CAI", "centre_entrant": "CRIC", "cle_sortant": f"CAI:D{number}",
                 "date_effet": date(2026, 3, 1), "date_repere": date(2026, 3, 1), "etat": "sortant_seul"}
                for number in range(moves)
            )
        ]),
        "couverture": (COVERAGE_COLUMNS, [
            (centre, "d", "2026-T3", date(2026, 9, 30), date(2023, 1, 1), "presente") for centre in ("CAI", "CRIC")
        ]),
        "table_deposee": (DEPOSITED_COLUMNS, [
            (centre, table, date(2023, 1, 1)) for centre in ("CAI", "CRIC") for table in ("transfert", "flux_commune")
        ]),
        "territoire": (TERRITORY_COLUMNS, [
            (code, name, centre, "a", "A", "p", "P")
            for code, name, centre in (("1", "Onhaye", "CAI"), ("2", "Hastière", "CAI"), ("3", "Namur", "CAI"),
                                       ("4", "Chimay", "CRIC"))
        ]),
        "flux_commune": (
            {"centre_code": "VARCHAR", "commune": "VARCHAR", "mois": "VARCHAR", "signales_par_commune": "INTEGER"},
            flows or [],
        ),
    }  # fmt: skip
    with open_engine() as engine:
        rows = [[point.get(name) for name in OBSERVATION_COLUMNS] for point in points]
        load_rows(engine, "observation", OBSERVATION_COLUMNS, rows)
        write_table(engine, "observation", protected / "observations.parquet", OBSERVATION_KEY)
        load_rows(engine, "comparaison", COMPARISON_COLUMNS | {"statut_secret": "VARCHAR"}, [row])
        write_table(engine, "comparaison", protected / "comparaison.parquet", COMPARISON_KEY)
        for name, (columns, content) in tables.items():
            load_rows(engine, name, columns, content)
            write_table(engine, name, common / f"{name}.parquet", tuple(columns))


def codes(hub: Hub, centre: str | None = None) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.code, one.centres) for one in read_anomalies(hub, "2026-T3", centre)]


def test_anomalies_are_recorded_with_their_centres_and_read_by_those_concerned(hub: Hub) -> None:
    leave(hub, moves=6, flows=[("CAI", "3", "2026-01", 2), ("CAI", "1", "2025-09", 4), ("CRIC", "4", "2026-02", 1)])
    note_anomalies(hub, "2026-T3")
    funnel, series_, moves, silence = (
        ("ANO-001", ("CAI",)), ("ANO-002", ("CAI",)), ("ANO-003", ("CAI", "CRIC")), ("ANO-004", ("CAI",))
    )  # fmt: skip
    assert codes(hub) == [funnel, series_, moves, silence]
    assert codes(hub, "CAI") == [funnel, series_, moves, silence]
    assert codes(hub, "CRIC") == [moves]
    assert codes(hub, "CIMB") == []
    (told,) = [one.phrase for one in read_anomalies(hub, "2026-T3") if one.code == "ANO-004"]
    assert "Hastière, Onhaye" in told, "what Onhaye told before October 2025 is more than four quarters old"


def test_a_withheld_comparison_raises_nothing(hub: Hub) -> None:
    leave(hub, outside="masque", flows=[("CAI", "1", "2026-01", 2), ("CAI", "2", "2026-01", 2)])
    note_anomalies(hub, "2026-T3")
    assert codes(hub) == [("ANO-002", ("CAI",))]


def test_the_journal_counts_them_by_kind_and_again_gives_the_same_bytes(hub: Hub) -> None:
    leave(hub, moves=6)
    before = {path.name: path.read_bytes() for path in note_anomalies(hub, "2026-T3").iterdir()}
    assert {path.name: path.read_bytes() for path in note_anomalies(hub, "2026-T3").iterdir()} == before
    with hub.registry.read() as session:
        lines = session.execute(select(Journal.details).where(Journal.action == "anomalies_relevees")).scalars().all()
    assert [json.loads(line) for line in lines] == [{"ANO-001": 1, "ANO-002": 1, "ANO-003": 1, "ANO-004": 1}] * 2


def test_without_protected_figures_nothing_is_looked_for(hub: Hub) -> None:
    with pytest.raises(ConcertationRefusee, match="protégez d'abord"):
        note_anomalies(hub, "2026-T3")
    assert read_anomalies(hub, "2026-T3") == []

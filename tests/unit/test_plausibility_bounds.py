"""Bounds and measures of plausibility: by hand, without Great Expectations."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from intercentre.core.engine import open_engine
from intercentre.plausibility import PlausibilityError
from intercentre.plausibility.bounds import Bounds, bounds_from, median_deviation
from intercentre.plausibility.expectations import (
    Expectation,
    Reference,
    all_measures,
    describe,
    expectations_for,
    fingerprint,
)
from intercentre.plausibility.history import Staged, earlier_deposits, other_centres
from intercentre.plausibility.judgement import State, findings_of, judge_outcomes, shown_bounds, shown_value
from intercentre.plausibility.measures import Figure, Frame, Measure, measure_deposit
from schemas.period import Period
from schemas.plausibility import Comparison, Direction, Kind, Rule, Unit, read_thresholds, thresholds
from tests.staged import stage

T3 = Period(2026, 3)
LIMITS = thresholds()


def rule(**facts: object) -> Rule:
    given = {
        "mesure": Kind.PART,
        "comparaison": Comparison.NIVEAU,
        "unite": Unit.POINTS,
        "facteur": 5,
        "marge": 4,
        "bande": 10,
        "raison": "Règle écrite pour un essai.",
        "role": "essai",
        "date": date(2026, 1, 1),
        "statut": "propose",
    }
    return Rule.model_validate(given | facts)


def limits(history: Sequence[float], *, is_count: bool = False, **facts: object) -> tuple[float | None, float | None]:
    found = bounds_from(history, rule(**facts), 3, is_count=is_count)
    assert found is not None
    return found.minimum, found.maximum


class TestBounds:
    def test_nothing_earlier_gives_no_bounds(self) -> None:
        assert bounds_from([], rule(), 3, is_count=False) is None

    def test_a_ceiling_holds_at_a_first_deposit_and_caps_what_history_allows(self) -> None:
        assert limits([], plafond=20) == (None, 20)
        assert limits([18, 18, 18], plafond=20, sens=Direction.HAUSSE) == (None, 20)
        assert limits([8, 8, 8], plafond=20, sens=Direction.HAUSSE) == (None, 12)

    def test_the_mad_is_the_median_distance_from_the_median(self) -> None:
        assert median_deviation([1, 1, 2, 2, 4, 6, 9]) == 1

    def test_three_values_give_median_and_mad(self) -> None:
        # median 50, distances 0 1 2: MAD 1, five times
        assert limits([49, 50, 52]) == (45, 55)

    def test_values_that_never_moved_leave_the_margin(self) -> None:
        assert limits([50, 50, 50]) == (46, 54)

    def test_one_wild_value_does_not_widen_the_bounds(self) -> None:
        # 95 is an accident of the past: median 50, distances 0 0 1 1 45, MAD 1
        assert limits([50, 51, 49, 50, 95]) == (45, 55)

    def test_two_values_leave_a_band_around_the_last(self) -> None:
        assert limits([20, 50]) == (40, 60)

    def test_a_growing_table_is_expected_to_go_on_growing(self) -> None:
        # changes 60 60 60, last 300: 360 expected, 10 % of it on each side
        facts = {"comparaison": Comparison.EVOLUTION, "unite": Unit.POURCENT, "marge": 10}
        assert limits([120, 180, 240, 300], is_count=True, **facts) == (324, 396)

    def test_three_deposits_have_two_changes_and_so_a_band(self) -> None:
        facts = {"comparaison": Comparison.EVOLUTION, "unite": Unit.POURCENT, "bande": 40}
        assert limits([180, 240, 300], is_count=True, **facts) == (180, 420)

    def test_a_small_table_may_move_by_a_few_rows(self) -> None:
        facts = {"unite": Unit.POURCENT, "marge": 10, "marge_lignes": 20}
        assert limits([12, 12, 12], is_count=True, **facts) == (0, 32)

    def test_shares_stay_between_nothing_and_all(self) -> None:
        assert limits([97, 98, 98]) == (94, 100)
        assert limits([1, 2, 2]) == (0, 6)

    def test_one_way_out_may_be_the_only_question(self) -> None:
        assert limits([50, 50, 50], sens=Direction.BAISSE) == (46, None)
        assert limits([50, 50, 50], sens=Direction.HAUSSE) == (None, 54)

    def test_limits_are_within(self) -> None:
        assert [Bounds(2, 4).hold(value) for value in (1.99, 2, 4, 4.01)] == [False, True, True, False]


class TestThresholds:
    def test_each_rule_says_why_who_and_when(self) -> None:
        for code, found in LIMITS.regles.items():
            assert found.raison.endswith("."), code
            assert found.role, code
            assert found.date.year >= 2026, code

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("[dossier.date_premier_contact,", "[dossier.date_premier_contct,"),
            ("tables: [dossier,", "tables: [dosier,"),
            ("parts: [obliges]", "parts: [oblige]"),
            ("eclipse: [PLA-001,", "eclipse: [PLA-100,"),
            ("motif_abandon: INC", "motif_abandon: INCONNU"),
        ],
    )
    def test_a_name_that_does_not_exist_is_refused(self, tmp_path: Path, old: str, new: str) -> None:
        text = (Path(__file__).parents[2] / "schemas/plausibility/seuils.yml").read_text(encoding="utf-8")
        assert old in text
        (tmp_path / "seuils.yml").write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(ValidationError):
            read_thresholds(tmp_path / "seuils.yml")


def test_measures_equal_a_count_by_hand(tmp_path: Path) -> None:
    """Forty dossiers: 30 obliged of 36 settled, 10 closed, sex not known of 4, opened day after day from 1 June."""
    first = date(2026, 6, 1)
    rows = [
        {
            "dossier_id": f"D{at}",
            "date_ouverture": first + timedelta(days=at),
            "date_cloture": first + timedelta(days=50) if at < 10 else None,
            "statut_public": "OBLIGE" if at < 30 else "VOLONTAIRE_AUTRE" if at < 36 else "A_DETERMINER",
            "sexe": "INC" if at < 4 else "F" if at < 22 else "M",
            "niveau_diplome": "3" if at < 20 else None,
        }
        for at in range(40)
    ]
    deposit = stage(tmp_path, "CAI", "2026-T3", {"dossier": rows})
    with open_engine() as engine:
        values = measure_deposit(engine, all_measures(LIMITS), Frame(deposit.dossier, T3))
    found = {measure.nom: value for measure, value in values.items()}
    assert found["dossier"] == 40
    assert found["dossier_i01"] == 10  # 1 to 10 July; the thirty others opened in June
    assert found["dossier.part_obliges"] == pytest.approx(100 * 30 / 36)
    assert found["dossier.part_clos"] == 25
    assert found["dossier.part_femmes"] == 50
    assert found["dossier.inconnus_sexe"] == 10
    assert found["dossier.rempli_niveau_diplome"] == 50
    # the middle lies between the 20th and the 21st opening: 20 and 21 June 2026 are days 20624 and 20625 since 1970
    assert found["dossier.jour_date_ouverture"] == 20624.5
    assert found["dossier.jour_date_cloture"] is None, "ten dates are too few"
    assert found["dossier.inconnus_situation_pro"] is None, "no value at all"
    assert found["convention"] is None, "the deposit has no such table"


def staged(centre: str, periode: str, numero: int = 1, sequence: int = 1) -> Staged:
    period = Period.parse(periode)
    return Staged(f"{centre}-{periode}-{numero}", centre, period, (period.fin, sequence, numero), Path("nowhere"))


class TestWithWhat:
    def test_the_last_deposit_of_each_earlier_period_of_the_centre(self) -> None:
        judged = staged("CAI", "2026-T3")
        corrected = staged("CAI", "2026-T1", numero=9, sequence=2)
        deposits = [
            judged,
            staged("CAI", "2026-T3", numero=2),
            staged("CAI", "2026-T4"),
            staged("CAI", "2026-T1"),
            corrected,
            staged("CAI", "2025-T4"),
            staged("CAI", "2025"),
            staged("CRIC", "2026-T2"),
        ]
        assert earlier_deposits(deposits, judged, 16) == [staged("CAI", "2025-T4"), corrected]
        assert earlier_deposits(deposits, judged, 1) == [corrected]

    def test_the_last_deposit_of_each_other_centre(self) -> None:
        judged = staged("CAI", "2026-T3")
        others = [staged("CRIC", "2026-T3"), staged("CRVI", "2026-T2")]
        hidden = [staged("CRIC", "2026-T2"), staged("CRVI", "2026-T4"), staged("STATBEL", "2026-T2")]
        assert sorted(one.centre_code for one in other_centres([judged, *others, *hidden], judged)) == ["CRIC", "CRVI"]
        assert set(other_centres([judged, *others, *hidden], judged)) == set(others)
        assert other_centres([judged, *others], staged("STATBEL", "2026")) == []


class TestExpectations:
    PART = next(one for one in all_measures(LIMITS) if one.nom == "dossier.part_obliges")

    def reference(self, earlier: Sequence[float], others: Sequence[float]) -> Reference:
        nothing = dict.fromkeys(all_measures(LIMITS))
        quarters = [T3.shift(at - len(earlier)) for at in range(len(earlier))]
        return Reference(
            [(staged("CAI", str(q)), nothing | {self.PART: value}) for q, value in zip(quarters, earlier, strict=True)],
            [(staged(f"C{at}", "2026-T2"), nothing | {self.PART: value}) for at, value in enumerate(others)],
        )

    def regional(self, others: Sequence[float]) -> Expectation:
        made = expectations_for(T3, self.reference([], others), LIMITS)
        return next(one for one in made if one.cle == "PLA-009:dossier.part_obliges")

    def test_three_other_centres_make_no_region(self) -> None:
        assert self.regional([60, 60, 60]).bornes is None
        four = self.regional([60, 60, 60, 60]).bornes
        assert four is not None
        assert (four.minimum, four.maximum) == (45, 75)

    def test_the_band_of_the_region_is_stored_nowhere(self) -> None:
        stored = describe(self.regional([60, 60, 60, 60]))
        assert (stored["comparable"], stored["minimum"], stored["maximum"]) == (True, None, None)

    def test_the_fingerprint_moves_with_a_bound_and_not_with_a_figure_of_another_centre(self) -> None:
        def print_of(earlier: Sequence[float], others: Sequence[float]) -> str:
            reference = self.reference(earlier, others)
            return fingerprint(expectations_for(T3, reference, LIMITS), reference, LIMITS)

        known = print_of([50, 51, 52], [60, 60, 60, 60])
        assert print_of([50, 51, 52], [60, 60, 60, 60]) == known
        assert print_of([50, 51, 53], [60, 60, 60, 60]) != known
        assert print_of([50, 51, 52], [61, 62, 63, 64]) == known, "a guess of their figures could be tried on it"

    def test_the_same_season_comes_first(self) -> None:
        rows = next(one for one in all_measures(LIMITS) if one.nom == "convention_periode")
        nothing = dict.fromkeys(all_measures(LIMITS))
        quarters = [T3.shift(-at) for at in range(12, 0, -1)]
        earlier = [(staged("CAI", str(q)), nothing | {rows: 200 if q.trimestre == 3 else 900}) for q in quarters]
        made = expectations_for(T3, Reference(earlier, []), LIMITS)
        bounds = next(one.bornes for one in made if one.cle == "PLA-002:convention_periode")
        assert bounds is not None
        assert (bounds.minimum, bounds.maximum, bounds.etalons) == (120, 280, 3)


class TestJudgement:
    MEASURE = Measure("dossier", "dossier", Figure.SHARE, "Part", "part_x", "sexe")
    EXPECTED = Expectation("PLA-004", MEASURE, Bounds(10, 20, 15, 3))

    def state(self, value: float | None, *, kept: bool) -> State:
        return judge_outcomes([self.EXPECTED], {self.MEASURE: value}, {self.EXPECTED.cle: kept})[0].etat

    def test_both_ways_of_measuring_agree(self) -> None:
        assert self.state(15, kept=True) is State.DANS
        assert self.state(25, kept=False) is State.HORS
        assert self.state(None, kept=False) is State.SANS_OBJET

    @pytest.mark.parametrize(("value", "kept"), [(15, False), (25, True)])
    def test_a_contradiction_is_a_fault(self, value: float, *, kept: bool) -> None:
        with pytest.raises(PlausibilityError, match=r"PLA-004:dossier\.part_x"):
            self.state(value, kept=kept)

    def test_without_bounds_nothing_is_asked(self) -> None:
        outcomes = judge_outcomes([Expectation("PLA-004", self.MEASURE, None)], {self.MEASURE: 99}, {})
        assert outcomes[0].etat is State.NON_COMPARE
        assert findings_of(outcomes, LIMITS, {}) == ()

    def test_values_are_written_as_people_read_them(self) -> None:
        day = Measure("dossier", "dossier", Figure.MEDIAN, "Date", "jour_x", "date_ouverture")
        rows = Measure("dossier", "dossier", Figure.ROWS, "Lignes")
        assert shown_value(self.MEASURE, 12.345) == "12,3\u00a0%"
        assert shown_value(rows, 1234) == "1\u202f234"
        assert shown_value(day, 20624) == "juin 2026", "never the day of a row"
        assert shown_value(rows, None) == "—"
        assert shown_bounds(rows, Bounds(190, 230)) == "190 à 230"
        assert shown_bounds(self.MEASURE, Bounds(80, None)) == "au moins 80,0\u00a0%"
        assert shown_bounds(self.MEASURE, Bounds(None, 20)) == "au plus 20,0\u00a0%"


def test_great_expectations_is_not_imported_with_the_room() -> None:
    code = "import sys, intercentre.plausibility; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

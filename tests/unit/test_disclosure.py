"""Primary suppression: which figures are withheld at the thresholds, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from intercentre.core.engine import load_rows, open_engine, write_table
from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Journal
from intercentre.disclosure import (
    COMPLEMENTARY,
    DIFFUSION,
    MarginMissing,
    ProtectionError,
    Thresholds,
    protect_observations,
    suppress,
)
from intercentre.indicators.compute import COLUMNS
from schemas.exchanges.comparison import COMPARISON_COLUMNS, COMPARISON_KEY
from schemas.exchanges.release import OBSERVATION_COLUMNS, OBSERVATION_KEY
from schemas.period import Period
from tests.staged import read_rows

THRESHOLDS = Thresholds(effectif_min=5, commune_croisee=10, denominateur_min=20)
_PLACE = {"region": "RLF", "centre": "CAI", "commune": "92094"}


def row(code: str, **facts: Any) -> dict[str, Any]:
    """An observation before protection; a count in the region unless said otherwise."""
    known = {
        "indicateur": code,
        "version_definition": "1.0.0",
        "periode": "2026-T3",
        "territoire_type": "region",
        "dimension": "_T",
        "modalite": "_T",
        "unite": "dossiers",
        "statut_obs": "definitif",
        "couverture": "8/8",
        "date_etat": date(2026, 9, 30),
        "secret": "protege",
    } | facts
    known.setdefault("territoire", _PLACE[known["territoire_type"]])
    return known


def count(number: float | None, **facts: Any) -> dict[str, Any]:
    return row("I01", valeur=number, numerateur=number, denominateur=None, effectif=number or 0, **facts)


def share(over: float, under: float, **facts: Any) -> dict[str, Any]:
    value = 100 * over / under if under else None
    return row("I04", valeur=value, numerateur=over, denominateur=under, effectif=under, **facts)


def median(value: float | None, units: int, **facts: Any) -> dict[str, Any]:
    return row("I36", valeur=value, numerateur=None, denominateur=units, effectif=units, **facts)


def protected(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    with open_engine() as engine:
        values = [[one[name] for name in COLUMNS] for one in rows]
        load_rows(engine, "observation", COLUMNS, values)
        suppress(engine, THRESHOLDS)
        found = engine.execute("SELECT * FROM protegee ORDER BY ALL")
        names = [column[0] for column in found.description]
        return [dict(zip(names, one, strict=True)) for one in found.fetchall()]


def status(one: dict[str, Any], total: dict[str, Any] | None = None) -> str:
    """What becomes of one figure, standing in a table whose totals are there."""
    rows = [one]
    if one["dimension"] != "_T":
        rows.append(one | {"dimension": "_T", "modalite": "_T", "valeur": 99, "numerateur": 99, "effectif": 99})
    if one["territoire_type"] != "region":
        rows.append(one | {"dimension": "_T", "modalite": "_T", "territoire_type": "region", "territoire": "RLF"})
    found = [
        each
        for each in protected(rows)
        if (each["territoire_type"], each["modalite"]) == (one["territoire_type"], one["modalite"])
    ]
    assert len(found) == 1
    withheld = [found[0][name] for name in ("valeur", "numerateur", "denominateur")]
    if found[0]["statut_secret"] == "masque":
        assert withheld == [None, None, None]
    else:
        assert withheld == [one["valeur"], one["numerateur"], one["denominateur"]]
    return str(found[0]["statut_secret"])


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "libre"), (1, "masque"), (4, "masque"), (5, "libre"), (5000, "libre"), (None, "libre")],
)
def test_counts_of_one_to_four_are_withheld(number: float | None, expected: str) -> None:
    assert status(count(number)) == expected
    assert status(count(number, territoire_type="centre")) == expected
    assert status(count(number, territoire_type="commune")) == expected
    assert status(count(number, territoire_type="centre", dimension="sexe", modalite="F")) == expected


def test_hours_are_judged_by_the_persons_behind_them() -> None:
    """Four hundred hours of one person single that person out."""
    for persons, expected in ((4, "masque"), (5, "libre")):
        hours = row("I15", valeur=400, numerateur=400, denominateur=None, effectif=persons, unite="heures")
        assert status(hours) == expected
    for persons, expected in ((19, "masque"), (20, "libre")):
        assert status(row("I16", valeur=99, numerateur=396, denominateur=400, effectif=persons)) == expected


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "libre"), (4, "masque"), (5, "masque"), (9, "masque"), (10, "libre")]
)
def test_a_commune_crossed_with_a_dimension_needs_ten(number: float, expected: str) -> None:
    assert status(count(number, territoire_type="commune", dimension="sexe", modalite="F")) == expected


@pytest.mark.parametrize(
    ("over", "under", "expected"),
    [
        (0, 0, "libre"),  # no case: there is no figure to withhold
        (10, 19, "masque"),  # denominator under 20
        (0, 19, "masque"),
        (0, 20, "libre"),
        (20, 20, "libre"),
        (10, 20, "libre"),
        (4, 20, "masque"),  # numerator of 1 to 4
        (1, 400, "masque"),
        (16, 20, "masque"),  # complement of 1 to 4
        (399, 400, "masque"),
        (5, 20, "libre"),
        (15, 20, "libre"),
    ],
)
def test_rates_need_a_denominator_a_numerator_and_a_complement(over: float, under: float, expected: str) -> None:
    assert status(share(over, under)) == expected


def test_rates_of_a_commune_crossed_with_a_dimension_need_ten_on_both_sides() -> None:
    place = {"territoire_type": "commune", "dimension": "sexe", "modalite": "F"}
    assert status(share(9, 40, **place)) == "masque"
    assert status(share(31, 40, **place)) == "masque"
    assert status(share(10, 40, **place)) == "libre"


@pytest.mark.parametrize(("units", "expected"), [(0, "libre"), (1, "masque"), (4, "masque"), (5, "libre")])
def test_medians_need_five_units(units: int, expected: str) -> None:
    assert status(median(12.5 if units else None, units)) == expected


def test_public_statistics_are_never_withheld() -> None:
    assert status(share(1, 3, secret="sans_objet", territoire_type="commune")) == "libre"


@pytest.mark.parametrize(("unit", "value", "shown"), [("%", 97.368421, 97.0), ("ETP pour 100 dossiers", 24.0, 24.0),
                                                      ("ETP pour 100 dossiers", 2.345, 2.3)])  # fmt: skip
def test_a_rate_of_counts_that_tell_of_persons_is_given_without_them(unit: str, value: float, shown: float) -> None:
    (row,) = protected([share(37, 38, secret="taux_seul", unite=unit) | {"valeur": value}])
    assert (row["valeur"], row["numerateur"], row["denominateur"], row["statut_secret"]) == (shown, None, None, "libre")


def test_one_symbol_whatever_the_reason() -> None:
    rows = [
        count(1, periode="2026-T1"),
        share(1, 400, periode="2026-T1"),
        share(10, 19, periode="2026-T2"),
        median(3, 2, periode="2026-T1"),
    ]
    found = protected(rows)
    assert {one["statut_secret"] for one in found} == {"masque"}
    assert {(one["valeur"], one["numerateur"], one["denominateur"]) for one in found} == {(None, None, None)}


def test_columns_are_those_of_an_observation() -> None:
    (found,) = protected([count(12)])
    assert list(found) == list(OBSERVATION_COLUMNS)
    assert found["reserves"] == ""


def test_a_table_without_its_total_is_refused() -> None:
    category = count(7, dimension="sexe", modalite="F")
    with pytest.raises(MarginMissing, match="I01 2026-T3 region RLF"):
        protected([category])


def test_a_place_without_its_region_is_refused() -> None:
    with pytest.raises(MarginMissing, match="I01 2026-T3 region"):
        protected([count(7, territoire_type="centre")])
    with pytest.raises(MarginMissing):
        protected([count(7, territoire_type="centre"), count(7, periode="2026-T2")])


def test_thresholds_come_from_the_dated_list() -> None:
    assert Thresholds.at(date(2026, 9, 30)) == THRESHOLDS
    with pytest.raises(KeyError):
        Thresholds.at(date(1980, 1, 1))


class TestProtectObservations:
    def leave(self, hub: Hub, rows: list[dict[str, Any]], compared: Sequence[str] = ()) -> None:
        """Observations in their place; `compared` are centres that have a row of I04 in the comparison."""
        folder = hub.home.observations("2026-T3")
        folder.mkdir(parents=True)
        with open_engine() as engine:
            load_rows(engine, "observation", COLUMNS, [[one[name] for name in COLUMNS] for one in rows])
            write_table(engine, "observation", folder / "observations.parquet", OBSERVATION_KEY)
            if compared:
                beside = [("I04", "2026-T3", centre, *range(1, 9), "dans", *range(9, 13)) for centre in compared]
                load_rows(engine, "comparaison", COMPARISON_COLUMNS, beside)
                write_table(engine, "comparaison", folder / "comparaison.parquet", COMPARISON_KEY)

    def test_figures_and_statement_are_written_together(self, hub: Hub) -> None:
        self.leave(hub, [count(12), count(3, territoire_type="centre"), count(9, territoire_type="commune")])
        folder = protect_observations(hub, Period(2026, 3))
        assert folder == hub.home.protected("2026-T3")
        found = read_rows(folder / "observations.parquet")
        assert [(one["territoire_type"], one["valeur"], one["statut_secret"]) for one in found] == [
            ("centre", None, "masque"),
            ("commune", 9.0, "libre"),
            ("region", 12.0, "libre"),
        ]
        said = json.loads((folder / "protection.json").read_text(encoding="utf-8"))
        assert said["comptes"] == {
            "cellules": 3,
            "masquees": 1,
            "par_indicateur": {"I01": {"cellules": 3, "masquees": 1}},
        }
        assert said["seuils"] == {"effectif_min": 5, "commune_croisee": 10, "denominateur_min": 20}
        assert (said["complementaire"], said["diffusion"]) == ("non appliquée", "restreinte")
        assert (COMPLEMENTARY, DIFFUSION) == ("non appliquée", "restreinte")

    def test_a_comparison_shows_nothing_beside_a_withheld_figure(self, hub: Hub) -> None:
        centre = {"territoire_type": "centre"}
        shown, withheld = share(30, 60, **centre, territoire="CAI"), share(3, 60, **centre, territoire="CRIC")
        self.leave(hub, [share(33, 120), shown, withheld], compared=["CAI", "CRIC", "CIMB"])
        rows = read_rows(protect_observations(hub, "2026-T3") / "comparaison.parquet")
        assert [(row["territoire"], row["statut_secret"]) for row in rows] == [
            ("CAI", "libre"), ("CIMB", "masque"), ("CRIC", "masque")
        ]  # fmt: skip
        others = [name for name in COMPARISON_COLUMNS if name not in COMPARISON_KEY]
        assert all(rows[0][name] is not None for name in others)
        assert all(row[name] is None for row in rows[1:] for name in others)

    def test_where_the_region_is_withheld_no_limit_around_its_rate_is_shown(self, hub: Hub) -> None:
        self.leave(hub, [share(3, 60), share(30, 60, territoire_type="centre")], compared=["CAI"])
        (row,) = read_rows(protect_observations(hub, "2026-T3") / "comparaison.parquet")
        assert (row["statut_secret"], row["valeur_region"], row["entonnoir_95_bas"]) == ("masque", None, None)

    def test_the_journal_tells_how_many_are_withheld(self, hub: Hub) -> None:
        self.leave(hub, [count(12), count(3, territoire_type="centre")])
        protect_observations(hub, "2026-T3")
        with hub.registry.read() as session:
            line = session.execute(select(Journal).where(Journal.action == "observations_protegees")).scalar_one()
        assert json.loads(line.details) == {
            "cellules": 2,
            "masquees": 1,
            "complementaire": "non appliquée",
            "diffusion": "restreinte",
        }

    def test_again_gives_the_same_bytes(self, hub: Hub) -> None:
        self.leave(hub, [count(12), count(3, territoire_type="centre")])
        before = {path.name: path.read_bytes() for path in protect_observations(hub, "2026-T3").iterdir()}
        assert {path.name: path.read_bytes() for path in protect_observations(hub, "2026-T3").iterdir()} == before

    def test_without_observations_there_is_nothing_to_protect(self, hub: Hub) -> None:
        with pytest.raises(ProtectionError, match="calculez d'abord"):
            protect_observations(hub, "2026-T3")

    def test_a_refusal_leaves_no_figures(self, hub: Hub, tmp_path: Path) -> None:
        self.leave(hub, [count(3, territoire_type="centre")])
        with pytest.raises(MarginMissing):
            protect_observations(hub, "2026-T3")
        assert not hub.home.protected("2026-T3").exists()


@pytest.mark.parametrize(("beyond", "expected"), [(1, "masque"), (4, "masque"), (5, "libre")])
def test_a_quantile_is_judged_by_the_persons_beyond_it(beyond: int, expected: str) -> None:
    given = row(
        "I07",
        valeur=90,
        numerateur=None,
        denominateur=10 * beyond,
        effectif=beyond,
        dimension="quantile",
        modalite="P90",
    )
    assert status(given) == expected


@pytest.mark.parametrize(
    ("waiting", "begun", "expected"),
    [(0, 20, "libre"), (4, 30, "masque"), (5, 15, "libre"), (30, 4, "masque"), (30, 0, "libre"), (9, 10, "masque")],
)
def test_those_who_wait_still_are_judged_as_a_share(waiting: int, begun: int, expected: str) -> None:
    both = waiting + begun
    given = row(
        "I36",
        valeur=100 * waiting / both,
        numerateur=waiting,
        denominateur=both,
        effectif=both,
        dimension="attente",
        modalite="EN_ATTENTE",
    )
    assert status(given) == expected

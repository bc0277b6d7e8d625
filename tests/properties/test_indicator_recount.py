"""Every figure of the dossiers' indicators, counted again in plain Python over random deposits.

The recounts share no code with the product: they loop over the rows as a person would. The territory, the legal delay
(18 months under R2018, unknown under R2025) and the groups are written out here.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from intercentre.harmonisation.deposits import centres_in_force
from intercentre.harmonisation.harmonise import write_common
from intercentre.indicators.compute import write_observations
from schemas.indicators import definitions
from schemas.period import Period
from tests.properties.random_lives import Centre, Row, draw_centres
from tests.staged import read_rows, stage

pytestmark = pytest.mark.slow

CENTRES = ("CAI", "CRIC", "CIMB")
PERIODS = {
    "2024": (date(2024, 1, 1), date(2024, 12, 31)),
    "2024-T1": (date(2024, 1, 1), date(2024, 3, 31)),
    "2024-T2": (date(2024, 4, 1), date(2024, 6, 30)),
    "2024-T3": (date(2024, 7, 1), date(2024, 9, 30)),
    "2024-T4": (date(2024, 10, 1), date(2024, 12, 31)),
    "2025": (date(2025, 1, 1), date(2025, 12, 31)),
    "2025-T1": (date(2025, 1, 1), date(2025, 3, 31)),
    "2025-T2": (date(2025, 4, 1), date(2025, 6, 30)),
    "2025-T3": (date(2025, 7, 1), date(2025, 9, 30)),
    "2025-T4": (date(2025, 10, 1), date(2025, 12, 31)),
    "2026-T1": (date(2026, 1, 1), date(2026, 3, 31)),
    "2026-T2": (date(2026, 4, 1), date(2026, 6, 30)),
    "2026-T3": (date(2026, 7, 1), date(2026, 9, 30)),
}
BOTH, QUARTERS = ("T", "A"), ("T",)


def observations(centres: list[Centre], folder: Path, seed: int = 0) -> Path:
    """Folder with the common tables and the observations of the centres' deposits, rows in an order drawn by `seed`."""
    chance = random.Random(seed)
    deposits = [
        stage(
            folder / "extraits",
            one.code,
            one.periode,
            {table: chance.sample(rows, len(rows)) for table, rows in one.tables.items()},
            date_etat=one.date_etat,
            debut_historique=one.debut,
        )
        for one in chance.sample(centres, len(centres))
    ]
    period = Period(2026, 3)
    for name in ("commun", "observations"):
        (folder / name).mkdir()
    write_common(folder / "commun", period, centres_in_force(deposits, period), [])
    write_observations(folder / "observations", folder / "commun", period, definitions().values())
    return folder


@pytest.fixture(scope="module", params=[11, 12, 13])
def counted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Centre], list[Row]]:
    centres = draw_centres(request.param)
    folder = observations(centres, tmp_path_factory.mktemp(f"graine{request.param}"))
    return centres, read_rows(folder / "observations" / "observations.parquet")


def places(centres: list[Centre], period: str) -> Iterator[tuple[str, list[Centre]]]:
    """Each centre that covers the period, then the region made of them."""
    first, last = PERIODS[period]
    covering = [one for one in centres if one.debut <= first and last <= one.date_etat]
    for one in covering:
        yield one.code, [one]
    yield "RLF", covering


def within(day: date | None, period: str) -> bool:
    first, last = PERIODS[period]
    return day is not None and first <= day <= last


def opened(place: list[Centre], period: str) -> list[tuple[Centre, Row]]:
    return [(one, row) for one in place for row in one.tables["dossier"] if within(row["date_ouverture"], period)]


def rows_of(place: list[Centre], table: str) -> list[tuple[Centre, Row]]:
    return [(one, row) for one in place for row in one.tables.get(table, [])]


def count_i01(place: list[Centre], period: str) -> tuple[Any, Any]:
    return len(opened(place, period)), None


def persons_met(place: list[Centre], period: str) -> dict[str, set[str]]:
    """Person → centres where something happened to the person in the period."""
    found: dict[str, set[str]] = {}
    for one in place:
        days: list[tuple[str, date | None]] = []
        days += [(row["dossier_id"], row["date"]) for row in one.tables.get("etape_accueil", [])]
        days += [(row["dossier_id"], row["date_signature"]) for row in one.tables.get("convention", [])]
        days += [(row["dossier_id"], row["date_delivrance"]) for row in one.tables.get("attestation", [])]
        for row in one.tables.get("inscription", []):
            if row["statut"] != "ANNULE":
                days.append((row["dossier_id"], row["date_orientation"]))
            if row["statut"] in ("EN_COURS", "TERMINE", "ABANDON"):
                days.append((row["dossier_id"], row["date_debut"]))
            if row["statut"] in ("TERMINE", "ABANDON"):
                days.append((row["dossier_id"], row["date_fin"]))
        for dossier, day in days:
            if within(day, period):
                found.setdefault(one.persons[dossier], set()).add(one.code)
    return found


def count_i02(place: list[Centre], period: str) -> tuple[Any, Any]:
    return len(persons_met(place, period)), None


def count_i03(place: list[Centre], period: str) -> tuple[Any, Any]:
    last = PERIODS[period][1]
    dossiers = [row for _, row in rows_of(place, "dossier") if row["date_ouverture"] <= last]
    return sum(row["date_cloture"] is None or row["date_cloture"] > last for row in dossiers), None


def count_i04(place: list[Centre], period: str) -> tuple[Any, Any]:
    known = [row["statut_public"] for _, row in opened(place, period) if row["statut_public"] != "A_DETERMINER"]
    return known.count("OBLIGE"), len(known)


def count_i08(place: list[Centre], period: str) -> tuple[Any, Any]:
    waits = []
    for one, row in rows_of(place, "dossier"):
        days = [
            step["date"]
            for step in one.tables.get("etape_accueil", [])
            if step["dossier_id"] == row["dossier_id"] and step["type_etape"] == "BILAN_SOCIAL"
        ]
        contact = row["date_premier_contact"]
        if days and within(min(days), period) and contact and contact <= min(days):
            waits.append((min(days) - contact).days)
    return (median(waits) if waits else None), len(waits)


def count_i10(place: list[Centre], period: str) -> tuple[Any, Any]:
    signed = [row for _, row in rows_of(place, "convention") if within(row["date_signature"], period)]
    return sum(row["avenant"] == 0 for row in signed), None


def count_i11(place: list[Centre], period: str) -> tuple[Any, Any]:
    over = under = 0
    for one, row in opened(place, period):
        if row["statut_public"] == "OBLIGE" and (one.date_etat - row["date_ouverture"]).days >= 183:
            signed = [
                (each["date_signature"] - row["date_ouverture"]).days
                for each in one.tables.get("convention", [])
                if each["dossier_id"] == row["dossier_id"] and each["avenant"] == 0
            ]
            under += 1
            over += any(days <= 183 for days in signed)
    return over, under


def attested(one: Centre, dossier_id: str) -> list[date]:
    return [
        row["date_delivrance"]
        for row in one.tables.get("attestation", [])
        if (row["dossier_id"], row["type"], row["remplace_attestation_id"])
        == (dossier_id, "FREQUENTATION_PARCOURS", None)
    ]


def is_first_to_attest(centre: Centre, person: str) -> bool:
    """No other centre has attested the person before, nor on the same day with a code that comes first."""
    days = [
        (day, one.code)
        for one in centre.region
        for dossier_id, whose in one.persons.items()
        if whose == person
        for day in attested(one, dossier_id)
    ]
    return min(days)[1] == centre.code


def count_i21(place: list[Centre], period: str) -> tuple[Any, Any]:
    found = 0
    for one, row in rows_of(place, "dossier"):
        if any(within(day, period) for day in attested(one, row["dossier_id"])):
            found += is_first_to_attest(one, one.persons[row["dossier_id"]])
    return found, None


def eighteen_months_after(day: date) -> date:
    year, month = (day.year + 1, day.month + 6) if day.month <= 6 else (day.year + 2, day.month - 6)
    following = date(year + (month == 12), month % 12 + 1, 1)
    return date(year, month, min(day.day, (following - timedelta(days=1)).day))


def count_i22(place: list[Centre], period: str) -> tuple[Any, Any]:
    over = under = 0
    for one, row in opened(place, period):
        gone = {each["dossier_id"] for each in one.tables.get("transfert", []) if each["sens"] == "SORTANT"}
        if row["statut_public"] != "OBLIGE" or row["date_ouverture"] >= date(2025, 1, 1):
            continue
        if row["dossier_id"] in gone or row["motif_cloture"] in ("DECES", "PERTE_SEJOUR", "DEMENAGEMENT_CRI"):
            continue
        prolonged = [
            each["date_echeance_prolongee"]
            for each in one.tables.get("convention", [])
            if each["dossier_id"] == row["dossier_id"] and each["date_echeance_prolongee"]
        ]
        deadline = max([eighteen_months_after(row["date_titre"] or row["date_ouverture"]), *prolonged])
        if deadline <= one.date_etat:
            under += 1
            over += any(day <= deadline for day in attested(one, row["dossier_id"]))
    return over, under


def ended(place: list[Centre], period: str) -> list[Row]:
    return [
        row
        for _, row in rows_of(place, "inscription")
        if row["statut"] in ("TERMINE", "ABANDON") and within(row["date_fin"], period)
    ]


def count_i24(place: list[Centre], period: str) -> tuple[Any, Any]:
    finished = [row["statut"] for row in ended(place, period)]
    return finished.count("ABANDON"), len(finished)


def count_i36(place: list[Centre], period: str) -> tuple[Any, Any]:
    waits = [
        (row["date_debut"] - row["date_orientation"]).days
        for _, row in rows_of(place, "inscription")
        if row["statut"] in ("EN_COURS", "TERMINE", "ABANDON") and within(row["date_debut"], period)
    ]
    return (median(waits) if waits else None), len(waits)


RECOUNTS: dict[str, tuple[Callable[[list[Centre], str], tuple[Any, Any]], tuple[str, ...]]] = {
    "I01": (count_i01, BOTH),
    "I02": (count_i02, BOTH),
    "I03": (count_i03, QUARTERS),
    "I04": (count_i04, BOTH),
    "I08": (count_i08, QUARTERS),
    "I10": (count_i10, BOTH),
    "I11": (count_i11, BOTH),
    "I21": (count_i21, BOTH),
    "I22": (count_i22, BOTH),
    "I24": (count_i24, BOTH),
    "I36": (count_i36, QUARTERS),
}


@pytest.mark.parametrize("code", RECOUNTS)
def test_every_total_is_that_of_a_plain_recount(counted: tuple[list[Centre], list[Row]], code: str) -> None:
    centres, rows = counted
    recount, kinds = RECOUNTS[code]
    measure, is_cohort = definitions()[code].mesure, definitions()[code].vue == "cohorte"
    expected: dict[tuple[str, str], tuple[Any, Any, Any]] = {}
    for period in PERIODS:
        if ("T" if "T" in period else "A") not in kinds:
            continue
        for place, members in places(centres, period):
            first, under = recount(members, period)
            if is_cohort and under == 0:
                continue
            share = round(100 * first / under, 6) if measure == "part" and under else None
            value = share if measure == "part" else first
            expected[period, place] = (value, None if measure == "mediane" else first, under)
    found = {
        (row["periode"], row["territoire"]): (row["valeur"], row["numerateur"], row["denominateur"])
        for row in rows
        if row["indicateur"] == code
        and row["dimension"] == "_T"
        and row["territoire_type"] in ("region", "centre")
        and row["couverture"] not in ("0/1", "0/8")
    }
    assert {key: values for key, values in found.items() if key[1] in (*CENTRES, "RLF")} == expected
    assert len(set(expected.values())) > 3


def test_a_centre_that_does_not_cover_a_period_has_no_figure(counted: tuple[list[Centre], list[Row]]) -> None:
    centres, rows = counted
    silent = [row for row in rows if row["couverture"] == "0/1"]
    assert {(row["valeur"], row["numerateur"], row["denominateur"]) for row in silent} == {(None, None, None)}
    named = {(row["periode"], row["territoire"]) for row in silent if row["indicateur"] == "I01"}
    covering = {(period, place) for period in PERIODS for place, _ in places(centres, period)}
    assert {one for one in named if one[1] in CENTRES} == {
        (period, code) for period in PERIODS for code in CENTRES if (period, code) not in covering
    }


def test_persons_of_the_region_are_the_sum_of_the_centres_less_the_double_counts(
    counted: tuple[list[Centre], list[Row]],
) -> None:
    centres, rows = counted
    doubles = {
        row["periode"]: (row["numerateur"], row["denominateur"])
        for row in rows
        if row["indicateur"] == "I54" and row["dimension"] == "_T"
    }
    for period in PERIODS:
        met = persons_met(dict(places(centres, period))["RLF"], period)
        presences = sum(len(where) for where in met.values())
        assert doubles[period] == (presences - len(met), presences)
    assert any(over for over, _ in doubles.values())


def test_categories_add_up_to_their_total(counted: tuple[list[Centre], list[Row]]) -> None:
    """Numerators and denominators of the categories sum to the total: « non renseigné » is never lost.

    Those who wait still (`attente`) are no part of the waits that are over.
    """
    _, rows = counted
    totals = {(row["indicateur"], row["periode"], row["territoire"]): row for row in rows if row["dimension"] == "_T"}
    sums: dict[tuple[str, str, str, str], list[float]] = {}
    for row in rows:
        if row["dimension"] not in ("_T", "attente"):
            key = (row["indicateur"], row["periode"], row["territoire"], row["dimension"])
            parts = sums.setdefault(key, [0, 0])
            parts[0] += row["numerateur"] or 0
            parts[1] += row["denominateur"] or 0
    assert {dimension for *_, dimension in sums} >= {"sexe", "groupe_age", "axe", "motif_abandon", "niveau_diplome"}
    for (code, period, place, dimension), (over, under) in sums.items():
        total = totals[code, period, place]
        assert over == (total["numerateur"] or 0), (code, period, place, dimension)
        if dimension not in definitions()[code].ventilations_du_total:
            assert under == (total["denominateur"] or 0), (code, period, place, dimension)


def test_places_add_up_to_the_region(counted: tuple[list[Centre], list[Row]]) -> None:
    _, rows = counted
    for code in ("I01", "I03", "I04", "I10", "I11", "I21", "I22", "I24"):
        for kind in ("centre", "commune") if code == "I01" else ("centre",):
            for period in {row["periode"] for row in rows if row["indicateur"] == code}:
                own = [one for one in rows if (one["indicateur"], one["periode"]) == (code, period)]
                per_type = {
                    name: [sum(one[column] or 0 for one in own if one["territoire_type"] == name and
                               one["dimension"] == "_T") for column in ("numerateur", "denominateur")]
                    for name in (kind, "region")
                }  # fmt: skip
                assert per_type[kind] == per_type["region"], (code, period, kind)


def test_order_of_deposits_and_rows_changes_no_byte(tmp_path: Path) -> None:
    centres = draw_centres(5, dossiers=25)
    seen = []
    for seed in (1, 2):
        (tmp_path / str(seed)).mkdir()
        folder = observations(centres, tmp_path / str(seed), seed)
        files = [*(folder / "commun").iterdir(), *(folder / "observations").iterdir()]
        seen.append({(path.parent.name, path.name): path.read_bytes() for path in files})
    assert seen[0] == seen[1]
    assert len(seen[0]) == 21 + 16 + 5, "the tables of the contract, those derived from them, the observations"

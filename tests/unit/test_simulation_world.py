"""What a centre notes beside its dossiers agrees with them: operators, sessions, flows, obligations, interpreting."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from intercentre.simulation import simulate
from intercentre.simulation.facts import Fact, months, quarter_end, row_on
from intercentre.simulation.lives import Enrolment
from intercentre.simulation.offer import Member, session_counts
from schemas.extracts import TABLES
from schemas.nomenclatures import read_rows
from schemas.period import Period
from tests.unit.simulated import CENTRES, canonical_rows

SINCE, UNTIL = "2022-10-01", "2026-09-30"
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("monde") / "s"
    simulate(folder, dossiers=1500, periode=Period(2026, 3), graine=77, habitudes="canonique")
    return folder


@pytest.fixture(scope="module")
def deposits(lives: Path) -> dict[str, dict[str, Rows]]:
    """Centre → table → its rows on 30 September 2026."""
    return {
        centre: {table: canonical_rows(lives / centre / "2026-T3", table) for table in TABLES} for centre in CENTRES
    }


def _days(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def test_a_fact_is_what_was_noted_up_to_the_day() -> None:
    """Planned in 2025, begun in March 2026, done in July."""
    begun, done = (date(2026, 3, 2), {"statut": "EN_COURS"}), (date(2026, 7, 9), {"statut": "REALISEE"})
    action = Fact("pli_action", date(2025, 1, 1), {"axe": "LANGUE", "statut": "PREVUE"}, (begun, done))  # type: ignore[arg-type]
    assert row_on(action, date(2026, 3, 1)) == {"axe": "LANGUE", "statut": "PREVUE"}
    assert row_on(action, date(2026, 3, 2)) == {"axe": "LANGUE", "statut": "EN_COURS"}
    assert row_on(action, date(2026, 12, 31)) == {"axe": "LANGUE", "statut": "REALISEE"}


def test_months_and_quarters_end_on_their_last_day() -> None:
    assert list(months(date(2024, 1, 1), date(2024, 3, 31))) == [
        ("2024-01", date(2024, 1, 31)),
        ("2024-02", date(2024, 2, 29)),
        ("2024-03", date(2024, 3, 31)),
    ]
    assert list(months(date(2024, 1, 1), date(2024, 1, 30))) == []
    assert [quarter_end(date(2025, month, 5)).isoformat() for month in (1, 6, 7, 12)] == [
        "2025-03-31",
        "2025-06-30",
        "2025-09-30",
        "2025-12-31",
    ]


def _member(rank: int, start: date, *, waits: date | None = None, issue: str = "TERMINE") -> Member:
    end = date(2026, 6, 12) if issue == "TERMINE" else None
    enrolment = Enrolment("FLE", "0999000097", True, waits or start, waits, start, end, 60, 120, issue, None, start)
    return Member(((1, 0), rank), enrolment, start)


def test_a_session_is_surveyed_each_quarter_until_it_ends() -> None:
    """One waits since February and starts in March, one starts in April, one never comes; four are of other centres."""
    members = [
        _member(0, date(2026, 3, 2), waits=date(2026, 2, 2)),
        _member(1, date(2026, 3, 2), issue="NON_PRESENTE"),
        _member(2, date(2026, 4, 1)),
    ]
    surveys = list(session_counts(members, 4, date(2026, 2, 10), date(2026, 6, 12)))
    assert [(str(day), row["inscrits"], row["en_attente"]) for day, row in surveys] == [
        ("2026-02-10", 0, 1),
        ("2026-03-31", 5, 0),
        ("2026-06-30", 6, 0),
    ]
    assert all(row["date_releve"] == day for day, row in surveys)


@pytest.mark.parametrize("centre", CENTRES)
def test_every_reference_names_a_row(deposits: dict[str, dict[str, Rows]], centre: str) -> None:
    tables, named = deposits[centre], 0
    for name, table in TABLES.items():
        for reference in table.contrat.references:
            there = {tuple(row[column] for column in reference.target) for row in tables[reference.table]}
            for row in tables[name]:
                key = tuple(row[column] for column in reference.columns)
                if all(key):
                    assert key in there
                    named += 1
    assert named > 500


@pytest.mark.parametrize("centre", CENTRES)
def test_operators_offer_what_people_are_enrolled_in(deposits: dict[str, dict[str, Rows]], centre: str) -> None:
    tables = deposits[centre]
    operators = {row["operateur_id"]: row for row in tables["operateur"]}
    assert len(operators) == len(tables["operateur"])
    for row in tables["inscription"]:
        operator = operators[row["operateur_id"]]
        assert row["axe"] in operator["axes"].split()
        assert operator["actif"] == "true"
        if row["date_debut"] and operator["agrement_debut"]:
            assert operator["agrement_debut"] <= row["date_debut"] <= operator["agrement_fin"]
    kinds = {row["type"] for row in operators.values()}
    assert "ILI_AGREEE" in kinds
    for row in operators.values():
        assert (row["type"] == "ILI_AGREEE") == (row["agrement_debut"] != "")


def test_enterprise_numbers_have_their_check_digits(deposits: dict[str, dict[str, Rows]]) -> None:
    """The register: 97 less the remainder of the first eight digits by 97; no number is in two centres."""
    numbers = [row["operateur_id"] for tables in deposits.values() for row in tables["operateur"]]
    assert len(set(numbers)) == len(numbers) > 150
    for number in numbers:
        assert (int(number[:8]) + int(number[8:])) % 97 == 0
        assert 1 <= int(number[8:]) <= 97


@pytest.mark.parametrize("centre", CENTRES)
def test_a_session_counts_those_who_are_in_it(deposits: dict[str, dict[str, Rows]], centre: str) -> None:
    tables = deposits[centre]
    inside, members = Counter[str](), defaultdict(list)
    for row in tables["inscription"]:
        if row["session_id"]:
            members[row["session_id"]].append(row)
            inside[row["session_id"]] += row["statut"] in ("EN_COURS", "TERMINE", "ABANDON")
    listed = Counter(row["date_entree_attente"] != "" for row in tables["inscription"] if row["statut"] == "ATTENTE")
    for session in tables["session_offre"]:
        assert inside[session["session_id"]] <= int(session["inscrits"]) <= int(session["places"])
        for row in members[session["session_id"]]:
            assert (row["operateur_id"], row["axe"]) == (session["operateur_id"], session["axe"])
            assert session["date_debut"] <= row["date_debut"] <= (row["date_fin"] or UNTIL)
            assert row["date_fin"] <= session["date_fin"]
            assert float(row["heures_prevues"]) <= float(session["heures_programmees"])
    assert any(int(session["inscrits"]) > inside[session["session_id"]] for session in tables["session_offre"])
    ahead = [session for session in tables["session_offre"] if session["date_debut"] > UNTIL]
    assert ahead
    assert all(session["inscrits"] == "0" for session in ahead)
    assert 0 < sum(int(session["en_attente"]) for session in ahead) <= listed[True]
    assert {row["session_id"] != "" for row in tables["inscription"] if row["axe"] in ("SOCIAL", "JURIDIQUE")} == {
        False
    }


def test_a_commune_s_enrolled_are_the_dossiers_that_came_through_it(deposits: dict[str, dict[str, Rows]]) -> None:
    for tables in deposits.values():
        opened = Counter(
            (row["commune_refnis"], row["date_ouverture"][:7])
            for row in tables["dossier"]
            if row["canal_entree"] == "COMMUNE" and row["date_ouverture"] >= SINCE
        )
        flows = {(row["commune_refnis"], row["mois"]): row for row in tables["flux_commune"]}
        assert {
            key: int(row["inscrits_au_centre"]) for key, row in flows.items() if row["inscrits_au_centre"] != "0"
        } == (opened)
        for row in flows.values():
            signalled, enrolled = int(row["signales_par_commune"]), int(row["inscrits_au_centre"])
            assert enrolled <= int(row["contactes"]) <= signalled
            assert int(row["sans_suite"]) + enrolled <= signalled


def test_each_commune_has_a_row_each_month_under_its_code_of_the_month(deposits: dict[str, dict[str, Rows]]) -> None:
    """48 months: 38 communes of CAI; for CRILUX 44 until November 2024 (26 months), then 43 (22 months)."""
    ressort = {(row["commune_refnis"], row["centre_code"]) for row in read_rows("ressort")}
    own = {
        centre: [row for row in deposits[centre]["flux_commune"] if (row["commune_refnis"], centre) in ressort]
        for centre in CENTRES
    }
    assert len(own["CAI"]) == 38 * 48
    assert len(own["CRILUX"]) == 44 * 26 + 43 * 22
    merged = [row for row in own["CRILUX"] if row["commune_refnis"] in ("82003", "82005", "82039")]
    assert all((row["commune_refnis"] == "82039") == (row["mois"] >= "2024-12") for row in merged)


def test_some_communes_signal_many_and_some_nobody(deposits: dict[str, dict[str, Rows]]) -> None:
    signalled, enrolled = Counter[str](), Counter[str]()
    for tables in deposits.values():
        for row in tables["flux_commune"]:
            signalled[row["commune_refnis"]] += int(row["signales_par_commune"])
            enrolled[row["commune_refnis"]] += int(row["inscrits_au_centre"])
    assert signalled.total() > 1.3 * enrolled.total() > 100
    assert 5 < sum(count == 0 for count in signalled.values()) < 200
    assert signalled["62063"] > 10  # Liège


def test_releases_and_extensions_are_those_of_the_dossiers(lives: Path, deposits: dict[str, dict[str, Rows]]) -> None:
    query = """
        SELECT centre, year(date) || '-T' || quarter(date), count(*) FROM read_parquet(?)
        WHERE evenement = 'PROLONGATION' AND date >= DATE '2022-10-01' GROUP BY ALL
    """
    with duckdb.connect() as connection:
        rows = connection.execute(query, [str(lives / "vies.parquet")]).fetchall()
    extended = {(centre, quarter): count for centre, quarter, count in rows}
    assert sum(extended.values()) > 20
    for centre, tables in deposits.items():
        counts = {(row["trimestre"], row["type"]): int(row["nombre"]) for row in tables["agg_obligation"]}
        assert len(counts) == 16 * 8
        released = Counter(
            f"{row['date_cloture'][:4]}-T{(int(row['date_cloture'][5:7]) + 2) // 3}"
            for row in tables["dossier"]
            if row["motif_cloture"] == "DISPENSE" and row["date_cloture"] >= SINCE
        )
        for quarter in {quarter for quarter, _ in counts}:
            dispensed = counts[quarter, "DISPENSE_MEDICALE"] + counts[quarter, "DISPENSE_AUTRE"]
            assert dispensed == released[quarter]
            assert counts[quarter, "PROLONGATION"] == extended.get((centre, quarter), 0)


def test_interpreting_covers_the_interpreted_steps(deposits: dict[str, dict[str, Rows]]) -> None:
    refused = 0
    for tables in deposits.values():
        steps = Counter(
            (row["date"][:7], row["langue_interpretee"])
            for row in tables["etape_accueil"]
            if row["interprete"] == "true" and row["date"] >= SINCE
        )
        given = Counter[tuple[str, str]]()
        for row in tables["interpretariat"]:
            given[row["mois"], row["langue"]] += int(row["honorees"])
            refused += int(row["demandes"]) - int(row["honorees"])
            assert int(row["honorees"]) <= int(row["demandes"])
            assert (float(row["heures"]) > 0) == (row["honorees"] != "0")
        assert sum(steps.values()) > 0
        assert all(given[key] >= count for key, count in steps.items())
    assert refused > 20


def test_offices_are_those_that_dossiers_name_and_two_that_changed(deposits: dict[str, dict[str, Rows]]) -> None:
    for tables in deposits.values():
        offices = {row["bureau_id"]: row for row in tables["bureau"]}
        assert [row["type"] for row in offices.values()].count("SIEGE") == 1
        assert sum(row["ouvert_au"] != "" for row in offices.values()) == 1
        for row in tables["dossier"]:
            if row["bureau_id"]:
                assert offices[row["bureau_id"]]["ouvert_du"] <= row["date_ouverture"]
                assert offices[row["bureau_id"]]["ouvert_au"] == ""


def test_the_other_missions_are_there_in_every_centre(deposits: dict[str, dict[str, Rows]]) -> None:
    for tables in deposits.values():
        assert {row["mission"] for row in tables["activite"]} == {"3", "4"}
        assert {row["plan_id"] for row in tables["pli_action"]} == {"PLI-2022", "PLI-2025"}
        assert any(row["objet"] == "CONVENTION_COMMUNE" for row in tables["partenariat"])
        assert all(row["commune_refnis"] for row in tables["partenariat"] if row["objet"] == "CONVENTION_COMMUNE")
        local = {row["operateur_id"] for row in tables["operateur"] if row["type"].startswith("ILI_")}
        assert {row["operateur_id"] for row in tables["accompagnement_ili"]} <= local
        assert sorted({row["annee"] for row in tables["ressources"]}) == ["2022", "2023", "2024", "2025", "2026"]
        assert all(0 < float(row["etp"]) <= 60 for row in tables["ressources"])
        assert len(tables["plateforme_reunion"]) > 20
        assert len(tables["formation_pro"]) > 5


OF_A_CENTRE = [name for name, table in TABLES.items() if "dossier_id" not in table.fields() and name != "stat_locale"]


@pytest.mark.parametrize("table", OF_A_CENTRE)
def test_the_lives_hold_every_row_that_a_centre_notes(
    lives: Path, deposits: dict[str, dict[str, Rows]], table: str
) -> None:
    """The last notes of each object, put one over the other, are the row of the last deposit."""
    query = "SELECT centre, objet_id, attributs, quantites FROM read_parquet(?) WHERE evenement = ? ORDER BY date"
    with duckdb.connect() as connection:
        events = connection.execute(query, [str(lives / "vies.parquet"), table.upper()]).fetchall()
    noted: defaultdict[tuple[str, str], dict[str, object]] = defaultdict(dict)
    for centre, number, texts, quantities in events:
        noted[centre, number] |= {**(texts or {}), **(quantities or {})}
    rows = [(centre, row) for centre in CENTRES for row in deposits[centre][table]]
    assert len(rows) == len(noted) > 0
    for centre, row in rows:
        number = "/".join(row[column] for column in TABLES[table].contrat.key)
        for column, cell in row.items():
            value = noted[centre, number].get(column)
            if cell == "":
                assert value is None
            else:
                assert str(value) == cell or Decimal(str(value)) == Decimal(cell)


def test_the_lives_know_the_place_of_each_enrolment(lives: Path, deposits: dict[str, dict[str, Rows]]) -> None:
    query = """
        SELECT centre, objet_id, max(attributs['operateur_id']), max(attributs['session_id']),
            max(quantites['heures_prevues'])
        FROM read_parquet(?) WHERE evenement IN ('ORIENTATION', 'DEBUT_FORMATION', 'NON_PRESENTATION') GROUP BY ALL
    """
    with duckdb.connect() as connection:
        rows = connection.execute(query, [str(lives / "vies.parquet")]).fetchall()
    told = {
        (centre, number): (operator, session or "", float(hours)) for centre, number, operator, session, hours in rows
    }
    written = {
        (centre, row["inscription_id"]): (row["operateur_id"], row["session_id"], float(row["heures_prevues"]))
        for centre in CENTRES
        for row in deposits[centre]["inscription"]
    }
    assert told == written


def test_the_lives_sum_to_the_hours_followed(lives: Path, deposits: dict[str, dict[str, Rows]]) -> None:
    """Courses that ended and courses under way, by centre."""
    query = """
        SELECT centre, sum(heures) FROM read_parquet(?)
        WHERE evenement IN ('FIN_FORMATION', 'ABANDON', 'RELEVE_HEURES') GROUP BY centre
    """
    with duckdb.connect() as connection:
        told = dict(connection.execute(query, [str(lives / "vies.parquet")]).fetchall())
    for centre in CENTRES:
        written = sum(float(row["heures_suivies"]) for row in deposits[centre]["inscription"])
        assert float(told[centre]) == written > 0

"""Harmonisation: which deposits speak, what the common tables hold, and that order changes nothing."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import select

from intercentre.core.engine import load_rows, open_engine
from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Journal
from intercentre.harmonisation import HarmonisationError, harmonise
from intercentre.harmonisation.calendar import covered_periods, periods_of_series, start_of_series
from intercentre.harmonisation.deposits import StagedDeposit, centres_in_force, official_deposits
from intercentre.harmonisation.harmonise import check_rows, write_common
from intercentre.harmonisation.reference import centre_by_commune, communes, regime_rows, territory
from schemas.extracts import TABLES
from schemas.period import Period
from tests.staged import Rows, read_rows, register, stage

T3 = Period(2026, 3)
DAY = date(2026, 7, 2)


def deposit(centre: str = "CAI", periode: str = "2026-T3", **facts: Any) -> StagedDeposit:
    period = Period.parse(periode)
    sequence, numero = facts.pop("sequence", 1), facts.pop("numero", 1)
    known = {"date_etat": period.fin, "debut_historique": None, "rank": (period.fin, sequence, numero)} | facts
    return StagedDeposit(centre, f"{centre}-{periode}-{numero}", period, dossier=Path("nowhere"), **known)


def common(folder: Path, deposits: list[StagedDeposit], periode: Period = T3) -> dict[str, list[dict[str, Any]]]:
    folder.mkdir()
    write_common(folder, periode, centres_in_force(deposits, periode), official_deposits(deposits, periode))
    return {path.stem: read_rows(path) for path in folder.glob("*.parquet")}


class TestDepositsInForce:
    def test_the_last_period_up_to_the_release_speaks(self) -> None:
        deposits = [deposit(periode="2026-T1"), deposit(periode="2026-T2"), deposit(periode="2026-T4")]
        found = {one.centre_code: one for one in centres_in_force(deposits, T3)}
        assert (found["CAI"].etat, str(found["CAI"].depot.periode)) == ("reportee", "2026-T2")
        assert (found["CRIC"].etat, found["CRIC"].depot) == ("manquante", None)
        assert len(found) == 8

    def test_a_later_sequence_replaces_whatever_the_order_of_arrival(self) -> None:
        first, second = deposit(sequence=1, numero=9), deposit(sequence=2, numero=3)
        for order in ([first, second], [second, first]):
            assert centres_in_force(order, T3, ["CAI"])[0].depot is second

    def test_a_correction_of_an_older_period_does_not_hide_the_newer_one(self) -> None:
        newer, correction = deposit(sequence=2, numero=1), deposit(periode="2026-T1", sequence=3, numero=2)
        assert centres_in_force([newer, correction], T3, ["CAI"])[0].depot is newer

    def test_a_yearly_deposit_counts_for_the_last_quarter_of_its_year(self) -> None:
        yearly = deposit(periode="2026")
        assert centres_in_force([yearly], T3, ["CAI"])[0].etat == "manquante"
        assert centres_in_force([yearly], Period(2026, 4), ["CAI"])[0].etat == "presente"

    def test_official_deposits_all_count_the_latest_last(self) -> None:
        old, new, future = (deposit("STATBEL", one) for one in ("2015-T1", "2026-T1", "2027-T1"))
        assert official_deposits([new, future, old, deposit()], T3) == [old, new]


class TestCalendar:
    def test_quarters_and_complete_years_in_order(self) -> None:
        found = periods_of_series(date(2025, 1, 1), T3)
        assert [str(one) for one in found] == [
            "2025", "2025-T1", "2025-T2", "2025-T3", "2025-T4", "2026-T1", "2026-T2", "2026-T3"
        ]  # fmt: skip

    def test_a_period_that_began_before_the_history_is_not_in_the_series(self) -> None:
        assert [str(one) for one in periods_of_series(date(2025, 11, 15), T3)] == ["2026-T1", "2026-T2", "2026-T3"]
        assert [str(one) for one in periods_of_series(date(2024, 10, 1), Period(2025, 4))][:3] == [
            "2024-T4", "2025", "2025-T1"
        ]  # fmt: skip

    def test_the_series_starts_with_the_earliest_history(self) -> None:
        centres = centres_in_force(
            [deposit(debut_historique=date(2025, 1, 1)), deposit("CRIC", debut_historique=date(2024, 1, 1))], T3
        )
        assert start_of_series(centres, T3) == date(2024, 1, 1)
        assert start_of_series(centres_in_force([deposit()], T3), T3) == date(2026, 7, 1)

    def test_a_centre_covers_a_period_from_its_first_day_to_its_last(self) -> None:
        centres = centres_in_force([deposit(periode="2026-T2", debut_historique=date(2026, 1, 2))], T3, ["CAI"])
        periods = [Period(2026, 1), Period(2026, 2), T3]
        assert covered_periods(centres, periods) == [(Period(2026, 2), "CAI")]


class TestReferences:
    def test_the_territory_follows_the_merger_of_bastogne(self) -> None:
        before, after = ({row[0] for row in territory(day)} for day in (date(2024, 12, 1), date(2024, 12, 2)))
        assert (len(before), len(after)) == (253, 252)
        assert before - after == {"82003", "82005"}
        assert after - before == {"82039"}

    def test_every_commune_of_the_region_has_its_centre(self) -> None:
        counts: dict[str, int] = {}
        for row in territory(date(2026, 9, 30)):
            counts[row[2]] = counts.get(row[2], 0) + 1
        assert counts == {
            "CAI": 38, "CERAIC": 26, "CIMB": 24, "CRIBW": 27, "CRIC": 19, "CRILUX": 43, "CRIPEL": 55, "CRVI": 20
        }  # fmt: skip
        assert "63023" not in centre_by_commune(date(2026, 9, 30))

    def test_codes_are_brought_to_the_reference_day(self) -> None:
        today = {row[0]: row for row in communes(date(2026, 9, 30))}
        in_2018 = {row[0]: row for row in communes(date(2018, 12, 31))}
        assert today["55022"][1:5] == ("58001", "58001", "58000", "50000")
        assert in_2018["55022"][1:5] == ("55022", "55022", "55000", "50000")
        assert today["82005"][1] == "82039"
        assert today["63023"][1:4] == ("63023", "99999", "99999")
        assert today["00000"][1:4] == ("00000", "00000", "00000")

    def test_a_delay_that_is_not_confirmed_is_unknown(self) -> None:
        delays = {row[0]: row[-1] for row in regime_rows()}
        assert delays == {"R1996": None, "R2014": None, "R2016": None, "R2018": 18, "R2025": None}

    def test_a_level_aimed_at_that_is_not_confirmed_is_unknown(self) -> None:
        levels = {row[0]: row[3] for row in regime_rows()}
        assert levels == {"R1996": None, "R2014": None, "R2016": None, "R2018": "A2", "R2025": None}


class TestCommonTables:
    def test_levels_of_french_follow_each_other_and_tables_of_a_deposit_are_known(self, tmp_path: Path) -> None:
        tables = common(tmp_path / "commun", [stage(tmp_path, "CAI", "2026-T3", {"flux_commune": []})])
        in_order = sorted(tables["niveau"], key=lambda row: row["rang"])
        assert [row["niveau"] for row in in_order] == ["NA", "A1.1", "A1", "A2", "B1", "B2", "C1", "C2"]
        assert [(row["centre_code"], row["table_nom"]) for row in tables["table_deposee"]] == [("CAI", "flux_commune")]

    def test_every_column_of_the_contract_is_there_after_the_origin(self, tmp_path: Path) -> None:
        tables = common(tmp_path / "commun", [stage(tmp_path, "CAI", "2026-T3", everything())])
        for name, contract in TABLES.items():
            columns = list(tables[name][0])
            assert columns[:3] == ["centre_code", "depot_id", "date_etat"]
            # a pseudonym has served when persons are joined, and goes no further
            kept = [column for column in contract.fields() if column != "personne_pseudo"]
            assert columns[3 : 3 + len(kept)] == kept
            assert "personne_pseudo" not in columns

    def test_rows_staged_before_a_column_was_in_the_contract_still_count(self, tmp_path: Path) -> None:
        deposit = stage(tmp_path, "CAI", "2026-T3", {"dossier": [{"dossier_id": "D1", "date_ouverture": DAY}]})
        staged, kept = deposit.dossier / "dossier.parquet", tmp_path / "avant.parquet"
        duckdb.execute(f"COPY (SELECT * EXCLUDE (personne_pseudo, mena) FROM '{staged}') TO '{kept}' (FORMAT parquet)")
        kept.replace(staged)
        (row,) = common(tmp_path / "commun", [deposit])["dossier"]
        assert (row["dossier_id"], row["sexe"], row["mena"]) == ("D1", "F", None)

    def test_a_commune_that_merged_is_named_as_it_is_now(self, tmp_path: Path) -> None:
        tables = common(tmp_path / "commun", [stage(tmp_path, "CAI", "2026-T3", everything())])
        placed = ("operateur", "session_offre", "flux_commune", "bureau", "partenariat", "plateforme_reunion")
        assert {name: [(row["commune_refnis"], row["commune"]) for row in tables[name]] for name in placed} == {
            name: [("82005", "82039")] for name in placed
        }
        assert tables["activite"][0]["commune"] is None

    def test_a_dossier_gets_its_place_age_and_groups(self, tmp_path: Path) -> None:
        rows = [
            {"dossier_id": "D1", "date_ouverture": DAY, "annee_naissance": 1990, "nationalite": "SYR"},
            {"dossier_id": "D2", "date_ouverture": DAY, "annee_naissance": 2001, "nationalite": "ITA"},
            {"dossier_id": "D3", "date_ouverture": DAY, "annee_naissance": None, "commune_refnis": "82005"},
        ]
        tables = common(tmp_path / "commun", [stage(tmp_path, "CAI", "2026-T3", {"dossier": rows})])
        first, second, third = tables["dossier"]
        assert (first["cle_dossier"], first["personne_id"]) == ("CAI:D1", "CAI#P-D1")
        assert (first["commune"], first["arrondissement"], first["province"]) == ("92094", "92000", "90000")
        assert (first["age"], first["groupe_age"], first["groupe_nationalite"]) == (36, "35-44", "HORS_UE27")
        assert (second["age"], second["groupe_age"], second["groupe_nationalite"]) == (25, "25-34", "UE27")
        assert (third["age"], third["groupe_age"], third["commune"]) == (None, "INC", "82039")

    @pytest.mark.parametrize(
        ("ouverture", "regime"),
        [("2014-12-31", "R1996"), ("2015-01-01", "R2014"), ("2016-05-18", "R2014"), ("2016-05-19", "R2016"),
         ("2018-12-16", "R2016"), ("2018-12-17", "R2018"), ("2024-12-31", "R2018"), ("2025-01-01", "R2025")],
    )  # fmt: skip
    def test_the_regime_of_a_dossier_comes_from_its_opening(self, tmp_path: Path, ouverture: str, regime: str) -> None:
        row = {
            "dossier_id": "D1", "date_ouverture": date.fromisoformat(ouverture), "regime_juridique": "R1996",
            "commune_refnis": "82003",
        }  # fmt: skip
        tables = common(tmp_path / "commun", [stage(tmp_path, "CRILUX", "2026-T3", {"dossier": [row]})])
        assert [(one["regime"], one["commune"]) for one in tables["dossier"]] == [(regime, "82039")]

    def test_every_row_of_an_extract_and_every_event_knows_its_deposit(self, tmp_path: Path) -> None:
        deposits = [stage(tmp_path, "CAI", "2026-T3", everything()), stage(tmp_path, "CRIC", "2026-T2", everything())]
        tables = common(tmp_path / "commun", deposits)
        of_centre = {one.centre_code: one.depot_id for one in deposits}
        for name in (*TABLES, "evenement"):
            assert {row["depot_id"] for row in tables[name]} <= set(of_centre.values()), name
            assert all(row["depot_id"] == of_centre[row["centre_code"]] for row in tables[name]), name
        assert {row["depot_id"] for row in tables["evenement"]} == set(of_centre.values())

    @pytest.mark.parametrize(
        ("age", "band"),
        [(17, "00-17"), (18, "18-24"), (24, "18-24"), (25, "25-34"), (34, "25-34"), (35, "35-44"), (44, "35-44"),
         (45, "45-54"), (54, "45-54"), (55, "55-64"), (64, "55-64"), (65, "65+"), (90, "65+")],
    )  # fmt: skip
    def test_bands_of_age_meet_without_gap(self, tmp_path: Path, age: int, band: str) -> None:
        row = {"dossier_id": "D1", "date_ouverture": DAY, "annee_naissance": 2026 - age}
        tables = common(tmp_path / "commun", [stage(tmp_path, "CAI", "2026-T3", {"dossier": [row]})])
        assert tables["dossier"][0]["groupe_age"] == band

    def test_tables_without_a_file_are_empty_and_typed(self, tmp_path: Path) -> None:
        tables = common(tmp_path / "commun", [stage(tmp_path, "CAI", "2026-T3", {})])
        assert {name for name in TABLES if tables[name]} == set()
        assert set(tables) == {
            *TABLES, "appariement_transfert", "constats_inter", "correction_appliquee", "couverture", "evenement",
            "niveau", "periode", "periode_couverte", "regime", "table_deposee", "territoire", "accord_definition",
            "completude", "conformite", "depot_recu", "presence",
        }  # fmt: skip

    def test_coverage_says_who_is_in_carried_over_or_missing(self, tmp_path: Path) -> None:
        deposits = [stage(tmp_path, "CAI", "2026-T3", {}), stage(tmp_path, "CRIC", "2026-T2", {})]
        rows = {row["centre_code"]: row for row in common(tmp_path / "commun", deposits)["couverture"]}
        assert {code: row["etat"] for code, row in rows.items() if row["etat"] != "manquante"} == {
            "CAI": "presente",
            "CRIC": "reportee",
        }
        assert (rows["CRIC"]["depot_id"], rows["CRIC"]["periode_depot"]) == (deposits[1].depot_id, "2026-T2")
        assert rows["CRVI"]["depot_id"] is None

    def test_paired_transfers_make_one_person(self, tmp_path: Path) -> None:
        tables = common(tmp_path / "commun", [stage(tmp_path, *one) for one in movers()])
        assert [(row["cle_sortant"], row["cle_entrant"], row["etat"]) for row in tables["appariement_transfert"]] == [
            ("CAI:D1", "CRIC:E1", "paire"),
            ("CAI:D2", None, "sortant_seul"),
        ]
        persons = {row["cle_dossier"]: row["personne_id"] for row in tables["dossier"]}
        assert persons == {"CAI:D1": "CAI#P-D1", "CAI:D2": "CAI#P-D2", "CRIC:E1": "CAI#P-D1", "CRIC:E2": "CRIC#P-E2"}
        known = {row["cle_dossier"]: row["dossiers_personne"] for row in tables["dossier"]}
        assert known == {"CAI:D1": 2, "CAI:D2": 1, "CRIC:E1": 2, "CRIC:E2": 1}

    def test_a_person_who_comes_back_has_two_dossiers(self, tmp_path: Path) -> None:
        rows = [
            {"dossier_id": one, "date_ouverture": DAY, "personne_ref": person}
            for one, person in (("D1", "P1"), ("D2", "P2"), ("D3", "P1"))
        ]
        tables = common(tmp_path / "commun", [stage(tmp_path, "CAI", "2026-T3", {"dossier": rows})])
        assert [row["dossiers_personne"] for row in tables["dossier"]] == [2, 1, 2]

    def test_refused_and_cancelled_moves_are_no_moves(self, tmp_path: Path) -> None:
        facts = {"dossier_id": "D1", "sens": "SORTANT", "centre_contrepartie": "CRIC", "date_demande": DAY}
        rows = [facts | {"statut": "REFUSE"}, facts | {"statut": "ANNULE"}, facts | {"centre_contrepartie": "CAI"}]
        dossier = [{"dossier_id": "D1", "date_ouverture": DAY}]
        tables = common(
            tmp_path / "commun", [stage(tmp_path, "CAI", "2026-T3", {"dossier": dossier, "transfert": rows})]
        )
        assert tables["appariement_transfert"] == []
        assert len(tables["transfert"]) == 3

    def test_official_statistics_do_not_bring_dossiers(self, tmp_path: Path) -> None:
        dossier = [{"dossier_id": "D1", "date_ouverture": DAY}]
        official = stage(tmp_path, "STATBEL", "2026-T1", {"dossier": dossier, "stat_locale": population()})
        tables = common(tmp_path / "commun", [stage(tmp_path, "CAI", "2026-T3", {}), official])
        assert tables["dossier"] == []
        assert [(row["centre_code"], row["commune"], row["annee"]) for row in tables["stat_locale"]] == [
            ("STATBEL", "82039", 2015)
        ]


@pytest.mark.parametrize(
    ("table", "read", "kept", "refused"),
    [("dossier", 2, 2, False), ("dossier", 2, 1, True), ("dossier", 2, 3, True), ("stat_locale", 2, 1, False),
     ("stat_locale", 2, 3, True)],
)  # fmt: skip
def test_a_table_that_loses_or_gains_rows_is_refused(table: str, read: int, kept: int, refused: bool) -> None:
    with open_engine() as engine:
        for schema, count in (("extrait", read), ("commun", kept)):
            engine.execute(f"CREATE SCHEMA {schema}")
            load_rows(engine, f"{schema}.{table}", {"ligne": "INTEGER"}, [(1,)] * count)
        if refused:
            with pytest.raises(HarmonisationError, match=f"Table {table} : {read} lignes préparées, {kept}"):
                check_rows(engine, table)
        else:
            check_rows(engine, table)


@pytest.mark.parametrize("one_core_each", [1_000_000_000, 0], ids=["whole", "apart by centre"])
def test_order_of_deposits_and_rows_changes_no_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, one_core_each: int
) -> None:
    monkeypatch.setattr("intercentre.core.engine.ONE_CORE_EACH", one_core_each)
    seen = []
    for seed in (1, 2, 3):
        order = random.Random(seed)
        deposits = []
        for centre, periode, tables in order.sample(movers(), 2):
            mixed = {name: order.sample(list(rows), len(rows)) for name, rows in tables.items()}
            deposits.append(stage(tmp_path / f"s{seed}", centre, periode, mixed))
        folder = tmp_path / f"commun{seed}"
        common(folder, deposits)
        seen.append({path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*.parquet"))})
    assert seen[0] == seen[1] == seen[2]
    assert (Path("dossier") / "CAI.parquet" in seen[0]) == (one_core_each == 0)


class TestHarmonise:
    def test_only_accepted_and_staged_deposits_count(self, hub: Hub) -> None:
        row = [{"dossier_id": "D1", "date_ouverture": DAY}]
        root = hub.home.root / "z1" / "extraits"
        register(hub, stage(root, "CAI", "2026-T3", {"dossier": row}), etat="accepte_avec_quarantaine")
        register(hub, stage(root, "CRIC", "2026-T3", {"dossier": row}), etat="refuse")
        register(hub, stage(root, "CIMB", "2026-T3", {"dossier": row}), prepare=False)
        folder = harmonise(hub, "2026-T3")
        assert folder == hub.home.common("2026-T3")
        assert [one["centre_code"] for one in read_rows(folder / "dossier.parquet")] == ["CAI"]

    def test_the_journal_holds_counts_and_names_only(self, hub: Hub) -> None:
        row = [{"dossier_id": "D1", "date_ouverture": DAY, "nationalite": "SYR"}]
        register(hub, stage(hub.home.root / "z1" / "extraits", "CAI", "2026-T3", {"dossier": row}))
        harmonise(hub, T3)
        with hub.registry.read() as session:
            lines = session.execute(select(Journal).where(Journal.action == "harmonisation_faite")).scalars().all()
        details = json.loads(lines[0].details)
        assert details["lignes"]["dossier"] == 1
        assert details["centres"] == {"manquante": 7, "presente": 1}
        assert "SYR" not in lines[0].details
        assert "D1" not in lines[0].details

    def test_again_gives_the_same_bytes(self, hub: Hub) -> None:
        register(hub, stage(hub.home.root / "z1" / "extraits", "CAI", "2026-T3", everything()))
        folder = harmonise(hub, T3)
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        assert {path.name: path.read_bytes() for path in harmonise(hub, T3).iterdir()} == before

    def test_without_any_deposit_there_is_nothing_to_do(self, make_hub: Callable[..., Hub]) -> None:
        hub = make_hub()
        with pytest.raises(HarmonisationError, match="Aucun dépôt accepté"):
            harmonise(hub, "2026-T3")
        assert not hub.home.common("2026-T3").exists()

    def test_a_failure_leaves_the_former_tables(self, hub: Hub) -> None:
        staged = stage(hub.home.root / "z1" / "extraits", "CAI", "2026-T3", everything())
        register(hub, staged)
        before = {path.name: path.read_bytes() for path in harmonise(hub, T3).iterdir()}
        (staged.dossier / "dossier.parquet").write_bytes(b"not a table")
        with pytest.raises(Exception, match=r"[Pp]arquet"):
            harmonise(hub, T3)
        assert {path.name: path.read_bytes() for path in hub.home.common(T3).iterdir()} == before
        assert [path.name for path in hub.home.common(T3).parent.iterdir()] == ["2026-T3"]


def population() -> Rows:
    facts = {"indicateur_local": "POPULATION_TOTALE", "periode": "2015", "date_source": date(2015, 1, 1)}
    return [{"commune_refnis": "82005", "valeur": 100} | facts]


# One row of each table of levels 2 and 3, in a commune that merged on 2 December 2024 where there is one.
_MISSIONS: Mapping[str, Rows] = {
    "operateur": [{"operateur_id": "0400000086", "commune_refnis": "82005", "axes": "FLE CITOYENNETE", "actif": True}],
    "session_offre": [{"session_id": "S1", "operateur_id": "0400000086", "commune_refnis": "82005", "places": 15}],
    "flux_commune": [{"commune_refnis": "82005", "mois": "2024-11", "signales_par_commune": 3}],
    "agg_obligation": [{"trimestre": "2026-T3", "type": "RAPPEL", "nombre": 14}],
    "bureau": [{"bureau_id": "B1", "commune_refnis": "82005"}],
    "partenariat": [{"partenariat_id": "PA1", "commune_refnis": "82005"}],
    "accompagnement_ili": [{"accompagnement_id": "AC1", "operateur_id": "0400000086", "heures": 2.5}],
    "pli_action": [{"plan_id": "PLI1", "action_id": "1", "territoire": "82003 82005"}],
    "plateforme_reunion": [{"reunion_id": "R1", "commune_refnis": "82005"}],
    "activite": [{"activite_id": "A1", "commune_refnis": None, "participants": 64}],
    "formation_pro": [{"formation_id": "F1", "formes": 12}],
    "interpretariat": [{"mois": "2026-07", "langue": "ara", "prestataire": "SETIS", "honorees": 10}],
    "ressources": [{"annee": 2025, "fonction": "FORMATION", "etp": 12.75}],
}


def everything() -> Mapping[str, Rows]:
    """One row of every table."""
    return {
        **_MISSIONS,
        "dossier": [{"dossier_id": "D1", "date_ouverture": DAY}],
        "etape_accueil": [{"dossier_id": "D1", "date": DAY}],
        "test_langue": [{"test_id": "T1", "dossier_id": "D1", "date": DAY}],
        "convention": [{"dossier_id": "D1", "date_signature": DAY}],
        "inscription": [{"dossier_id": "D1", "date_orientation": DAY}],
        "attestation": [{"dossier_id": "D1", "date_delivrance": DAY}],
        "transfert": [{"dossier_id": "D1", "sens": "SORTANT", "centre_contrepartie": "CRIC", "date_demande": DAY}],
        "stat_locale": population(),
    }


def movers() -> list[tuple[str, str, Mapping[str, Rows]]]:
    """Two centres: D1 moves from CAI to CRIC as E1; D2 leaves CAI and nobody says that it arrived."""
    leaving = {"sens": "SORTANT", "centre_contrepartie": "CRIC", "date_demande": DAY, "date_effet": date(2026, 9, 1)}
    arriving = leaving | {"sens": "ENTRANT", "centre_contrepartie": "CAI"}
    return [
        (
            "CAI",
            "2026-T3",
            {
                "dossier": [{"dossier_id": one, "date_ouverture": DAY} for one in ("D1", "D2")],
                "transfert": [
                    leaving | {"transfert_id": "X1", "dossier_id": "D1"},
                    leaving | {"transfert_id": "X2", "dossier_id": "D2"},
                ],
                "etape_accueil": [{"dossier_id": one, "date": DAY} for one in ("D1", "D2")],
            },
        ),
        (
            "CRIC",
            "2026-T3",
            {
                "dossier": [{"dossier_id": one, "date_ouverture": DAY, "sexe": "M"} for one in ("E1", "E2")],
                "transfert": [arriving | {"transfert_id": "X1", "dossier_id": "E1", "dossier_contrepartie": "D1"}],
                "stat_locale": population(),
            },
        ),
    ]

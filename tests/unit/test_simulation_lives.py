"""The lives are coherent: over periods, between centres, with the published and official figures."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import duckdb
import pytest

from intercentre.simulation import simulate
from intercentre.simulation.population import centre_weights
from schemas.extracts import TABLES
from schemas.nomenclatures import read_rows
from schemas.oracle import judge
from schemas.period import Period
from tests.unit.simulated import CENTRES, canonical_rows, table_file

PERIODS = ("2025-T4", "2026-T1", "2026-T2", "2026-T3")
ENDS = {"2025-T4": "2025-12-31", "2026-T1": "2026-03-31", "2026-T2": "2026-06-30", "2026-T3": "2026-09-30"}


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vies") / "s"
    simulate(folder, dossiers=1500, periode=Period(2026, 3), graine=42, periodes=4, habitudes="canonique")
    return folder


def _all(lives: Path, periode: str, table: str) -> list[dict[str, str]]:
    return [row | {"centre": centre} for centre in CENTRES for row in canonical_rows(lives / centre / periode, table)]


def test_every_row_keeps_the_contract(lives: Path) -> None:
    """The oracle of validation, row by row, over every table of every deposit."""
    judged = Counter[str]()
    for centre in CENTRES:
        for periode in PERIODS:
            for name, table in TABLES.items():
                for row in canonical_rows(lives / centre / periode, name):
                    judgement = judge(table, row, date.fromisoformat(ENDS[periode]))
                    assert judgement.findings == frozenset(), (name, judgement.findings)
                    judged[name] += 1
    assert set(judged) == set(TABLES)
    assert min(judged.values()) > 20


RARELY_NEW = ("operateur", "bureau", "pli_action", "ressources")


@pytest.mark.parametrize("table", [name for name in TABLES if name != "stat_locale"])
def test_what_was_there_stays_there(lives: Path, table: str) -> None:
    key = TABLES[table].contrat.key
    seen: set[tuple[str, ...]] = set()
    for periode in PERIODS:
        rows = _all(lives, periode, table)
        now = {(row["centre"], *(row[column] for column in key)) for row in rows}
        assert len(now) == len(rows) > 0
        assert seen <= now if table in RARELY_NEW else seen < now
        seen = now


IMMUTABLE = {
    "dossier": (
        "personne_ref",
        "date_ouverture",
        "regime_juridique",
        "annee_naissance",
        "nationalite",
        "commune_refnis",
    ),
    "etape_accueil": ("date", "modalite", "interprete"),
    "test_langue": ("dossier_id", "date", "niveau_global"),
    "convention": ("dossier_id", "date_signature", "date_echeance", "heures_fle_prescrites"),
    "inscription": ("dossier_id", "convention_id", "axe", "date_orientation", "heures_prevues"),
    "attestation": ("dossier_id", "type", "date_delivrance", "remplace_attestation_id"),
    "transfert": ("dossier_id", "sens", "centre_contrepartie", "date_demande"),
    "operateur": ("denomination", "type", "commune_refnis", "axes", "agrement_debut", "actif"),
    "session_offre": ("operateur_id", "axe", "date_debut", "date_fin", "heures_programmees", "places", "horaire"),
    "flux_commune": ("signales_par_commune", "contactes", "inscrits_au_centre", "sans_suite", "source"),
    "agg_obligation": ("nombre",),
    "bureau": ("commune_refnis", "type", "ouvert_du"),
    "partenariat": ("partenaire_type", "objet", "commune_refnis", "operateur_id", "date_debut"),
    "accompagnement_ili": ("operateur_id", "date", "type", "heures"),
    "pli_action": ("plan_debut", "plan_fin", "axe", "echeance", "territoire"),
    "plateforme_reunion": ("plateforme_id", "thematique", "date", "participants"),
    "activite": ("mission", "type", "date_debut", "date_fin", "participants", "participantes_f"),
    "formation_pro": ("type", "date_debut", "inscrits", "formes"),
    "interpretariat": ("demandes", "honorees", "heures"),
}
ONCE_KNOWN = {
    "dossier": ("date_cloture", "motif_cloture"),
    "convention": ("date_echeance_prolongee", "motif_prolongation"),
    "inscription": ("date_entree_attente", "date_debut", "date_fin", "motif_abandon", "session_id"),
    "attestation": ("transmise_commune",),
    "transfert": ("date_effet", "dossier_contrepartie"),
    "partenariat": ("date_fin",),
}


@pytest.mark.parametrize("table", list(IMMUTABLE))
def test_facts_do_not_change_and_are_only_added(lives: Path, table: str) -> None:
    key = TABLES[table].contrat.key
    former: dict[tuple[str, ...], dict[str, str]] = {}
    learned = 0
    for periode in PERIODS:
        now = {(row["centre"], *(row[column] for column in key)): row for row in _all(lives, periode, table)}
        for name, row in former.items():
            assert all(row[column] == now[name][column] for column in IMMUTABLE[table])
            for column in ONCE_KNOWN.get(table, ()):
                if column == "transmise_commune" and row[column] == "false":
                    continue
                assert row[column] in ("", now[name][column])
                learned += row[column] == "" and now[name][column] != ""
        former = now
    assert learned or table not in ONCE_KNOWN


# Terms and plans: what is known before its day.
AHEAD = {
    "convention": ("date_echeance", "date_echeance_prolongee"),
    "operateur": ("agrement_fin",),
    "session_offre": ("date_debut", "date_fin"),
    "pli_action": ("plan_fin", "echeance"),
}


def test_nothing_is_known_before_its_day(lives: Path) -> None:
    for periode in PERIODS:
        for table, contract in TABLES.items():
            days = [
                column
                for column, (kind, _) in contract.fields().items()
                if type(kind).__name__ == "Day" and column not in AHEAD.get(table, ())
            ]
            for row in _all(lives, periode, table):
                assert all(row[column] <= ENDS[periode] for column in days)


def test_hours_never_go_back_and_a_course_goes_on_only_forward(lives: Path) -> None:
    rank = {"ATTENTE": 0, "EN_COURS": 1, "TERMINE": 2, "ABANDON": 2, "NON_PRESENTE": 2, "ANNULE": 2}
    former: dict[tuple[str, str], dict[str, str]] = {}
    grown = 0
    for periode in PERIODS:
        now = {(row["centre"], row["inscription_id"]): row for row in _all(lives, periode, "inscription")}
        for name, row in former.items():
            before, after = float(row["heures_suivies"]), float(now[name]["heures_suivies"])
            assert before <= after
            assert rank[row["statut"]] <= rank[now[name]["statut"]]
            grown += before < after
        former = now
    assert grown > 50


STATES = {
    "convention": {"EN_COURS": 0, "SUSPENDUE": 0, "HONOREE": 1, "NON_HONOREE": 1, "TRANSFEREE": 1},
    "transfert": {"DEMANDE": 0, "ACCEPTE": 1, "REFUSE": 2, "ANNULE": 2, "EFFECTIF": 2},
    "pli_action": {"PREVUE": 0, "EN_COURS": 1, "REALISEE": 2, "ABANDONNEE": 2, "REPORTEE": 2},
}


@pytest.mark.parametrize("table", list(STATES))
def test_a_state_goes_on_only_forward(lives: Path, table: str) -> None:
    key = TABLES[table].contrat.key
    former: dict[tuple[str, ...], str] = {}
    moved = 0
    for periode in PERIODS:
        now = {(row["centre"], *(row[part] for part in key)): row["statut"] for row in _all(lives, periode, table)}
        for name, statut in former.items():
            assert STATES[table][statut] <= STATES[table][now[name]]
            moved += STATES[table][statut] < STATES[table][now[name]]
        former = now
    assert moved > 0


@pytest.mark.parametrize("centre", CENTRES)
def test_the_stock_is_the_former_one_with_what_opened_and_without_what_closed(lives: Path, centre: str) -> None:
    """Days of opening and closure are compared between the deposits, not within one."""
    former, last = None, ""
    for periode in PERIODS:
        rows = canonical_rows(lives / centre / periode, "dossier")
        stock = sum(row["date_cloture"] == "" for row in rows)
        if former is not None:
            opened = sum(row["date_ouverture"] > last for row in rows)
            closed = sum(row["date_cloture"] > last for row in rows)
            assert stock == former + opened - closed
        former, last = stock, ENDS[periode]


def test_a_transfer_has_two_sides_that_name_each_other(lives: Path) -> None:
    moves = _all(lives, "2026-T3", "transfert")
    closed = {
        (row["centre"], row["dossier_id"]): row["date_cloture"]
        for row in _all(lives, "2026-T3", "dossier")
        if row["motif_cloture"] == "DEMENAGEMENT_CRI"
    }
    entering = {
        (row["centre_contrepartie"], row["dossier_contrepartie"]): row for row in moves if row["sens"] == "ENTRANT"
    }
    paired = alone = 0
    for row in moves:
        if row["sens"] != "SORTANT" or row["statut"] != "EFFECTIF":
            continue
        assert closed[row["centre"], row["dossier_id"]] == row["date_effet"]
        other = entering.get((row["centre"], row["dossier_id"]))
        if other is None:
            alone += 1
            continue
        assert other["centre"] == row["centre_contrepartie"]
        assert row["dossier_contrepartie"] in ("", other["dossier_id"])
        gap = date.fromisoformat(other["date_effet"]) - date.fromisoformat(row["date_effet"])
        assert 0 <= gap.days <= 70
        paired += 1
    assert paired > 20
    assert 0 < alone < paired


def test_a_person_who_moves_is_one_life_with_two_local_codes(lives: Path) -> None:
    facts = {
        (row["centre"], row["dossier_id"]): (row["nationalite"], row["sexe"], row["langue_principale"])
        for row in _all(lives, "2026-T3", "dossier")
    }
    by_life = defaultdict(set)
    query = "SELECT personne_vie_id, centre, dossier_id FROM read_parquet(?) WHERE evenement = 'OUVERTURE'"
    with duckdb.connect() as connection:
        for life, centre, dossier in connection.execute(query, [str(lives / "vies.parquet")]).fetchall():
            by_life[life].add((centre, dossier))
    several = [episodes for episodes in by_life.values() if len(episodes) > 1]
    assert any(len({centre for centre, _ in episodes}) > 1 for episodes in several)
    assert any(len({centre for centre, _ in episodes}) == 1 for episodes in several)
    for episodes in several:
        assert len({facts[episode] for episode in episodes}) == 1


@pytest.mark.parametrize("periode", PERIODS)
def test_the_lives_give_the_same_counts_as_the_extracts(lives: Path, periode: str) -> None:
    """Openings, closures and attestations by centre, counted once from the events and once from the rows."""
    attested = "evenement = 'ATTESTATION' AND detail = 'FREQUENTATION_PARCOURS'"
    query = f"""
        SELECT centre, count(*) FILTER (evenement = 'OUVERTURE'), count(*) FILTER (evenement = 'CLOTURE'),
            count(DISTINCT CASE WHEN {attested} THEN dossier_id END)
        FROM read_parquet(?) WHERE date <= CAST(? AS DATE) GROUP BY centre
    """
    with duckdb.connect() as connection:
        rows = connection.execute(query, [str(lives / "vies.parquet"), ENDS[periode]]).fetchall()
    counted = {centre: tuple(numbers) for centre, *numbers in rows}
    for centre in CENTRES:
        dossiers = canonical_rows(lives / centre / periode, "dossier")
        proofs = canonical_rows(lives / centre / periode, "attestation")
        assert counted[centre] == (
            len(dossiers),
            sum(row["date_cloture"] != "" for row in dossiers),
            len({row["dossier_id"] for row in proofs if row["type"] == "FREQUENTATION_PARCOURS"}),
        )


def test_the_lives_tell_how_every_transfer_ended(lives: Path) -> None:
    """A transfer whose last event is the request is still awaited; the others are effective, refused or given up.

    The lives tell as well which sides know the number of the other centre's dossier.
    """
    ends = {
        "TRANSFERT_SORTANT": {"EFFECTIF"},
        "TRANSFERT_ENTRANT": {"EFFECTIF"},
        "REFUS_TRANSFERT": {"REFUSE"},
        "ANNULATION_TRANSFERT": {"ANNULE"},
        "DEMANDE_TRANSFERT": {"DEMANDE", "ACCEPTE"},
    }
    query = "SELECT centre, objet_id, evenement FROM read_parquet(?) WHERE evenement = ANY(?)"
    with duckdb.connect() as connection:
        told = connection.execute(query, [str(lives / "vies.parquet"), list(ends)]).fetchall()
        known = connection.execute(query, [str(lives / "vies.parquet"), ["CONTREPARTIE_CONNUE"]]).fetchall()
    last = {(centre, number): event for centre, number, event in told if event != "DEMANDE_TRANSFERT"}
    last = {(centre, number): "DEMANDE_TRANSFERT" for centre, number, _ in told} | last
    sides = _all(lives, "2026-T3", "transfert")
    shown = {(row["centre"], row["transfert_id"]): row["statut"] for row in sides}
    assert last.keys() == shown.keys()
    assert {last[key] for key in shown} >= ends.keys() - {"DEMANDE_TRANSFERT"}
    for key, state in shown.items():
        assert state in ends[last[key]]
    naming = {(row["centre"], row["transfert_id"]) for row in sides if row["dossier_contrepartie"]}
    assert {(centre, number) for centre, number, _ in known} == naming
    assert naming < shown.keys()


def test_an_attestation_issued_again_names_the_first(lives: Path) -> None:
    proofs = _all(lives, "2026-T3", "attestation")
    first = {(row["centre"], row["attestation_id"]): row for row in proofs}
    again = [row for row in proofs if row["remplace_attestation_id"]]
    assert again
    for row in again:
        replaced = first[row["centre"], row["remplace_attestation_id"]]
        assert (replaced["dossier_id"], replaced["type"]) == (row["dossier_id"], "FREQUENTATION_PARCOURS")
        assert replaced["date_delivrance"] < row["date_delivrance"]


def test_centres_weigh_as_the_foreign_residents_of_their_territories() -> None:
    """Foreign residents on 1 January 2015 of the five territories that are sure and of CRIC, summed by hand."""
    weights = centre_weights()
    known = {"CRIPEL": 85154, "CRIC": 52596, "CRIBW": 37304, "CAI": 23071, "CRILUX": 19702, "CRVI": 15159}
    assert {centre: weights[centre] for centre in known} == known
    assert sorted(weights) == CENTRES


def test_openings_follow_the_weights(lives: Path) -> None:
    opened = Counter(row["centre"] for row in _all(lives, "2026-T3", "dossier"))
    total = sum(centre_weights().values())
    for centre, weight in centre_weights().items():
        expected = 1500 * weight / total
        assert abs(opened[centre] - expected) < 4 * expected**0.5 + 5


def test_persons_are_as_published(lives: Path) -> None:
    """CAI 2021: 985 of 1,046 from outside the EU, 21 of unknown sex; SPW 2024: 1,132 of 3,498 attested are obliged."""
    dossiers = _all(lives, "2026-T3", "dossier")
    union = {row["code"] for row in read_rows("pays") if row["ue_plus"] == "O"} | {"BEL"}
    outside = sum(row["nationalite"] not in union for row in dossiers) / len(dossiers)
    assert outside == pytest.approx(985 / 1046, abs=0.025)
    assert 5 <= sum(row["sexe"] == "INC" for row in dossiers) <= 55
    status = {(row["centre"], row["dossier_id"]): row["statut_public"] for row in dossiers}
    attested = {
        (row["centre"], row["dossier_id"])
        for row in _all(lives, "2026-T3", "attestation")
        if row["type"] == "FREQUENTATION_PARCOURS"
    }
    obliged = sum(status[key] == "OBLIGE" for key in attested) / len(attested)
    assert obliged == pytest.approx(1132 / 3498, abs=0.07)
    assert all(row["statut_public"] != "OBLIGE" for row in dossiers if row["nationalite"] in union)


def test_small_cells_are_the_rule(lives: Path) -> None:
    cells = Counter((row["centre"], row["nationalite"]) for row in _all(lives, "2026-T3", "dossier"))
    assert sum(count < 5 for count in cells.values()) > len(cells) / 2


def test_a_commune_is_mostly_of_the_territory_and_valid_at_the_opening(lives: Path) -> None:
    ressort = {(row["commune_refnis"], row["centre_code"]) for row in read_rows("ressort")}
    dossiers = _all(lives, "2026-T3", "dossier")
    inside = sum((row["commune_refnis"], row["centre"]) in ressort for row in dossiers)
    assert 0.93 < inside / len(dossiers) < 1
    merged = [row for row in dossiers if row["commune_refnis"] in ("82003", "82005", "82039")]
    assert merged
    assert all((row["commune_refnis"] == "82039") == (row["date_ouverture"] >= "2024-12-02") for row in merged)


def test_local_statistics_are_the_official_figures(lives: Path) -> None:
    """2015: 23,071 foreigners in CAI's 38 communes; La Louvière under its code of the time: 66,511 + 13,864."""
    rows = canonical_rows(lives / "CAI" / "2026-T3", "stat_locale")
    foreigners = [row for row in rows if (row["indicateur_local"], row["periode"]) == ("POPULATION_ETRANGERE", "2015")]
    assert len(foreigners) == 38
    assert sum(int(row["valeur"]) for row in foreigners) == 23071
    ceraic = canonical_rows(lives / "CERAIC" / "2026-T3", "stat_locale")
    louviere = {
        row["indicateur_local"]: (row["valeur"], row["date_source"], row["source"], row["unite"])
        for row in ceraic
        if (row["commune_refnis"], row["periode"]) == ("55022", "2015")
    }
    same = ("2015-01-01", "STATBEL", "personnes")
    assert louviere == {
        "POPULATION_BELGE": ("66511", *same),
        "POPULATION_ETRANGERE": ("13864", *same),
        "POPULATION_TOTALE": ("80375", *same),
    }
    crilux = canonical_rows(lives / "CRILUX" / "2026-T3", "stat_locale")
    assert [row["valeur"] for row in crilux if (row["commune_refnis"], row["periode"]) == ("82039", "2025")] == [
        "20940"
    ]
    communes = {
        row["commune_refnis"]
        for centre in CENTRES
        for row in canonical_rows(lives / centre / "2026-T3", "stat_locale")
        if row["periode"] == "2025"
    }
    assert len(communes) == 252
    assert "63023" not in communes  # Eupen: German-speaking, nobody's territory


def test_the_lives_hold_nothing_after_the_last_day(lives: Path) -> None:
    with duckdb.connect() as connection:
        last = connection.execute("SELECT max(date) FROM read_parquet(?)", [str(lives / "vies.parquet")]).fetchall()
    assert last[0][0] <= date(2026, 9, 30)
    assert table_file(lives / "CAI" / "2026-T3", "dossier") is not None

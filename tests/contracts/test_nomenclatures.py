"""The dated code lists say what their sources say, and hold together on every day."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from schemas.deadlines import due_day
from schemas.period import Period
from schemas.regimes import parameter_at
from schemas.thresholds import said

REPOSITORY = Path(__file__).parents[2]
LISTS = REPOSITORY / "schemas" / "nomenclatures"
REFERENCE = REPOSITORY.parent / "shared" / "reference"

CODE_LISTS = (
    "calendrier_depot",
    "centre",
    "cecrl",
    "commune",
    "groupe_nationalite",
    "indicateur_local",
    "isced",
    "langue",
    "mot_d_unite",
    "mot_de_total",
    "mot_personnel",
    "motif",
    "pays",
    "regime",
    "seuil",
    "titre",
    "version_contrat",
)
KEYS = {
    **dict.fromkeys(CODE_LISTS, ("code",)),
    "correspondances": ("centre_code", "table", "colonne", "code_local", "valide_du"),
    "correspondances_simulation": ("centre_code", "table", "colonne", "code_local", "valide_du"),
    "enumerations": ("liste", "code"),
    "jour_ferie": ("date",),
    "ressort": ("commune_refnis", "valide_du"),
    "population_commune": ("annee", "code_nis", "nationalite"),
    "nationalite_poids": ("pays", "sexe", "groupe_age"),
}
DATED = (*CODE_LISTS, "enumerations", "ressort")

UE27 = [
    "AUT",
    "BEL",
    "BGR",
    "CYP",
    "CZE",
    "DEU",
    "DNK",
    "ESP",
    "EST",
    "FIN",
    "FRA",
    "GRC",
    "HRV",
    "HUN",
    "IRL",
    "ITA",
    "LTU",
    "LUX",
    "LVA",
    "MLT",
    "NLD",
    "POL",
    "PRT",
    "ROU",
    "SVK",
    "SVN",
    "SWE",
]
TITLES = {"A", "B", "C", "D", "E", "E+", "F", "F+", "EU", "EU+", "H", "I", "J", "K", "L", "M", "N", "AI", "ANX"}
AGES = ("00-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+")
CENTRES = {
    "CAI": 38,
    "CERAIC": 26,
    "CIMB": 24,
    "CRIBW": 27,
    "CRIC": 19,
    "CRILUX": 43,
    "CRIPEL": 55,
    "CRVI": 20,
}
GERMAN_SPEAKING = {"63001", "63012", "63013", "63023", "63040", "63048", "63061", "63067", "63087"}
MERGER = date(2024, 12, 2)
RECODED_2019 = {
    "52043": "55086",
    "52063": "55085",
    "54007": "57096",
    "54010": "57097",
    "55010": "51067",
    "55022": "58001",
    "55023": "51069",
    "55039": "51068",
    "56011": "58002",
    "56085": "58003",
    "56087": "58004",
}
POPULATION = {
    ("2009", "BEL"): 3150710,
    ("2009", "ETR"): 324961,
    ("2010", "BEL"): 3167221,
    ("2010", "ETR"): 331163,
    ("2011", "BEL"): 3186614,
    ("2011", "ETR"): 338926,
    ("2012", "BEL"): 3201705,
    ("2012", "ETR"): 344624,
    ("2013", "BEL"): 3217591,
    ("2013", "ETR"): 345469,
    ("2014", "BEL"): 3228983,
    ("2014", "ETR"): 347342,
    ("2015", "BEL"): 3237314,
    ("2015", "ETR"): 352430,
    ("2025", "TOTAL"): 3704990,
}


def read(name: str) -> list[dict[str, str]]:
    with (LISTS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def in_force(row: dict[str, str], day: date) -> bool:
    return row["valide_du"] <= day.isoformat() and (not row["valide_au"] or day.isoformat() <= row["valide_au"])


def by_code(name: str) -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in read(name)}


# ---------------------------------------------------------------- every list


def test_every_file_is_known_to_these_tests():
    assert {path.stem for path in LISTS.glob("*.csv")} == set(KEYS)


@pytest.mark.parametrize("name", KEYS)
def test_file_is_plain_utf8_with_line_feeds(name):
    raw = (LISTS / f"{name}.csv").read_bytes()
    raw.decode("utf-8")
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert raw.endswith(b"\n")


@pytest.mark.parametrize("name", KEYS)
def test_every_row_has_every_column_and_a_source(name):
    rows = read(name)
    assert rows or name == "correspondances", "the centres' own lists alone may be awaited"
    for row in rows:
        assert None not in row, row
        assert None not in row.values(), row
        assert row["source" if "source" in row else "motif"].strip(), row
        assert all(value == value.strip() for value in row.values()), row


@pytest.mark.parametrize("name", KEYS)
def test_keys_are_unique_and_sorted(name):
    keys = [tuple(row[column] for column in KEYS[name]) for row in read(name)]
    assert [key for key, times in Counter(keys).items() if times > 1] == []
    assert keys == sorted(keys)


@pytest.mark.parametrize("name", CODE_LISTS)
def test_code_lists_share_their_first_columns(name):
    with (LISTS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        header = next(csv.reader(stream, delimiter=";"))
    assert header[:6] == ["code", "libelle", "valide_du", "valide_au", "remplace_par", "source"]


@pytest.mark.parametrize("name", DATED)
def test_no_row_ends_before_it_starts(name):
    for row in read(name):
        start = date.fromisoformat(row["valide_du"])
        assert not row["valide_au"] or start <= date.fromisoformat(row["valide_au"]), row


@pytest.mark.parametrize("name", [*CODE_LISTS, "enumerations"])
def test_every_code_is_labelled_and_every_successor_exists_and_outlives_it(name):
    rows = read(name)
    known = {(row.get("liste"), row["code"]): row for row in rows}
    for row in rows:
        assert row["libelle"], row
        if row["remplace_par"]:
            assert row["valide_au"], row
            successor = known[row.get("liste"), row["remplace_par"]]
            assert not successor["valide_au"] or successor["valide_au"] > row["valide_au"]


@pytest.mark.parametrize("name", ["regime", "ressort"])
def test_status_is_confirmed_or_to_confirm(name):
    assert {row["statut"] for row in read(name)} == {"confirme", "a_confirmer"}


@pytest.mark.parametrize("name", KEYS)
def test_no_address_and_no_machine_path(name):
    text = (LISTS / f"{name}.csv").read_text(encoding="utf-8")
    assert "://" not in text
    assert re.search(r"(?m)(^|[;\s])/\w+/", text) is None


# ---------------------------------------------------------------- territory


def test_communes_are_the_261_of_today_and_13_ended():
    communes = [row for row in read("commune") if row["code"] not in {"00000", "99999"}]
    assert sum(not row["valide_au"] for row in communes) == 261
    ended = {row["code"]: (row["valide_au"], row["remplace_par"]) for row in communes if row["valide_au"]}
    assert ended == {
        **{old: ("2018-12-31", new) for old, new in RECODED_2019.items()},
        "82003": ("2024-12-01", "82039"),
        "82005": ("2024-12-01", "82039"),
    }
    assert by_code("commune")["82039"]["valide_du"] == "2024-12-02"
    assert {by_code("commune")[new]["valide_du"] for new in RECODED_2019.values()} == {"2019-01-01"}
    assert {row["code"] for row in communes if row["region_de_langue"] == "germanophone"} == GERMAN_SPEAKING
    assert {row["region_de_langue"] for row in communes} == {"germanophone", "francaise"}


def test_special_commune_codes_are_always_in_force():
    for code in ("00000", "99999"):
        row = by_code("commune")[code]
        assert (row["valide_au"], row["arrondissement_code"], row["region_de_langue"]) == ("", "", "")


def test_arrondissements_and_provinces_have_one_name_and_their_statbel_codes():
    communes = [row for row in read("commune") if row["province_code"]]
    today = [row for row in communes if not row["valide_au"]]
    assert Counter(row["arrondissement_code"] for row in today) == {
        "25000": 27,
        "51000": 11,
        "52000": 12,
        "53000": 13,
        "55000": 6,
        "56000": 11,
        "57000": 12,
        "58000": 4,
        "61000": 17,
        "62000": 24,
        "63000": 29,
        "64000": 14,
        "81000": 5,
        "82000": 7,
        "83000": 9,
        "84000": 12,
        "85000": 10,
        "91000": 15,
        "92000": 16,
        "93000": 7,
    }
    assert {(row["province_code"], row["province"]) for row in communes} == {
        ("20002", "Brabant wallon"),
        ("50000", "Hainaut"),
        ("60000", "Liège"),
        ("80000", "Luxembourg"),
        ("90000", "Namur"),
    }
    names = {(row["arrondissement_code"], row["arrondissement"]) for row in communes}
    assert len(names) == len({code for code, _ in names}) == 21  # Mouscron 54000 ended in 2018
    assert all(row["code"].startswith(row["arrondissement_code"][:2]) for row in communes)


def test_communes_of_today_lie_in_wallonia():
    for row in read("commune"):
        if row["province_code"] and not row["valide_au"]:
            assert 40_000 < int(row["x_lambert72"]) < 300_000, row
            assert 15_000 < int(row["y_lambert72"]) < 175_000, row
            assert 5 < float(row["superficie_km2"]) < 300, row
    area = sum(float(row["superficie_km2"] or 0) for row in read("commune"))
    assert area == pytest.approx(16_901, abs=15)


@pytest.mark.parametrize(
    ("day", "communes", "luxembourg"),
    [
        (date(2008, 1, 1), 253, 44),
        (date(2018, 12, 31), 253, 44),
        (date(2019, 1, 1), 253, 44),
        (date(2024, 12, 1), 253, 44),
        (date(2024, 12, 2), 252, 43),
        (date.today(), 252, 43),
    ],
)
def test_every_french_language_commune_has_exactly_one_centre(day, communes, luxembourg):
    covered = [row for row in read("ressort") if in_force(row, day)]
    expected = {row["code"] for row in read("commune") if row["region_de_langue"] == "francaise" and in_force(row, day)}
    assert len(expected) == communes
    assert len(covered) == communes
    assert {row["commune_refnis"] for row in covered} == expected
    assert Counter(row["centre_code"] for row in covered) == {**CENTRES, "CRILUX": luxembourg}


def test_territory_covers_every_day_since_the_centres_exist():
    """Between two boundaries nothing changes: looking at each boundary looks at every day."""
    rows = read("ressort")
    starts = {date.fromisoformat(row["valide_du"]) for row in rows}
    ends = {date.fromisoformat(row["valide_au"]) + timedelta(days=1) for row in rows if row["valide_au"]}
    assert min(starts) == date(1996, 7, 4)
    for day in starts | ends:
        covered = Counter(row["commune_refnis"] for row in rows if in_force(row, day))
        assert set(covered.values()) == {1}
        assert len(covered) == (252 if day >= MERGER else 253)


def test_centres_are_the_eight():
    assert set(by_code("centre")) == set(CENTRES)
    assert all(row["siege"] for row in read("centre"))


def test_only_hainaut_is_to_confirm_and_a_recoded_commune_keeps_its_centre():
    rows = {row["commune_refnis"]: row for row in read("ressort")}
    communes = by_code("commune")
    doubtful = {code for code, row in rows.items() if row["statut"] == "a_confirmer"}
    assert {communes[code]["province"] for code in doubtful} == {"Hainaut"}
    assert len([code for code in doubtful if not rows[code]["valide_au"]]) == 50
    for old, new in RECODED_2019.items():
        assert rows[old]["centre_code"] == rows[new]["centre_code"]
        assert rows[old]["statut"] == rows[new]["statut"]


@pytest.mark.parametrize(
    ("commune", "centre", "statut"),
    [
        ("25112", "CRIBW", "confirme"),
        ("92094", "CAI", "confirme"),
        ("82039", "CRILUX", "confirme"),
        ("62063", "CRIPEL", "confirme"),
        ("61031", "CRIPEL", "confirme"),
        ("64074", "CRIPEL", "confirme"),
        ("63079", "CRVI", "confirme"),
        ("52011", "CRIC", "confirme"),
        ("53053", "CIMB", "confirme"),
        ("58001", "CERAIC", "a_confirmer"),
        ("57096", "CERAIC", "a_confirmer"),
        ("57081", "CIMB", "a_confirmer"),
    ],
)
def test_well_known_communes_are_where_they_belong(commune, centre, statut):
    row = next(row for row in read("ressort") if row["commune_refnis"] == commune)
    assert (row["centre_code"], row["statut"]) == (centre, statut)


# ---------------------------------------------------------------- law and thresholds


def test_regimes_follow_each_other_without_gap_or_overlap():
    rows = sorted(read("regime"), key=lambda row: row["valide_du"])
    assert [(row["code"], row["valide_du"]) for row in rows] == [
        ("R1996", "1996-07-04"),
        ("R2014", "2015-01-01"),
        ("R2016", "2016-05-19"),
        ("R2018", "2018-12-17"),
        ("R2025", "2025-01-01"),
    ]
    for earlier, later in pairwise(rows):
        assert date.fromisoformat(earlier["valide_au"]) + timedelta(days=1) == date.fromisoformat(later["valide_du"])
    assert rows[-1]["valide_au"] == ""


@pytest.mark.parametrize(
    ("code", "statut", "fle", "citoyennete", "isp", "delai", "delai_fle", "delai_cit"),
    [
        ("R1996", "a_confirmer", "", "", "", "", "", ""),
        ("R2014", "a_confirmer", "", "", "", "", "", ""),
        ("R2016", "a_confirmer", "120", "20", "4", "18", "", ""),
        ("R2018", "confirme", "400", "60", "4", "18", "16", "4"),
        ("R2025", "a_confirmer", "400", "60", "4", "36", "16", "4"),
    ],
)
def test_regime_parameters(code, statut, fle, citoyennete, isp, delai, delai_fle, delai_cit):
    row = by_code("regime")[code]
    assert row["statut"] == statut
    assert (row["heures_fle_min"], row["heures_cit_min"], row["heures_isp_min"]) == (fle, citoyennete, isp)
    assert (row["delai_mois"], row["delai_fle_mois"], row["delai_cit_mois"]) == (delai, delai_fle, delai_cit)
    ages = (row["age_min"], row["age_max_excl"], row["anciennete_max_mois"])
    assert ages == (("", "", "") if code == "R1996" else ("18", "65", "36"))


def test_the_ages_of_2025_are_known_before_the_rest():
    """The only parameters of a regime to confirm that rules may use already."""
    assert {code: row["confirmes"] for code, row in by_code("regime").items() if row["confirmes"]} == {
        "R2025": "age_min age_max_excl"
    }
    assert parameter_at(date(2025, 1, 1), "age_min") == 18
    assert parameter_at(date(2025, 1, 1), "age_max_excl") == 65
    assert parameter_at(date(2025, 1, 1), "delai_mois") is None
    assert parameter_at(date(2018, 12, 16), "age_min") is None


def test_titles_that_oblige_nobody():
    assert {code for code, row in by_code("titre").items() if row["obligation"] == "N"} == {
        "AI", "ANX", "F", "F+", "E", "E+", "EU", "EU+",
    }  # fmt: skip
    assert {row["obligation"] for row in read("titre")} == {"O", "N"}


def test_a_message_says_a_threshold_as_a_person_does():
    assert said("ATTESTATION_HEURES_PART_MIN") == "80 %"
    assert said("SESSION_INSCRITS_ECART") == "10 %"
    assert said("HEURES_SUIVIES_PART_MAX") == "1,2"
    assert said("HEURES_SUIVIES_MAX") == "3 000"
    assert said("HEURES_SEMAINE_MAX") == "40"
    assert said("QUARANTAINE_PART_MAX") == "2 %"


def test_the_parameters_of_2025_say_that_they_are_to_confirm():
    assert "à confirmer" in by_code("regime")["R2025"]["source"]


def test_thresholds_are_proposals():
    assert {row["code"]: (row["valeur"], row["unite"]) for row in read("seuil")} == {
        "AGE_OUVERTURE_MAX": ("105", "ans"),
        "AGE_OUVERTURE_USUEL": ("16", "ans"),
        "ANOMALIE_COMMUNES_MIN": ("2", "communes"),
        "ANOMALIE_COMMUNES_TRIMESTRES": ("4", "trimestres"),
        "ANOMALIE_ECARTS": ("3", "rapport"),
        "ANOMALIE_TRANSFERTS_JOURS": ("60", "jours"),
        "ANOMALIE_TRANSFERTS_PART_MAX": ("0.20", "part"),
        "ANOMALIE_TRIMESTRES_MAX": ("8", "trimestres"),
        "ANOMALIE_TRIMESTRES_MIN": ("4", "trimestres"),
        "ATTESTATION_HEURES_PART_MIN": ("0.80", "part"),
        "CLOTURE_APRES_ATTESTATION_JOURS": ("90", "jours"),
        "DISPARUS_PART_MAX": ("0.02", "part"),
        "DOSSIERS_OUVERTS_JOURS": ("60", "jours"),
        "ECHEANCE_ECART_JOURS": ("31", "jours"),
        "ETP_FONCTION_MAX": ("60", "etp"),
        "EVENEMENT_APRES_CLOTURE_JOURS": ("7", "jours"),
        "FLUX_COMMUNE_ECART": ("0.15", "part"),
        "HEURES_SEMAINE_MAX": ("40", "heures"),
        "HEURES_SUIVIES_MAX": ("3000", "heures"),
        "HEURES_SUIVIES_PART_MAX": ("1.2", "rapport"),
        "MENA_AGE_MAX": ("18", "ans"),
        "MENA_AGE_MIN": ("16", "ans"),
        "QUARANTAINE_LIGNES_MIN": ("3", "lignes"),
        "QUARANTAINE_PART_MAX": ("0.02", "part"),
        "SECRET_COMMUNE_CROISEE": ("10", "personnes"),
        "SECRET_EFFECTIF_MIN": ("5", "personnes"),
        "SECRET_EFFECTIF_MIN_OUVERT": ("10", "personnes"),
        "SESSION_INSCRITS_ECART": ("0.10", "part"),
        "TAUX_DENOMINATEUR_MIN": ("20", "personnes"),
        "TRANSFERT_ECART_JOURS": ("45", "jours"),
    }
    assert {row["statut"] for row in read("seuil")} == {"propose"}


# ---------------------------------------------------------------- persons


def test_countries_are_the_249_of_iso_and_four_extras():
    rows = read("pays")
    extras = {row["code"] for row in rows if row["code"].startswith("X")}
    assert extras == {"XXA", "XXB", "XXX", "XKX"}
    assert len(rows) == 249 + 4
    iso = [row for row in rows if row["code"] not in extras]
    assert len({row["alpha2"] for row in iso}) == 249
    assert all(len(row["code"]) == 3 and len(row["alpha2"]) == 2 for row in iso)
    assert len({row["libelle"] for row in rows}) == 253


def test_groups_of_nationality_follow_statbel():
    groups = {row["code"]: row["groupe"] for row in read("pays")}
    assert set(groups.values()) == set(by_code("groupe_nationalite"))
    members = {name: {code for code, group in groups.items() if group == name} for name in set(groups.values())}
    assert members["BEL"] == {"BEL"}
    assert members["VOISINS"] == {"DEU", "FRA", "LUX", "NLD", "GBR"}
    assert members["UE27"] == set(UE27) - {"BEL", "DEU", "FRA", "LUX", "NLD"}
    assert members["INCONNU"] == {"XXX"}


def test_ue_plus_is_the_union_the_eea_and_switzerland_without_belgium():
    assert len(UE27) == len(set(UE27)) == 27
    plus = {row["code"] for row in read("pays") if row["ue_plus"] == "O"}
    assert plus == set(UE27) - {"BEL"} | {"ISL", "LIE", "NOR", "CHE"}
    assert {row["ue_plus"] for row in read("pays")} == {"O", "N"}


@pytest.mark.parametrize(
    ("code", "alpha2", "name"),
    [
        ("DEU", "DE", "Allemagne"),
        ("GBR", "GB", "Royaume-Uni"),
        ("GRC", "GR", "Grèce"),
        ("COD", "CD", "Congo (République démocratique)"),
        ("MMR", "MM", "Myanmar"),
        ("YEM", "YE", "Yémen"),
        ("TLS", "TL", "Timor oriental"),
        ("CIV", "CI", "Côte d'Ivoire"),
        ("SYR", "SY", "Syrie"),
    ],
)
def test_country_names_are_french(code, alpha2, name):
    row = by_code("pays")[code]
    assert (row["alpha2"], row["libelle"]) == (alpha2, name)


def test_titles_and_their_former_letters():
    titles = by_code("titre")
    assert set(titles) == TITLES
    former = {code: (row["valide_au"], row["remplace_par"]) for code, row in titles.items() if row["valide_au"]}
    assert former == {
        "C": ("2021-10-10", "K"),
        "D": ("2021-10-10", "L"),
        "E": ("2021-10-10", "EU"),
        "E+": ("2021-10-10", "EU+"),
    }


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("motif", "FAM ETU TRA PI_REF PI_SUB PT HUM AUT INC"),
        ("isced", "0 1 2 3 4 5 6 7 8 9"),
        ("groupe_nationalite", "BEL VOISINS UE27 HORS_UE27 INCONNU"),
        ("indicateur_local", "POPULATION_TOTALE POPULATION_BELGE POPULATION_ETRANGERE ETRANGERS_HORS_UE_PLUS_18_64"),
    ],
)
def test_short_lists_hold_their_codes(name, codes):
    assert set(by_code(name)) == set(codes.split())


def test_language_levels_have_a_rank():
    ranks = {row["code"]: int(row["rang"]) for row in read("cecrl")}
    assert ranks == {"NA": 0, "A1.1": 1, "A1": 2, "A2": 3, "B1": 4, "B2": 5, "C1": 6, "C2": 7}


def test_languages_are_iso_639_3_codes():
    codes = set(by_code("langue"))
    assert {"und", "mul", "fra", "ara", "tir", "ukr", "pus", "prs", "sfb"} <= codes
    assert all(len(code) == 3 and code.islower() for code in codes)
    assert 55 <= len(codes) <= 80


ENUMERATIONS = {
    "axe": "FLE ALPHA CITOYENNETE ISP SOCIAL JURIDIQUE",
    "canal_entree": "COMMUNE CPAS ACCUEIL_FEDASIL_ILA FOREM OPERATEUR AUTRE_CRI PROCHE SPONTANE AUTRE INC",
    "equivalence": "NON_DEMANDEE EN_COURS ACCORDEE REFUSEE SANS_OBJET INC",
    "mena": "NON MENA ANCIEN_MENA",
    "methode_pseudo": "P0 P1 P2",
    "modalite": "INDIVIDUEL COLLECTIF DISTANCE",
    "motif_abandon": "EMPLOI GARDE_ENFANTS MOBILITE HORAIRE NIVEAU SANTE_AUTRE DEMENAGEMENT INC",
    "motif_cloture": "ATTESTE ABANDON DEMENAGEMENT_CRI DEMENAGEMENT_HORS_REGION DEPART_ETRANGER PERTE_SEJOUR DISPENSE"
    " DECES SANS_SUITE AUTRE",
    "motif_prolongation": "SANTE_FAMILLE_GENERIQUE LISTE_ATTENTE TRAVAIL FORMATION AUTRE",
    "nature_test": "POSITIONNEMENT VALIDATION SORTIE",
    "profil_test": "ALPHA FLE_BASE FLE",
    "sens_transfert": "SORTANT ENTRANT",
    "sexe": "F M X INC",
    "situation_pro": "SALARIE_MI_TEMPS_PLUS SALARIE_MOINS_MI_TEMPS INDEPENDANT DEMANDEUR_EMPLOI ETUDIANT CPAS_RIS"
    " AU_FOYER INCAPACITE AUTRE INC",
    "source_stat": "STATBEL IWEPS FOREM CPAS_SPP COMMUNE CENTRE",
    "statut_convention": "EN_COURS HONOREE NON_HONOREE SUSPENDUE TRANSFEREE",
    "statut_inscription": "ATTENTE EN_COURS TERMINE ABANDON NON_PRESENTE ANNULE",
    "statut_public": "OBLIGE VOLONTAIRE_DISPENSE VOLONTAIRE_EXEMPTE VOLONTAIRE_AUTRE A_DETERMINER",
    "statut_transfert": "DEMANDE ACCEPTE REFUSE ANNULE EFFECTIF",
    "transmise_cpas": "OUI NON SANS_OBJET",
    "type_attestation": "FREQUENTATION_PARCOURS MODULE_ACCUEIL FLE CITOYENNETE ISP COMPETENCES_ACQUISES",
    "type_depot": "TRIMESTRIEL ANNUEL RECTIFICATIF PARTIEL",
    "axe_pli": "LANGUE CITOYENNETE EMPLOI LOGEMENT SANTE ENSEIGNEMENT JEUNESSE ANTIRACISME INTERCULTUREL"
    " ACCES_DROITS AUTRE",
    "fonction": "ACCUEIL_PARCOURS COORDINATION FORMATION STATISTIQUES DIRECTION_ADMIN AUTRE",
    "horaire": "JOUR SOIR WEEKEND MIXTE",
    "mission_activite": "3 4",
    "objet_partenariat": "ORIENTATION CONVENTION_COMMUNE PIIS_CPAS ISP_FOREM FLE CITOYENNETE AUTRE",
    "prestataire": "SETIS INTERNE BENEVOLE AUTRE",
    "public_activite": "PRIMO ETRANGERS TOUT_PUBLIC PROFESSIONNELS SCOLAIRE",
    "secteur": "ASSOCIATIF ACTION_SOCIALE ENSEIGNEMENT SANTE EMPLOI_FORMATION ADMINISTRATION LOGEMENT JEUNESSE"
    " JUSTICE_POLICE AUTRE",
    "source_flux": "LISTE_COMMUNE REGISTRE_NATIONAL ESTIMATION",
    "statut_action": "PREVUE EN_COURS REALISEE ABANDONNEE REPORTEE",
    "type_accompagnement": "MONTAGE SUIVI EVALUATION PEDAGOGIQUE ADMINISTRATIF",
    "type_activite": "SENSIBILISATION RENCONTRE EXPOSITION DEBAT PARTICIPATION_POLITIQUE PARTICIPATION_ECONOMIQUE"
    " PARTICIPATION_SOCIALE VISITE PUBLICATION AUTRE",
    "type_bureau": "SIEGE ANTENNE PERMANENCE",
    "type_formation": "CITOYENNETE_FORMATEURS INTERCULTUREL DROIT_ETRANGERS FLE_DIDACTIQUE DISCRIMINATIONS RADICALISME"
    " AUTRE",
    "type_obligation": "RAPPEL MISE_EN_DEMEURE TRANSMISSION_SANCTIONNATEUR AMENDE_NOTIFIEE RECOURS DISPENSE_MEDICALE"
    " DISPENSE_AUTRE PROLONGATION",
    "type_operateur": "ILI_AGREEE ILI_FACULTATIVE PROMOTION_SOCIALE CISP FOREM CPAS COMMUNE EDUC_PERMANENTE ENS_SUP"
    " AUTRE",
    "type_partenaire": "COMMUNE CPAS FOREM OPERATEUR ECOLE SANTE LOGEMENT JUSTICE AUTRE",
    "type_etape": "INFO_DROITS_DEVOIRS BILAN_SOCIAL TEST_POSITIONNEMENT AIDE_ADMINISTRATIVE",
}


def test_every_short_enumeration_is_present():
    assert {row["liste"] for row in read("enumerations")} == set(ENUMERATIONS)


@pytest.mark.parametrize("name", ENUMERATIONS)
def test_enumeration_holds_its_codes_in_order(name):
    rows = [row for row in read("enumerations") if row["liste"] == name]
    rows.sort(key=lambda row: int(row["ordre"]))
    assert [row["code"] for row in rows] == ENUMERATIONS[name].split()
    assert [int(row["ordre"]) for row in rows] == list(range(1, len(rows) + 1))
    assert len({row["libelle"] for row in rows}) == len(rows)


# ---------------------------------------------------------------- figures


def test_population_sums_are_statbels():
    sums: Counter[tuple[str, str]] = Counter()
    for row in read("population_commune"):
        sums[row["annee"], row["nationalite"]] += int(row["effectif"])
    assert sums == POPULATION
    assert sums["2015", "BEL"] + sums["2015", "ETR"] == 3_589_744


def test_population_of_some_communes():
    figures = {
        (row["annee"], row["code_nis"], row["nationalite"]): row["effectif"] for row in read("population_commune")
    }
    assert figures["2015", "62063", "BEL"] == "159058"
    assert figures["2015", "62063", "ETR"] == "36910"
    assert figures["2025", "62063", "TOTAL"] == "197323"
    assert figures["2025", "82039", "TOTAL"] == "20940"


def test_population_uses_the_communes_of_its_time():
    communes = [row for row in read("commune") if row["province_code"]]
    population = read("population_commune")
    for year in {row["annee"] for row in population}:
        counted = {row["code_nis"] for row in population if row["annee"] == year}
        existing = {row["code"] for row in communes if in_force(row, date(int(year), 1, 1))}
        assert counted == existing, year
        assert len(counted) == (261 if year == "2025" else 262)


def test_weights_of_citizenships_add_up_to_the_census():
    rows = read("nationalite_poids")
    assert sum(int(row["effectif"]) for row in rows) == 689_900
    assert sum(int(row["effectif"]) for row in rows if row["sexe"] == "F") == 338_889
    by_country: Counter[str] = Counter()
    for row in rows:
        by_country[row["pays"]] += int(row["effectif"])
    assert {code: by_country[code] for code in ("MAR", "FRA", "SYR", "COD", "GBR", "GRC", "XXA", "XXX")} == {
        "MAR": 58_265,
        "FRA": 77_198,
        "SYR": 2_577,
        "COD": 17_053,
        "GBR": 12_454,
        "GRC": 4_267,
        "XXA": 552,
        "XXX": 16_975,
    }
    assert "BEL" not in by_country
    assert set(by_country) <= set(by_code("pays"))
    assert {row["groupe_age"] for row in rows} == set(AGES)
    assert {row["sexe"] for row in rows} == {"F", "M"}
    assert all(int(row["effectif"]) > 0 for row in rows)


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the original files are not beside the repository")
def test_population_equals_the_original_file():
    original: Counter[tuple[str, str, str]] = Counter()
    with (REFERENCE / "population_wallonie_2009_2015.csv").open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream, delimiter=";"):
            original[row["annee"], row["code_nis"], row["nationalite"]] += int(row["effectif"])
    ours = {
        (row["annee"], row["code_nis"], row["nationalite"]): int(row["effectif"])
        for row in read("population_commune")
        if row["annee"] <= "2015"
    }
    assert ours == original


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the original files are not beside the repository")
def test_confirmed_territory_equals_the_original_file():
    with (REFERENCE / "communes.csv").open(encoding="utf-8-sig", newline="") as stream:
        original = {row["code_nis"]: row for row in csv.DictReader(stream, delimiter=";")}
    for row in read("ressort"):
        source = original[row["commune_refnis"]]
        source = original[source["code_successeur"]] if source["code_successeur"] else source
        assert (row["statut"] == "confirme") == (source["confiance_ressort"] == "haute"), row
        if source["centre"] != "A_CONFIRMER":
            assert row["centre_code"] == source["centre"], row


# ---------------------------------------------------------------- deadlines


@pytest.mark.parametrize(
    ("periode", "due"),
    [
        ("2026-T4", date(2027, 2, 1)),  # 30 January 2027 is a Saturday
        ("2027-T1", date(2027, 4, 30)),  # a Friday
        ("2027-T3", date(2027, 11, 2)),  # 30 October is a Saturday, Monday 1 November is a holiday
        ("2028-T1", date(2028, 5, 2)),  # 30 April is a Sunday, Monday 1 May is a holiday
    ],
)
def test_a_deposit_is_due_on_a_working_day(periode, due):
    assert due_day(Period.parse(periode)) == due


def test_no_period_before_the_calendar_has_a_deadline():
    assert due_day(Period(2026, 3)) is None
    assert due_day(Period(2026)) is None


def test_the_calendar_is_within_the_years_of_the_holidays():
    years = Counter(row["date"][:4] for row in read("jour_ferie"))
    assert set(years.values()) == {10}
    assert {row["echeance"][:4] for row in read("calendrier_depot")} <= set(years)
    assert {row["statut"] for row in read("calendrier_depot")} == {"propose"}


def test_movable_holidays_follow_easter():
    """Easter Sundays: 28 March 2027, 16 April 2028, 1 April 2029, 21 April 2030."""
    days = {row["date"] for row in read("jour_ferie")}
    assert {"2027-03-29", "2027-05-06", "2027-05-17"} <= days
    assert {"2028-04-17", "2028-05-25", "2028-06-05"} <= days
    assert {"2029-04-02", "2029-05-10", "2029-05-21"} <= days
    assert {"2030-04-22", "2030-05-30", "2030-06-10"} <= days

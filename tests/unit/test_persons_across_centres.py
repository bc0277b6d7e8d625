"""Persons of several centres: what joins them, what does not, and the bounds of what cannot be known, by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from intercentre.harmonisation.deposits import centres_in_force
from intercentre.harmonisation.harmonise import write_common
from intercentre.indicators.compute import write_observations
from schemas.indicators import definitions
from schemas.period import Period
from tests.staged import Rows, read_rows, stage

T3 = Period(2026, 3)
DAY, EVENT = date(2026, 7, 2), date(2026, 8, 3)
SAME, ANOTHER, OTHER_KEY = "h1.2026-a." + "0a" * 32, "h1.2026-a." + "0b" * 32, "h1.2026-b." + "0a" * 32

Centres = Mapping[str, Mapping[str, Rows]]


def dossier(name: str, **facts: Any) -> dict[str, Any]:
    return {"dossier_id": name, "date_ouverture": DAY} | facts


def met(*names: str, day: date = EVENT) -> list[dict[str, Any]]:
    return [{"dossier_id": name, "date": day} for name in names]


def side(sens: str, name: str, centre: str, named: str | None = None, day: date = EVENT) -> dict[str, Any]:
    return {
        "sens": sens, "dossier_id": name, "centre_contrepartie": centre, "dossier_contrepartie": named,
        "date_demande": day, "date_effet": day,
    }  # fmt: skip


def common(folder: Path, centres: Centres) -> Path:
    deposits = [stage(folder / "extraits", centre, "2026-T3", tables) for centre, tables in centres.items()]
    (folder / "commun").mkdir()
    write_common(folder / "commun", T3, centres_in_force(deposits, T3), [])
    return folder / "commun"


def persons(folder: Path, centres: Centres) -> dict[str, str]:
    rows = read_rows(common(folder, centres) / "dossier.parquet")
    return {row["cle_dossier"]: row["personne_id"] for row in rows}


def bounds(folder: Path, centres: Centres) -> tuple[int, ...]:
    """Sum of the centres, double counts found, region, lower bound, upper bound of 2026-T3."""
    shared = common(folder, centres)
    (folder / "observations").mkdir()
    write_observations(folder / "observations", shared, T3, [definitions()[code] for code in ("I02", "I54")])
    (row,) = read_rows(folder / "observations" / "personnes_bornes.parquet")
    columns = ("somme_centres", "doublons_trouves", "region", "borne_basse", "borne_haute")
    assert row["periode"] == "2026-T3"
    return tuple(row[column] for column in columns)


class TestPseudonyms:
    def test_equal_pseudonyms_are_one_person(self, tmp_path: Path) -> None:
        centres = {
            "CAI": {"dossier": [dossier("D1", personne_pseudo=SAME), dossier("D2")]},
            "CRIC": {"dossier": [dossier("E1", personne_pseudo=SAME), dossier("E2")]},
            "CIMB": {"dossier": [dossier("M1", personne_pseudo=SAME)]},
        }
        assert persons(tmp_path, centres) == {
            "CAI:D1": "CAI#P-D1", "CAI:D2": "CAI#P-D2", "CRIC:E1": "CAI#P-D1", "CRIC:E2": "CRIC#P-E2",
            "CIMB:M1": "CAI#P-D1",
        }  # fmt: skip

    def test_pseudonyms_of_two_keys_are_never_joined(self, tmp_path: Path) -> None:
        centres = {
            "CAI": {"dossier": [dossier("D1", personne_pseudo=SAME)]},
            "CRIC": {"dossier": [dossier("E1", personne_pseudo=OTHER_KEY)]},
        }
        assert persons(tmp_path, centres) == {"CAI:D1": "CAI#P-D1", "CRIC:E1": "CRIC#P-E1"}
        findings = read_rows(tmp_path / "commun" / "constats_inter.parquet")
        assert {(row["code"], row["centre"]) for row in findings} == {("V69", "CAI"), ("V69", "CRIC")}

    def test_a_pseudonym_and_a_transfer_make_one_chain(self, tmp_path: Path) -> None:
        centres = {
            "CAI": {"dossier": [dossier("D1")], "transfert": [side("SORTANT", "D1", "CRIC")]},
            "CRIC": {
                "dossier": [dossier("E1", personne_pseudo=SAME)],
                "transfert": [side("ENTRANT", "E1", "CAI", "D1")],
            },
            "CIMB": {"dossier": [dossier("M1", personne_pseudo=SAME)]},
        }
        assert set(persons(tmp_path, centres).values()) == {"CAI#P-D1"}

    def test_a_number_that_pseudonyms_deny_makes_no_pair_and_may_hide_one(self, tmp_path: Path) -> None:
        # each names the other's dossier, under two pseudonyms of one key: two persons, or one who is counted twice;
        # each side may hide a double count, and the largest centre has one person
        centres = {
            "CAI": {
                "dossier": [dossier("D1", personne_pseudo=SAME)],
                "etape_accueil": met("D1"),
                "transfert": [side("SORTANT", "D1", "CRIC", "E1")],
            },
            "CRIC": {
                "dossier": [dossier("E1", personne_pseudo=ANOTHER)],
                "etape_accueil": met("E1"),
                "transfert": [side("ENTRANT", "E1", "CAI", "D1")],
            },
        }
        assert bounds(tmp_path, centres) == (2, 0, 2, 1, 2)
        findings = read_rows(tmp_path / "commun" / "constats_inter.parquet")
        assert {(row["code"], row["centre"]) for row in findings} >= {("V64-C", "CAI"), ("V64-C", "CRIC")}

    def test_no_common_table_holds_a_pseudonym(self, tmp_path: Path) -> None:
        centres = {
            "CAI": {
                "dossier": [dossier("D1", personne_pseudo=SAME)],
                "transfert": [side("SORTANT", "D1", "CRIC")],
            },
            "CRIC": {
                "dossier": [dossier("E1", personne_pseudo=SAME, annee_naissance=None)],
                "transfert": [side("ENTRANT", "E1", "CAI")],
            },
        }
        paths = list(common(tmp_path, centres).glob("*.parquet"))
        assert [row["etat"] for row in read_rows(tmp_path / "commun" / "appariement_transfert.parquet")] == ["paire"]
        assert not [path for path in paths for row in read_rows(path) if SAME in map(str, row.values())]


class TestContradictions:
    def test_a_contradictory_pair_joins_only_where_each_names_the_other(self, tmp_path: Path) -> None:
        for number, (named, joined) in enumerate((("E1", True), (None, False))):
            centres = {
                "CAI": {"dossier": [dossier("D1")], "transfert": [side("SORTANT", "D1", "CRIC", named)]},
                "CRIC": {
                    "dossier": [dossier("E1")],
                    "transfert": [side("ENTRANT", "E1", "CAI", "D1", date(2026, 9, 30))],
                },
            }
            found = persons(tmp_path / str(number), centres)
            assert (found["CAI:D1"] == found["CRIC:E1"]) is joined


class TestBounds:
    def test_a_pair_leaves_nothing_open(self, tmp_path: Path) -> None:
        centres = {
            "CAI": {
                "dossier": [dossier("D1"), dossier("D2")],
                "etape_accueil": met("D1", "D2"),
                "transfert": [side("SORTANT", "D1", "CRIC")],
            },
            "CRIC": {
                "dossier": [dossier("E1")],
                "etape_accueil": met("E1"),
                "transfert": [side("ENTRANT", "E1", "CAI", "D1")],
            },
        }
        assert bounds(tmp_path, centres) == (3, 1, 2, 2, 2)

    def test_each_side_alone_may_be_a_double_count(self, tmp_path: Path) -> None:
        # D1 left for CRIC, E1 came from CAI, and they do not match (profile): two possible doubles, of four persons
        centres = {
            "CAI": {
                "dossier": [dossier("D1"), dossier("D2")],
                "etape_accueil": met("D1", "D2"),
                "transfert": [side("SORTANT", "D1", "CRIC")],
            },
            "CRIC": {
                "dossier": [dossier("E1", sexe="M"), dossier("E2")],
                "etape_accueil": met("E1", "E2"),
                "transfert": [side("ENTRANT", "E1", "CAI")],
            },
        }
        assert bounds(tmp_path, centres) == (4, 0, 4, 2, 4)

    def test_a_person_to_whom_nothing_happened_is_no_double_count(self, tmp_path: Path) -> None:
        centres = {
            "CAI": {
                "dossier": [dossier("D1"), dossier("D2")],
                "etape_accueil": met("D2"),
                "transfert": [side("SORTANT", "D1", "CRIC")],
            },
            "CRIC": {"dossier": [dossier("E1")], "etape_accueil": met("E1"), "transfert": []},
        }
        assert bounds(tmp_path, centres) == (2, 0, 2, 2, 2)

    def test_a_contradiction_needs_both_to_be_there(self, tmp_path: Path) -> None:
        # dates 58 days apart and one naming: one double at most, and only if both were met in the quarter
        for number, (day, low) in enumerate(((EVENT, 2), (date(2026, 6, 30), 2))):
            centres = {
                "CAI": {
                    "dossier": [dossier("D1"), dossier("D2")],
                    "etape_accueil": [*met("D1", day=day), *met("D2")],
                    "transfert": [side("SORTANT", "D1", "CRIC")],
                },
                "CRIC": {
                    "dossier": [dossier("E1")],
                    "etape_accueil": met("E1"),
                    "transfert": [side("ENTRANT", "E1", "CAI", "D1", date(2026, 9, 30))],
                },
            }
            region = 3 if day == EVENT else 2
            assert bounds(tmp_path / str(number), centres) == (region, 0, region, low, region)

    def test_a_move_without_a_transfer_leaves_its_trace(self, tmp_path: Path) -> None:
        # D1 left for another centre, E1 comes from one, and neither has a transfer
        centres = {
            "CAI": {
                "dossier": [dossier("D1", date_cloture=EVENT, motif_cloture="DEMENAGEMENT_CRI"), dossier("D2")],
                "etape_accueil": met("D1", "D2"),
            },
            "CRIC": {
                "dossier": [dossier("E1", canal_entree="AUTRE_CRI"), dossier("E2")],
                "etape_accueil": met("E1", "E2"),
            },
        }
        assert bounds(tmp_path, centres) == (4, 0, 4, 2, 4)

    def test_an_event_without_its_dossier_may_be_anybody(self, tmp_path: Path) -> None:
        centres = {
            "CAI": {"dossier": [dossier("D1")], "etape_accueil": met("D1", "D-quarantaine")},
            "CRIC": {"dossier": [dossier("E1")], "etape_accueil": met("E1")},
        }
        assert bounds(tmp_path, centres) == (3, 0, 3, 2, 3)

    def test_the_region_has_no_fewer_persons_than_its_largest_centre(self, tmp_path: Path) -> None:
        # three departures without an answer, but nobody else anywhere
        centres = {
            "CAI": {
                "dossier": [dossier(name) for name in ("D1", "D2", "D3")],
                "etape_accueil": met("D1", "D2", "D3"),
                "transfert": [side("SORTANT", name, "CRIC") for name in ("D1", "D2", "D3")],
            },
            "CRIC": {"transfert": []},
        }
        assert bounds(tmp_path, centres) == (3, 0, 3, 3, 3)

    def test_a_centre_where_the_person_is_known_already_holds_nobody_else(self, tmp_path: Path) -> None:
        # D1 and E1 are one by their pseudonym: the departure that CRIC did not answer leads to nobody new
        centres = {
            "CAI": {
                "dossier": [dossier("D1", personne_pseudo=SAME), dossier("D2")],
                "etape_accueil": met("D1", "D2"),
                "transfert": [side("SORTANT", "D1", "CRIC")],
            },
            "CRIC": {"dossier": [dossier("E1", personne_pseudo=SAME)], "etape_accueil": met("E1"), "transfert": []},
        }
        assert bounds(tmp_path, centres) == (3, 1, 2, 2, 2)

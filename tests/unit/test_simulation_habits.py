"""Each centre's way of exporting holds the same facts as the canonical one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from intercentre.simulation import simulate
from schemas.extracts import TABLES
from schemas.period import Period
from tests.unit.simulated import CENTRES, canonical_rows, declared_tables, grid, table_file

# What the table at the top of habits.py says, as a person reads it: encoding, delimiter, days, decimals, yes, no.
FORMS = {
    "CAI": ("utf-8", ",", "%Y-%m-%d", ".", "true", "false"),
    "CERAIC": ("cp1252", ";", "%d/%m/%Y", ",", "O", "N"),
    "CIMB": (None, "", "%Y-%m-%d", ".", "Oui", "Non"),
    "CRIBW": ("utf-8-sig", ";", "%Y-%m-%d", ",", "O", "N"),
    "CRIC": ("utf-8", ";", "%d/%m/%Y", ".", "1", "0"),
    "CRILUX": ("cp1252", ";", "%d/%m/%Y", ",", "Oui", "Non"),
    "CRIPEL": ("utf-8", ";", "%Y-%m-%d", ".", "Vrai", "Faux"),
    "CRVI": (None, "", "%Y-%m-%d", ".", "O", "N"),
}
HEADS = {"CRIC": "DATE_ECHEANCE", "CRILUX": "DATE_ÉCHÉANCE", "CRVI": "Date échéance"}


OWN_CODES = {"COMMUNE": "ENT-ADMIN", "CPAS": "ENT-CPAS", "FOREM": "ENT-FOREM", "SPONTANE": "ENT-SEUL"}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """(real habits, canonical): the same seed exported twice."""
    folder = tmp_path_factory.mktemp("habitudes")
    for name in ("reelles", "canonique"):
        simulate(folder / name, dossiers=240, periode=Period(2026, 3), graine=9, habitudes=name)  # type: ignore[arg-type]
    return folder / "reelles", folder / "canonique"


@pytest.mark.parametrize("centre", CENTRES)
def test_an_export_holds_the_facts_of_the_canonical_one(both: tuple[Path, Path], centre: str) -> None:
    real, canonical = (folder / centre / "2026-T3" for folder in both)
    encoding, delimiter, layout, decimal, yes, no = FORMS[centre]
    compared = 0
    for name in declared_tables(real):
        table = TABLES[name]
        path = table_file(real, name)
        expected = canonical_rows(canonical, name)
        if path is None:
            assert expected == []
            continue
        lines = grid(path, name, encoding=encoding or "", delimiter=delimiter)[1:]
        for line, row in zip(lines, expected, strict=True):
            for text, (column, (kind, _)) in zip(line, table.fields().items(), strict=True):
                value = row[column]
                if value and type(kind).__name__ == "Day":
                    value = datetime.strptime(value, "%Y-%m-%d").strftime(layout)
                elif value and type(kind).__name__ == "YesNo":
                    value = yes if value == "true" else no
                elif type(kind).__name__ == "Number":
                    value = value.replace(".", decimal)
                elif centre == "CRIPEL" and column == "canal_entree":
                    value = OWN_CODES.get(value, value)
                assert text == value, (name, column)
                compared += 1
    assert compared > 1000


@pytest.mark.parametrize("centre", CENTRES)
def test_headers_are_spelled_as_the_table_says(both: tuple[Path, Path], centre: str) -> None:
    path = table_file(both[0] / centre / "2026-T3", "convention")
    assert path is not None
    encoding, delimiter = FORMS[centre][:2]
    names = grid(path, "convention", encoding=encoding or "", delimiter=delimiter)[0]
    assert names[list(TABLES["convention"].fields()).index("date_echeance")] == HEADS.get(centre, "date_echeance")


FIRST = [
    "dossier",
    "etape_accueil",
    "test_langue",
    "convention",
    "inscription",
    "attestation",
    "transfert",
    "stat_locale",
]
SECOND = ["operateur", "session_offre", "flux_commune", "agg_obligation", "bureau", "interpretariat"]
THIRD = [
    "partenariat",
    "accompagnement_ili",
    "pli_action",
    "plateforme_reunion",
    "activite",
    "formation_pro",
    "ressources",
]
LEVELS = {"CRVI": 1, "CRIBW": 2, "CRILUX": 2, "CAI": 3, "CERAIC": 3, "CIMB": 3, "CRIC": 3, "CRIPEL": 3}


@pytest.mark.parametrize("centre", CENTRES)
def test_a_centre_deposits_the_tables_of_its_level_and_no_other(both: tuple[Path, Path], centre: str) -> None:
    real, canonical = (folder / centre / "2026-T3" for folder in both)
    expected = [FIRST, FIRST + SECOND, FIRST + SECOND + THIRD][LEVELS[centre] - 1]
    assert sorted(declared_tables(real)) == sorted(expected)
    assert sorted(declared_tables(canonical)) == sorted(FIRST + SECOND + THIRD)


def test_one_centre_exports_one_workbook_with_a_sheet_for_each_table(both: tuple[Path, Path]) -> None:
    deposit = both[0] / "CIMB" / "2026-T3"
    assert sorted(path.name for path in deposit.iterdir()) == ["extraits.xlsx", "manifeste.json"]
    assert {str(table_file(deposit, name)) for name in FIRST + SECOND + THIRD} == {str(deposit / "extraits.xlsx")}
    sheets = {name: grid(deposit / "extraits.xlsx", name)[0] for name in FIRST + SECOND + THIRD}
    assert sheets["agg_obligation"] == ["trimestre", "type", "nombre"]
    assert sheets["ressources"] == ["annee", "fonction", "etp"]


def test_marks_and_line_ends_are_those_of_the_tools(both: tuple[Path, Path]) -> None:
    def start(centre: str) -> bytes:
        path = table_file(both[0] / centre / "2026-T3", "dossier")
        assert path is not None
        return path.read_bytes()

    assert start("CRIBW").startswith(b"\xef\xbb\xbfdossier_id;")
    assert b"\r\n" in start("CERAIC")
    assert b"\r" not in start("CAI")
    assert start("CRIPEL").startswith(b'"dossier_id";"personne_ref";')
    assert start("CRILUX").splitlines()[0].decode("cp1252").count("É") > 3
    assert start("CIMB")[:2] == b"PK"

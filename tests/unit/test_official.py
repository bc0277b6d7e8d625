"""The official population file, in the layouts that Statbel has published."""

from __future__ import annotations

import csv
import hashlib
import json
import zipfile
from collections import Counter
from pathlib import Path

import pytest
import xlsxwriter

from intercentre.intake.official import Figures, count_persons, official_period, population_deposit
from intercentre.intake.official_deposit import write_official_deposit
from intercentre.intake.official_table import OfficialFileError, read_table
from schemas.exchanges.manifest import Manifest
from schemas.extracts import TABLES
from schemas.nomenclatures import nomenclature, read_rows
from schemas.period import Period

# Two communes of Wallonia (Namur, Eupen) and one of Flanders (Antwerp), by sex and nationality.
RECENT = """\
CD_REFNIS|TX_DESCR_NL|TX_DESCR_FR|CD_DSTR_REFNIS|CD_SEX|CD_NATLTY|TX_NATLTY_FR|CD_CIV_STS|CD_AGE|MS_POPULATION|CD_YEAR
92094|Namen|Namur|92000|F|BEL|Belges|1|20|100|2024
92094|Namen|Namur|92000|M|BEL|Belges|2|31|90|2024
92094|Namen|Namur|92000|F|ETR|non-Belges|1|44|20|2024
63023|Eupen|Eupen|63000|M|BEL|Belges|1|5|30|2024
63023|Eupen|Eupen|63000|M|ETR|non-Belges|1|6|4|2024
11002|Antwerpen|Anvers|11000|F|ETR|non-Belges|1|44|5000|2024
"""
EXPECTED_2024 = {
    (2024, "92094", "POPULATION_BELGE"): 190,
    (2024, "92094", "POPULATION_ETRANGERE"): 20,
    (2024, "92094", "POPULATION_TOTALE"): 210,
    (2024, "63023", "POPULATION_BELGE"): 30,
    (2024, "63023", "POPULATION_ETRANGERE"): 4,
    (2024, "63023", "POPULATION_TOTALE"): 34,
}
OLDER = (
    "CD_MUNTY_REFNIS|TX_MUNTY_DESCR_FR|CD_SEX|CD_NATLTY|CD_AGE|MS_POPULATION\n"
    "92094|Namur|F|BEL|20|100\n92094|Namur|M|BEL|31|90\n92094|Namur|F|ETR|44|20\n"
    "63023|Eupen|M|BEL|5|30\n63023|Eupen|M|ETR|6|4\n11002|Anvers|F|ETR|44|5000\n"
)


def _file(folder: Path, text: str, name: str = "TF_SOC_POP_STRUCT_2024.txt", encoding: str = "utf-8") -> Path:
    (folder / name).write_bytes(text.encode(encoding))
    return folder / name


def _zip(folder: Path, text: str, name: str = "TF_SOC_POP_STRUCT_2024.zip", entry: str = "pop.txt") -> Path:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(entry, text)
    return folder / name


def _persons(source: Path) -> Figures:
    return count_persons(read_table(source))


def test_recent_layout_with_its_year_in_a_column(tmp_path: Path) -> None:
    assert _persons(_file(tmp_path, RECENT, "pop.txt")) == EXPECTED_2024


def test_older_layout_with_its_year_in_the_name(tmp_path: Path) -> None:
    assert _persons(_file(tmp_path, OLDER)) == EXPECTED_2024


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = OLDER.replace("Namur", "Liège")
    assert _persons(_file(tmp_path, text, encoding=encoding)) == EXPECTED_2024


def test_semicolons_line_ends_and_quotes(tmp_path: Path) -> None:
    text = OLDER.replace("Namur", '"Na|mur"').replace("|", ";").replace("\n", "\r\n")
    assert _persons(_file(tmp_path, text)) == EXPECTED_2024


def test_archive_of_one_file_with_the_year_in_either_name(tmp_path: Path) -> None:
    assert _persons(_zip(tmp_path, OLDER)) == EXPECTED_2024
    assert _persons(_zip(tmp_path, OLDER, "pop.zip", "TF_SOC_POP_STRUCT_2024.txt")) == EXPECTED_2024
    assert _persons(_zip(tmp_path, "\ufeff" + RECENT, "pop.zip")) == EXPECTED_2024


@pytest.mark.parametrize("header", ["CD_REFNIS", "CD_MUNTY_REFNIS"])
def test_workbook_with_numbers_for_codes(tmp_path: Path, header: str) -> None:
    rows = [line.split("|") for line in RECENT.replace("CD_REFNIS|", f"{header}|", 1).splitlines()]
    with xlsxwriter.Workbook(str(tmp_path / "TF_SOC_POP_STRUCT_2024.xlsx")) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, [int(cell) if cell.isdigit() else cell for cell in row])
    assert _persons(tmp_path / "TF_SOC_POP_STRUCT_2024.xlsx") == EXPECTED_2024
    with zipfile.ZipFile(tmp_path / "pop.zip", "w") as archive:
        archive.write(tmp_path / "TF_SOC_POP_STRUCT_2024.xlsx", "TF_SOC_POP_STRUCT_2024.xlsx")
    assert _persons(tmp_path / "pop.zip") == EXPECTED_2024


def test_commas_between_columns(tmp_path: Path) -> None:
    assert _persons(_file(tmp_path, OLDER.replace("|", ","))) == EXPECTED_2024


def test_a_fault_is_named_by_its_line(tmp_path: Path) -> None:
    with pytest.raises(OfficialFileError, match="Ligne 4"):
        _persons(_file(tmp_path, OLDER.replace("|20\n", "|vingt\n")))


def test_several_years_in_one_file(tmp_path: Path) -> None:
    lines = RECENT.splitlines()
    text = "\n".join([*lines, *(line.replace("|2024", "|2023") for line in lines[1:])])
    figures = _persons(_file(tmp_path, text, "pop.txt"))
    assert figures == EXPECTED_2024 | {(2023, *key[1:]): value for key, value in EXPECTED_2024.items()}
    assert official_period(figures) == Period(2024, 1)


@pytest.mark.parametrize(
    ("text", "name", "reason"),
    [
        ("", "x_2024.txt", "vide"),
        ("a;b\n1;2\n", "x_2024.txt", "Colonnes attendues"),
        (OLDER, "population.txt", "année"),
        (OLDER, "population_2023_2024.txt", "année"),
        (OLDER.replace("|ETR|", "|XXX|"), "x_2024.txt", "nationalité"),
        (OLDER.replace("|100\n", "|cent\n"), "x_2024.txt", "nombre"),
        (OLDER.replace("|100\n", "|1_00\n"), "x_2024.txt", "nombre"),
        (OLDER.replace("|100\n", "|-100\n"), "x_2024.txt", "nombre"),
        (OLDER.replace("|100\n", "\n"), "x_2024.txt", "incomplète"),
        (RECENT.replace("|2024", "|1024"), "x.txt", "année"),
        ("\n".join(line for line in OLDER.splitlines() if not line.startswith(("92", "63"))), "x_2024.txt", "aucune"),
        (OLDER + "92094|" + "x" * 200_000 + "|F|BEL|1|1\n", "x_2024.txt", "lisible"),
    ],
)
def test_what_is_no_official_file_is_refused_without_repeating_it(
    tmp_path: Path, text: str, name: str, reason: str
) -> None:
    with pytest.raises(OfficialFileError, match=reason) as caught:
        _persons(_file(tmp_path, text, name))
    assert not any(value in str(caught.value) for value in ("XXX", "cent", "1_00", "-100", "1024"))


def test_damaged_or_crowded_archive_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "deux_2024.zip", "w") as archive:
        archive.writestr("a.txt", OLDER)
        archive.writestr("b.txt", OLDER)
    with pytest.raises(OfficialFileError, match="un seul fichier"):
        _persons(tmp_path / "deux_2024.zip")
    whole = bytearray(_zip(tmp_path, OLDER).read_bytes())
    whole[60] ^= 0xFF
    (tmp_path / "abime_2024.zip").write_bytes(whole)
    with pytest.raises(OfficialFileError, match="endommagée"):
        _persons(tmp_path / "abime_2024.zip")


def test_deposit_says_of_itself_what_it_holds(tmp_path: Path) -> None:
    write_official_deposit(population_deposit(Counter(EXPECTED_2024)), tmp_path / "depot", 4)
    manifest = Manifest.model_validate(json.loads((tmp_path / "depot" / "manifeste.json").read_text(encoding="utf-8")))
    content = (tmp_path / "depot" / "stat_locale.csv").read_bytes()
    (filled,) = [table for table in manifest.tables if table.fichier]
    assert (filled.nom, filled.lignes, filled.sha256) == ("stat_locale", 6, hashlib.sha256(content).hexdigest())
    assert (manifest.centre_code, manifest.periode, manifest.sequence) == ("STATBEL", Period(2024, 1), 4)
    assert {table.nom for table in manifest.tables if table.declaree_vide} == set(TABLES) - {"stat_locale"}
    rows = list(csv.DictReader(content.decode().splitlines(), delimiter=";"))
    assert {
        (int(row["periode"]), row["commune_refnis"], row["indicateur_local"]): int(row["valeur"]) for row in rows
    } == (EXPECTED_2024)
    assert {row["date_source"] for row in rows} == {"2024-01-01"}
    for row in rows:
        TABLES["stat_locale"].model_validate({name: value or None for name, value in row.items()})


def test_same_figures_give_the_same_bytes(tmp_path: Path) -> None:
    for name, figures in (("a", EXPECTED_2024), ("b", dict(reversed(EXPECTED_2024.items())))):
        write_official_deposit(population_deposit(Counter(figures)), tmp_path / name, 1)
    for file in ("stat_locale.csv", "manifeste.json"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


@pytest.mark.parametrize("annee", [2009, 2015])
def test_real_figures_of_a_year_in_statbels_layout(tmp_path: Path, annee: int) -> None:
    """The figures that the product ships, written again as Statbel does: communes, sums and the nine of the east."""
    shipped = [row for row in read_rows("population_commune") if row["annee"] == str(annee)]
    text = "CD_MUNTY_REFNIS|CD_NATLTY|MS_POPULATION\n" + "".join(
        f"{row['code_nis']}|{row['nationalite']}|{row['effectif']}\n" for row in shipped
    )
    figures = _persons(_file(tmp_path, text, f"TF_SOC_POP_STRUCT_{annee}.txt"))
    for commune in {row["code_nis"] for row in shipped}:
        by_nationality = {row["nationalite"]: int(row["effectif"]) for row in shipped if row["code_nis"] == commune}
        assert figures[annee, commune, "POPULATION_BELGE"] == by_nationality.get("BEL", 0)
        assert figures[annee, commune, "POPULATION_ETRANGERE"] == by_nationality.get("ETR", 0)
        assert figures[annee, commune, "POPULATION_TOTALE"] == sum(by_nationality.values())


REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "population_wallonie_2009_2015.csv"


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference figures by sex and age are not beside the project")
def test_figures_by_sex_and_age_add_up_to_the_published_totals(tmp_path: Path) -> None:
    with REFERENCE.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream, delimiter=";") if row["annee"] == "2015"]
    text = "\ufeffCD_REFNIS|CD_SEX|CD_NATLTY|CD_AGE|MS_POPULATION|CD_YEAR\n" + "".join(
        f"{row['code_nis']}|{row['sexe']}|{row['nationalite']}|{row['classe_age']}|{row['effectif']}|2015\n"
        for row in rows
    )
    figures = _persons(_zip(tmp_path, text, "pop.zip"))
    # Statbel, 1 January 2015: Wallonia, 352,430 foreigners of 3,589,744 inhabitants; Namur 110,632 inhabitants.
    foreigners = sum(value for (_, _, name), value in figures.items() if name == "POPULATION_ETRANGERE")
    inhabitants = sum(value for (_, _, name), value in figures.items() if name == "POPULATION_TOTALE")
    assert (foreigners, inhabitants) == (352_430, 3_589_744)
    east = {
        code
        for code, entry in nomenclature("commune").entries.items()
        if entry.facts["region_de_langue"] == "germanophone"
    }
    assert len(east & {code for _, code, _ in figures}) == 9
    assert len({code for _, code, _ in figures}) == 262

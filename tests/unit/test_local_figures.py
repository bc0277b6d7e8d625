"""A file of local figures, indicator × commune × period: what it becomes, and what is said of what does not fit."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot
from intercentre.harmonisation import harmonise
from intercentre.indicators import compute_indicators
from intercentre.intake import take_arrivals
from intercentre.intake.official import read_deposit
from intercentre.intake.official_deposit import OfficialDeposit
from intercentre.intake.official_table import OfficialFileError
from intercentre.staging import stage_deposit
from intercentre.validation import validate_deposit
from schemas.exchanges.verdict import Verdict
from schemas.period import Period
from tests.staged import read_rows, register, stage

HEADER = "code_indicateur;commune;periode;valeur;source"
GOOD = f"""\
{HEADER}
POPULATION_TOTALE;92094;2025;113364;STATBEL
ETRANGERS_HORS_UE_PLUS_18_64;92094;2025;4210;IWEPS
ETRANGERS_HORS_UE_PLUS_18_64;82003;2024-T3;77;IWEPS
"""


def write(folder: Path, text: str, name: str = "iweps.csv", encoding: str = "utf-8") -> Path:
    (folder / name).write_bytes(text.encode(encoding))
    return folder / name


def rows_of(deposit: OfficialDeposit) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(deposit.table.decode()), delimiter=";"))


def workbook(folder: Path, rows: Sequence[Sequence[object]], name: str = "iweps.xlsx") -> Path:
    with xlsxwriter.Workbook(str(folder / name)) as book:
        book.add_worksheet("Notice")
        sheet = book.add_worksheet("Données")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return folder / name


def test_rows_become_the_contracts_with_their_unit_and_the_first_day_of_their_period(tmp_path: Path) -> None:
    deposit = read_deposit(write(tmp_path, GOOD))
    assert (deposit.periode, deposit.lignes) == (Period(2025, 1), 3)
    assert rows_of(deposit)[1:] == [
        {
            "commune_refnis": "92094", "indicateur_local": "ETRANGERS_HORS_UE_PLUS_18_64", "periode": "2025",
            "valeur": "4210", "unite": "personnes", "source": "IWEPS", "date_source": "2025-01-01", "modalite": "",
        },
        {
            "commune_refnis": "82003", "indicateur_local": "ETRANGERS_HORS_UE_PLUS_18_64", "periode": "2024-T3",
            "valeur": "77", "unite": "personnes", "source": "IWEPS", "date_source": "2024-07-01", "modalite": "",
        },
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", "|", ",", "\t"])
def test_separators_and_encodings(tmp_path: Path, encoding: str, separator: str) -> None:
    text = GOOD.replace(";", separator).replace("\n", "\r\n")
    assert read_deposit(write(tmp_path, text, encoding=encoding)) == read_deposit(write(tmp_path, GOOD, "autre.csv"))


def test_case_and_order_of_columns_are_free_and_the_source_day_may_be_given(tmp_path: Path) -> None:
    header = "Valeur;Commune;DATE_SOURCE;Source;Code_Indicateur;Periode"
    text = f"{header}\n12;92094;2025-03-01;COMMUNE;POPULATION_TOTALE;2025\n"
    (row,) = rows_of(read_deposit(write(tmp_path, text)))
    assert (row["valeur"], row["date_source"], row["source"]) == ("12", "2025-03-01", "COMMUNE")


def test_a_workbook_gives_what_the_text_gives(tmp_path: Path) -> None:
    lines = [line.split(";") for line in GOOD.splitlines()]
    typed = [lines[0], *([a, int(b), c if "T" in c else int(c), float(v), s] for a, b, c, v, s in lines[1:])]
    expected = read_deposit(write(tmp_path, GOOD))
    assert read_deposit(workbook(tmp_path, typed)) == expected
    with zipfile.ZipFile(tmp_path / "iweps.zip", "w") as archive:
        archive.write(tmp_path / "iweps.xlsx", "iweps.xlsx")
    assert read_deposit(tmp_path / "iweps.zip") == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (GOOD.replace(";source\n", ";origine\n"), "manque une colonne, ou elle est là deux fois : source"),
        (GOOD.replace("source\n", "source;source\n"), "manque une colonne, ou elle est là deux fois : source"),
        (GOOD.replace("source\n", "source;remarque\n"), "colonnes de trop"),
        (GOOD.replace(";113364;", ';"113\n364";'), "Ligne 3 : une cellule contient un retour à la ligne"),
        (GOOD.replace("STATBEL\n", "STATBEL;oups\n"), "Ligne 2 : la ligne a plus de cellules"),
        (f"{HEADER}\nPOPULATION_TOTALE;92094;demain;1;STATBEL\n", "Aucune période lisible"),
        (f"{HEADER}\n", "Aucune période lisible"),
    ],
)
def test_a_file_of_another_form_is_refused_without_repeating_a_cell(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(OfficialFileError, match=reason) as caught:
        read_deposit(write(tmp_path, text))
    assert not any(value in str(caught.value) for value in ("113", "oups", "demain", "92094"))


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    whole = workbook(tmp_path, [["a"], ["b"]])
    with zipfile.ZipFile(whole) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(tmp_path / "abime.xlsx", "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, b"<xml" if name == "xl/workbook.xml" else content)
    with pytest.raises(OfficialFileError, match="classeur"):
        read_deposit(tmp_path / "abime.xlsx")


BAD = f"""\
{HEADER}
POPULATION_TOTALE;92094;2025;113364;STATBEL
NOMBRE_DE_CHATS;92094;2025;12;STATBEL

POPULATION_TOTALE;99998;2025;12;STATBEL
POPULATION_TOTALE;91034;demain;12;STATBEL
POPULATION_TOTALE;91005;2025;douze;STATBEL
POPULATION_TOTALE;91013;2025;;STATBEL
POPULATION_TOTALE;91015;2025;13;CHAT
POPULATION_TOTALE;82003;2025;900,5;IWEPS
"""


def judged(hub: Hub, file: Path) -> tuple[str, Verdict]:
    """The file lies in the drop folder, is taken in, judged and staged."""
    folder = hub.home.arrivals / "STATBEL"
    folder.mkdir(parents=True)
    file.rename(folder / file.name)
    (receipt,) = take_arrivals(hub)
    validate_deposit(hub, receipt.depot_id)
    stage_deposit(hub, receipt.depot_id)
    with hub.registry.read() as session:
        row = session.get(Depot, receipt.depot_id)
        assert row is not None
        assert row.verdict is not None
        return receipt.depot_id, Verdict.model_validate_json(row.verdict)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_does_not_fit_is_found_at_its_line_and_the_rest_counts(hub: Hub, tmp_path: Path, form: str) -> None:
    file = write(tmp_path, BAD)
    if form == "xlsx":
        file = workbook(tmp_path, [line.split(";") for line in BAD.splitlines()])
    _, verdict = judged(hub, file)
    found = {(one.code, one.ligne, one.colonne) for one in verdict.constats if one.severite == "a_corriger"}
    assert found == {
        ("V15", 3, "indicateur_local"),
        ("V17", 5, "commune_refnis"),
        ("CTR-008", 6, "periode"),
        ("CTR-004", 7, "valeur"),
        ("CTR-001", 8, "valeur"),
        ("V15", 9, "source"),
    }
    # Line 10: Bastogne's code of before its merger is read under today's, and the centre of figures is told.
    assert ("V17-M", 10) in {(one.code, one.ligne) for one in verdict.constats}
    assert [(one.lignes_lues, one.lignes_retenues) for one in verdict.tables if one.table == "stat_locale"] == [(8, 2)]


def test_the_figures_reach_the_common_tables_under_todays_communes(hub: Hub, tmp_path: Path) -> None:
    judged(hub, write(tmp_path, GOOD))
    register(hub, stage(hub.home.root / "z1" / "extraits", "CAI", "2026-T3", {}))
    rows = read_rows(harmonise(hub, "2026-T3") / "stat_locale.parquet")
    assert [(row["commune"], row["indicateur_local"], row["periode"], int(row["valeur"])) for row in rows] == [
        ("82039", "ETRANGERS_HORS_UE_PLUS_18_64", "2024-T3", 77),
        ("92094", "ETRANGERS_HORS_UE_PLUS_18_64", "2025", 4210),
        ("92094", "POPULATION_TOTALE", "2025", 113364),
    ]


def test_the_same_file_again_is_no_new_deposit(hub: Hub, tmp_path: Path) -> None:
    first, _ = judged(hub, write(tmp_path, GOOD))
    write(hub.home.arrivals / "STATBEL", GOOD, "encore.csv")
    (receipt,) = take_arrivals(hub)
    assert (receipt.depot_id, receipt.deja_recu) == (first, True)


def test_the_figures_that_open_data_lack_give_i52(hub: Hub, tmp_path: Path) -> None:
    """Namur: two obliged dossiers opened in 2025, 4,210 foreigners from outside the UE+: 2 / 4,210 = 0.475059 ‰."""
    judged(hub, write(tmp_path, GOOD))
    rows = [{"dossier_id": name, "date_ouverture": date(2025, 3, 3)} for name in ("D1", "D2")]
    first = date(2025, 1, 1)
    register(hub, stage(hub.home.root / "z1" / "extraits", "CAI", "2025-T4", {"dossier": rows}, debut_historique=first))
    harmonise(hub, "2025-T4")
    observed = read_rows(compute_indicators(hub, "2025-T4") / "observations.parquet")
    found = [
        (row["numerateur"], row["denominateur"], row["valeur"])
        for row in observed
        if (row["indicateur"], row["territoire"], row["periode"]) == ("I52", "RLF", "2025")
    ]
    assert found == [(2, 4210, 0.475059)]

"""A package as a whole: how it may come, what is left on disk, what the verdict says."""

from __future__ import annotations

import hashlib
import json
import pkgutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

import intercentre.validation
from intercentre.validation import render_json, rules_hash, validate_package, verdict_bytes
from schemas.exchanges.verdict import Decision, Verdict
from schemas.extracts import TABLES
from schemas.findings import Severity
from tests.packages import (
    ALWAYS_THERE,
    CENTRE,
    DEFAULTS,
    PERIODE,
    TODAY,
    csv_bytes,
    files,
    judge,
    places,
    with_manifest,
    write_folder,
    write_zip,
)


def _sql(query: str, path: Path) -> list[tuple[object, ...]]:
    return duckdb.execute(query, [str(path)]).fetchall()


def test_a_clean_deposit_is_accepted_without_a_finding(tmp_path: Path) -> None:
    verdict = judge(
        write_folder(tmp_path / "depot", with_manifest(files())), tmp_path / "sortie", seuil_quarantaine=None
    )
    assert (verdict.verdict, verdict.constats, verdict.niveau) == (Decision.ACCEPTE, (), 1)
    assert (verdict.centre, verdict.periode, verdict.version_contrat) == ("CAI", "2026-T3", "1.1.0")
    assert [(count.table, count.lignes_lues) for count in verdict.tables] == [
        (name, int(name not in ("attestation", "transfert"))) for name in ALWAYS_THERE
    ]


_LEVEL_1 = ("dossier", "etape_accueil", "test_langue", "convention", "inscription", "attestation")
_LEVEL_2 = ("operateur", "session_offre", "flux_commune", "agg_obligation", "transfert", "bureau", "interpretariat")
_LEVEL_3 = (
    "partenariat", "accompagnement_ili", "pli_action", "plateforme_reunion", "activite", "formation_pro",
    "stat_locale", "ressources",
)  # fmt: skip


@pytest.mark.parametrize(
    ("present", "empty", "niveau"),
    [
        (_LEVEL_1, (), 1),
        ((*_LEVEL_1, *_LEVEL_2[:-1]), (), 1),
        ((*_LEVEL_1, *_LEVEL_3), (), 1),
        ((*_LEVEL_1, *_LEVEL_2), (), 2),
        ((*_LEVEL_1, *_LEVEL_2[1:]), _LEVEL_2[:1], 2),
        ((*_LEVEL_1, *_LEVEL_2, *_LEVEL_3[1:]), (), 2),
        ((*_LEVEL_1, *_LEVEL_2, *_LEVEL_3), (), 3),
    ],
)
def test_the_level_reached_is_in_the_verdict_and_what_lacks_for_a_higher_one_is_no_fault(
    tmp_path: Path, present: tuple[str, ...], empty: tuple[str, ...], niveau: int
) -> None:
    content = {f"{name}.csv": csv_bytes(name, []) for name in present}
    described = with_manifest(content)
    manifest = json.loads(described["manifeste.json"])
    manifest["tables"] += [{"nom": name, "lignes": 0, "declaree_vide": True} for name in empty]
    package = write_folder(tmp_path / "depot", {**content, "manifeste.json": json.dumps(manifest).encode()})
    verdict = judge(package, tmp_path / "sortie")
    assert (verdict.verdict, verdict.constats, verdict.niveau) == (Decision.ACCEPTE, (), niveau)


def test_the_same_deposit_has_the_same_verdict_however_it_comes(tmp_path: Path) -> None:
    content = with_manifest(files())
    inside = {f"Export CAI/{name}": data for name, data in content.items()}
    packages = [
        write_folder(tmp_path / "dossier", content),
        write_zip(tmp_path / "depot.zip", content),
        write_zip(tmp_path / "depot.xyz", inside),
    ]
    verdicts = {verdict_bytes(judge(package, tmp_path / f"sortie{n}")) for n, package in enumerate(packages)}
    assert len(verdicts) == 1


def test_typed_rows_are_left_with_what_is_retained(tmp_path: Path) -> None:
    rows = [{"heures_suivies": "12,5", "date_debut": "01/04/2026"}, {"inscription_id": "I-2", "axe": "Français"}]
    content = with_manifest(files({"dossier": [{}], "inscription": rows}))
    verdict = judge(write_folder(tmp_path / "depot", content), tmp_path / "sortie")
    parquet = tmp_path / "sortie" / "types" / "inscription.parquet"
    assert _sql(
        "SELECT ligne, axe, heures_suivies, date_debut, session_id, retenue FROM read_parquet($1)", parquet
    ) == [
        (2, "FLE", Decimal("12.50"), date(2026, 4, 1), None, True),
        (3, None, Decimal("120.00"), date(2026, 4, 1), None, False),
    ]
    kinds = dict(_sql("SELECT name, duckdb_type FROM parquet_schema($1) WHERE name <> 'duckdb_schema'", parquet))
    assert list(kinds) == ["ligne", *TABLES["inscription"].fields(), "retenue"]
    assert (kinds["heures_suivies"], kinds["date_debut"], kinds["ligne"]) == ("DECIMAL(12,2)", "DATE", "BIGINT")
    count = next(each for each in verdict.tables if each.table == "inscription")
    assert (count.lignes_lues, count.lignes_retenues, count.lignes_quarantaine) == (2, 1, 1)
    assert verdict.verdict is Decision.ACCEPTE_AVEC_QUARANTAINE
    assert verdict.sentence == "Accepté, 1 ligne à corriger ; le reste est pris en compte."


def test_every_table_has_its_file_and_the_findings_have_theirs(tmp_path: Path) -> None:
    content = with_manifest(files({"dossier": [{"sexe": "H", "mena": "non"}]}))
    verdict = judge(write_folder(tmp_path / "depot", content), tmp_path / "sortie")
    assert {path.stem for path in (tmp_path / "sortie" / "types").iterdir()} == set(TABLES)
    assert _sql("FROM read_parquet($1)", tmp_path / "sortie" / "constats.parquet") == [
        ("V15", "a_corriger", "dossier", "dossier.csv", None, 2, "mena"),
        ("V15", "a_corriger", "dossier", "dossier.csv", None, 2, "sexe"),
    ]
    assert (tmp_path / "sortie" / "verdict.json").read_bytes() == verdict_bytes(verdict)
    assert {path.name for path in (tmp_path / "sortie").iterdir()} == {"types", "constats.parquet", "verdict.json"}


def test_findings_come_by_table_line_column_and_code(tmp_path: Path) -> None:
    tables = {
        "dossier": [{"sexe": "H", "mena": "x"}, {"dossier_id": "D 2", "sexe": ""}],
        "etape_accueil": [{"rang": "zéro"}, {"dossier_id": "D-9", "modalite": "x", "date": "02/02/2026"}],
    }
    verdict = judge(write_folder(tmp_path / "depot", files(tables)), tmp_path / "sortie")
    assert [(found.code, found.table, found.ligne, found.colonne) for found in verdict.constats] == [
        ("DEP-007", None, None, None),
        ("V15", "dossier", 2, "mena"),
        ("V15", "dossier", 2, "sexe"),
        ("CTR-002", "dossier", 3, "dossier_id"),
        ("CTR-001", "dossier", 3, "sexe"),
        ("TOL-003", "etape_accueil", None, "date"),
        ("CTR-003", "etape_accueil", 2, "rang"),
        ("V41", "etape_accueil", 3, "dossier_id"),
        ("V15", "etape_accueil", 3, "modalite"),
    ]


def test_the_json_has_the_agreed_shape_and_reads_back(tmp_path: Path) -> None:
    verdict = judge(write_folder(tmp_path / "depot", files({"dossier": [{"sexe": "H"}]})), tmp_path / "sortie")
    shape = json.loads(verdict_bytes(verdict))
    assert list(shape) == [
        "verdict", "centre", "periode", "version_contrat", "regles_sha256", "niveau", "tables", "constats",
    ]  # fmt: skip
    assert set(shape["constats"][0]) == {
        "code", "severite", "table", "fichier", "feuille", "ligne", "colonne", "message", "remede",
    }  # fmt: skip
    assert set(shape["tables"][0]) == {
        "table",
        "fichier",
        "lignes_lues",
        "lignes_retenues",
        "lignes_quarantaine",
    }
    assert Verdict.model_validate_json(render_json(verdict)) == verdict
    assert shape["regles_sha256"] == rules_hash()
    assert len(rules_hash()) == len(hashlib.sha256().hexdigest())


def test_a_missing_column_is_told_once_and_its_rules_are_silent(tmp_path: Path) -> None:
    columns = [name for name in TABLES["dossier"].fields() if name not in ("sexe", "date_ouverture")]
    lines = [";".join(columns), ";".join(DEFAULTS["dossier"].get(name, "") for name in columns)]
    content = files({"dossier": [{}], "etape_accueil": [{"dossier_id": "D-9"}], "convention": [{}]})
    package = write_folder(
        tmp_path / "depot", with_manifest({**content, "dossier.csv": "\n".join([*lines, ""]).encode()})
    )
    verdict = judge(package, tmp_path / "sortie")
    # no V41 against a table that is not whole, no V42 that would need its dates
    assert places(verdict) == {
        ("V06-M", "dossier", None, "date_ouverture"),
        ("V06-M", "dossier", None, "sexe"),
        ("V42-A", "convention", 2, "date_signature"),
        ("V43", "convention", 2, "fle_prescrit"),
    }


def test_an_undeclared_column_is_refused_by_its_letter_and_its_name_is_never_repeated(tmp_path: Path) -> None:
    data = files({"dossier": [{}]})["dossier.csv"].decode()
    header, row = data.splitlines()
    secret = f"{header};Dupont Marie\n{row};85073003328\n"
    verdict = judge(
        write_folder(tmp_path / "depot", with_manifest({**files({}), "dossier.csv": secret.encode()})),
        tmp_path / "sortie",
    )
    (found,) = verdict.constats
    assert (found.code, found.severite, found.table) == ("V06", Severity.BLOQUANT, "dossier")
    assert "colonne Z " in found.message
    assert b"Dupont" not in verdict_bytes(verdict)


def test_no_cell_is_repeated_in_any_finding(tmp_path: Path) -> None:
    marked = dict.fromkeys(TABLES["dossier"].fields(), "secret-9f3a é")
    verdict = judge(write_folder(tmp_path / "depot", files({"dossier": [marked]})), tmp_path / "sortie")
    assert len(verdict.constats) > 20
    assert b"9f3a" not in verdict_bytes(verdict)


@pytest.mark.parametrize(("bad", "accepted"), [(2, True), (3, False)])
def test_quarantine_above_two_percent_of_a_table_refuses_the_deposit(tmp_path: Path, bad: int, accepted: bool) -> None:
    rows = [{"periode": str(1900 + n), "valeur": "x" if n < bad else "1"} for n in range(100)]
    package = write_folder(tmp_path / "depot", with_manifest(files({"stat_locale": rows})))
    verdict = judge(package, tmp_path / "sortie", seuil_quarantaine=None)
    assert verdict.is_accepted is accepted
    refused = [found.message for found in verdict.constats if found.code == "QUA-001"]
    assert refused == (
        []
        if accepted
        else [
            "3 lignes sur 100 sont à corriger, au-delà de 2 % (et au moins 3 lignes) : le dépôt est refusé en entier."
        ]
    )


@pytest.mark.parametrize(("bad", "accepted"), [(1, True), (2, True), (3, False)])
def test_a_row_or_two_of_a_small_table_refuse_no_deposit(tmp_path: Path, bad: int, accepted: bool) -> None:
    """Six offices: one of them is 17 % of the table."""
    rows = [{"bureau_id": f"B-{n}", "type": "x" if n < bad else "SIEGE"} for n in range(6)]
    package = write_folder(tmp_path / "depot", with_manifest(files({"dossier": [{}], "bureau": rows})))
    verdict = judge(package, tmp_path / "sortie", seuil_quarantaine=None)
    assert verdict.is_accepted is accepted


def test_lines_that_could_not_be_placed_are_counted_as_read_and_not_retained(tmp_path: Path) -> None:
    data = files({"dossier": [{}]})["dossier.csv"] + b"D-2;P-2\n"
    verdict = judge(
        write_folder(tmp_path / "depot", with_manifest({**files({}), "dossier.csv": data})), tmp_path / "sortie"
    )
    count = verdict.tables[0]
    assert (count.lignes_lues, count.lignes_retenues, count.lignes_quarantaine) == (2, 1, 1)
    assert [found.code for found in verdict.constats] == ["V06-N"]


def test_one_workbook_may_hold_every_table(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("codes").write(0, 0, "liste")
        for name, table in TABLES.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, list(table.fields()))
            if name in ("dossier", "stat_locale"):
                row = {**DEFAULTS[name], **({"sexe": "H"} if name == "dossier" else {})}
                sheet.write_row(1, 0, [row.get(column, "") for column in table.fields()])
    verdict = judge(path, tmp_path / "sortie")
    assert [(found.code, found.fichier, found.feuille, found.ligne) for found in verdict.constats] == [
        ("DEP-007", None, None, None),
        ("V15", "export.xlsx", "dossier", 2),
    ]
    assert [count.lignes_lues for count in verdict.tables] == [
        int(name in ("dossier", "stat_locale")) for name in TABLES
    ]


@pytest.mark.parametrize("named", [True, False], ids=["named", "by their headers"])
def test_rows_on_a_second_sheet_refuse_the_deposit_and_nothing_follows_from_their_absence(
    tmp_path: Path, named: bool
) -> None:
    """The test of D-2 refers to a dossier of the second sheet: it is not said to refer to none (V41)."""
    path = tmp_path / "export.xlsx"
    sheets = {
        "dossier" if named else "T01": [("dossier", {})],
        "dossier 2026": [("dossier", {"dossier_id": "D-2", "personne_ref": "P-2"})],
        "test_langue" if named else "Tests": [("test_langue", {"dossier_id": "D-2"})],
    }
    with xlsxwriter.Workbook(path) as book:
        for feuille, ((table, row),) in sheets.items():
            sheet = book.add_worksheet(feuille)
            columns = list(TABLES[table].fields())
            sheet.write_row(0, 0, columns)
            sheet.write_row(1, 0, [{**DEFAULTS[table], **row}.get(column, "") for column in columns])
    verdict = judge(path, tmp_path / "sortie")
    told = [found for found in verdict.constats if found.code not in ("DEP-007", "V05")]
    assert [(found.code, found.table, found.feuille) for found in told] == [("DEP-018", "dossier", "dossier 2026")]
    assert [(count.table, count.feuille) for count in verdict.tables] == [
        ("dossier", next(iter(sheets))),
        ("test_langue", list(sheets)[2]),
    ]


def test_files_without_manifest_are_known_by_name_or_by_header(tmp_path: Path) -> None:
    content = files()
    renamed = {
        "CAI_2026-T3_Dossier.csv": content["dossier.csv"],
        "T02-étape accueil.CSV": content["etape_accueil.csv"],
        "export-3.txt": content["convention.csv"],
    }
    others = {
        name: data
        for name, data in content.items()
        if name.removesuffix(".csv") not in ("dossier", "etape_accueil", "convention")
    }
    verdict = judge(write_folder(tmp_path / "depot", {**renamed, **others}), tmp_path / "sortie")
    assert places(verdict) == {("DEP-007", None, None, None)}
    assert [count.fichier for count in verdict.tables][:4] == [*list(renamed)[:2], "test_langue.csv", "export-3.txt"]


def test_one_table_alone_lacks_the_others(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(files({"dossier": [{}]})["dossier.csv"])
    verdict = judge(path, tmp_path / "sortie")
    missing = {table for code, table, _, _ in places(verdict) if code == "V05"}
    assert missing == set(_LEVEL_1) - {"dossier"}
    assert (verdict.niveau, [count.table for count in verdict.tables]) == (0, ["dossier"])


def test_a_folder_with_odd_characters_in_its_path(tmp_path: Path) -> None:
    odd = tmp_path / "l'export [2026] * été?"
    verdict = judge(write_folder(odd / "depot", with_manifest(files())), odd / "sortie")
    assert verdict.constats == ()


def test_judging_again_into_the_same_folder_replaces_what_was_there(tmp_path: Path) -> None:
    for rows in ([{}, {"dossier_id": "D-2", "personne_ref": "P-2"}], [{}]):
        folder = tmp_path / f"depot{len(rows)}"
        judge(write_folder(folder, with_manifest(files({"dossier": rows}))), tmp_path / "sortie")
    assert _sql("SELECT count(*) FROM read_parquet($1)", tmp_path / "sortie" / "types" / "dossier.parquet") == [(1,)]


def test_the_official_source_deposits_one_table_and_declares_the_others_empty(tmp_path: Path) -> None:
    content = {"stat_locale.csv": files()["stat_locale.csv"]}
    described = with_manifest(content, centre_code="STATBEL")
    manifest = json.loads(described["manifeste.json"])
    manifest["tables"] += [
        {"nom": name, "lignes": 0, "declaree_vide": True} for name in TABLES if name != "stat_locale"
    ]
    package = write_folder(tmp_path / "depot", {**content, "manifeste.json": json.dumps(manifest).encode()})
    verdict = validate_package(package, centre="STATBEL", periode=PERIODE, today=TODAY, out=tmp_path / "sortie")
    assert (verdict.verdict, verdict.constats, verdict.niveau) == (Decision.ACCEPTE, (), 3)
    assert [count.fichier for count in verdict.tables] == [None] * 18 + ["stat_locale.csv"] + [None] * 2
    assert verdict.centre != CENTRE


def test_no_public_name_hides_behind_a_module_of_the_same_name() -> None:
    modules = {module.name for module in pkgutil.iter_modules(intercentre.validation.__path__)}
    assert not modules & set(intercentre.validation.__all__)

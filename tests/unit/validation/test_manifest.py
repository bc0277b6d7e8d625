"""The declaration of a deposit: whose it is, which period, which day."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from intercentre.validation.container import Package
from intercentre.validation.manifest import MissingContextError, read_declaration
from schemas.period import Period
from tests.packages import TODAY, manifest

T3 = Period(2026, 3)


def _declare(
    tmp_path: Path, periode: Period | None = T3, centre: str | None = "CAI", today: date = TODAY, **changes: Any
) -> Any:
    path = tmp_path / "manifeste.json"
    path.write_text(json.dumps(manifest({}, **changes)), encoding="utf-8")
    return read_declaration(Package({"manifeste.json": path}), centre=centre, periode=periode, today=today)


def test_a_true_manifest_is_believed(tmp_path: Path) -> None:
    declaration = _declare(tmp_path, sequence=7, debut_historique="2022-01-01")
    assert (declaration.centre, declaration.periode, declaration.date_etat) == ("CAI", "2026-T3", date(2026, 9, 30))
    assert (declaration.findings, declaration.is_usable) == ((), True)
    assert (declaration.manifest.sequence, declaration.manifest.debut_historique) == (7, date(2022, 1, 1))


def test_the_manifest_says_what_the_caller_does_not(tmp_path: Path) -> None:
    declaration = _declare(tmp_path, periode=None, centre=None, centre_code="CRIC")
    assert (declaration.centre, declaration.periode, declaration.findings) == ("CRIC", "2026-T3", ())


@pytest.mark.parametrize(
    ("periode", "today", "changes"),
    [
        (T3, TODAY, {"periode_debut": "2026-04-01", "periode_fin": "2026-06-30"}),  # not the one expected
        (None, TODAY, {"periode_debut": "2026-07-02"}),  # no civil quarter
        (None, TODAY, {"periode_debut": "2026-07-01", "periode_fin": "2026-12-31"}),
        (
            None,
            TODAY,
            {"periode_debut": "2026-10-01", "periode_fin": "2026-12-31", "date_etat": "2026-12-31"},
        ),  # to come
        (
            None,
            TODAY,
            {"periode_debut": "2026-10-01", "periode_fin": "2026-12-31", "date_etat": "2026-10-12"},
        ),  # running
        (None, TODAY, {"date_etat": "2026-10-13"}),  # tomorrow
        (None, TODAY, {"date_etat": "2026-09-29"}),  # before the end
        (None, date(2026, 9, 30), {"date_etat": "2026-10-01"}),
    ],
)
def test_another_period_or_a_day_out_of_it(
    tmp_path: Path, periode: Period | None, today: date, changes: dict[str, str]
) -> None:
    declaration = _declare(tmp_path, periode=periode, today=today, **changes)
    assert [found.code for found in declaration.findings] == ["V04"]
    assert declaration.date_etat <= today


@pytest.mark.parametrize(
    ("periode", "today"),
    [({"periode_debut": "2025-01-01", "periode_fin": "2025-12-31"}, TODAY), ({}, date(2026, 9, 30))],
)
def test_a_year_and_the_last_day_are_in_time(tmp_path: Path, periode: dict[str, str], today: date) -> None:
    assert _declare(tmp_path, periode=None, today=today, **periode).findings == ()


@pytest.mark.parametrize(
    ("changes", "champ"),
    [
        ({"sequence": "a"}, "sequence"),
        ({"tables": [{"nom": "dossier", "fichier": "d.csv", "lignes": -1}]}, "tables.0.lignes"),
        ({"Dupont Marie": "1"}, "(champ non prévu)"),
        ({"schema_version": "2.0.0"}, "schema_version : employez la version 1.1.0"),
        ({"tables": [{"nom": "dossiers", "fichier": "d.csv", "lignes": 1}]}, "tables.0.nom"),
        ({"sequence": 2**31}, "sequence"),  # more than a registry keeps
        ({"tables": [{"nom": "dossier", "fichier": "d.csv", "lignes": 10**4000}]}, "tables.0.lignes"),
        ({"tables": [{"nom": "dossier", "fichier": "\ud800.csv", "lignes": 1}]}, "tables.0.fichier"),
        ({"tables": [{"nom": "dossier", "fichier": "d\0.csv", "lignes": 1}]}, "tables.0.fichier"),
        ({"remplace_depot_id": "a\0b"}, "remplace_depot_id"),
        ({"centre_code": "\ud800"}, "centre_code"),
    ],
)
def test_a_wrong_manifest_is_told_by_its_field_and_stops_everything(
    tmp_path: Path, changes: dict[str, Any], champ: str
) -> None:
    declaration = _declare(tmp_path, **changes)
    (found,) = declaration.findings
    assert (found.code, declaration.is_usable, declaration.manifest) == ("V01", False, None)
    assert f"(champ {champ})" in found.message
    assert "Dupont" not in found.message


def test_a_manifest_that_says_a_thing_twice_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "manifeste.json"
    path.write_text(json.dumps(manifest({}))[:-1] + ', "centre_code": "CRIC"}', encoding="utf-8")
    declaration = read_declaration(Package({"manifeste.json": path}), centre=None, periode=T3, today=TODAY)
    assert ([found.code for found in declaration.findings], declaration.is_usable) == (["V01"], False)


def test_a_centre_that_is_none_is_told_when_nobody_else_names_it(tmp_path: Path) -> None:
    declaration = _declare(tmp_path, centre=None, centre_code="CIA")
    (found,) = declaration.findings
    assert (found.code, declaration.is_usable, declaration.centre) == ("V01", False, "")
    assert "(champ centre_code)" in found.message


@pytest.mark.parametrize("centre", [None, "CERAIC"])
def test_a_centre_is_known_whatever_the_case_of_its_code(tmp_path: Path, centre: str | None) -> None:
    declaration = _declare(tmp_path, centre=centre, centre_code="CeRAIC")
    assert (declaration.centre, declaration.findings, declaration.is_usable) == ("CERAIC", (), True)


def test_the_deposit_of_another_centre_is_not_read(tmp_path: Path) -> None:
    declaration = _declare(tmp_path, centre="CRIC")
    assert ([found.code for found in declaration.findings], declaration.is_usable) == (["V03"], False)
    assert declaration.centre == "CRIC"


@pytest.mark.parametrize(("centre", "periode"), [(None, T3), ("CAI", None)])
def test_without_manifest_someone_must_say_whose_it_is(centre: str | None, periode: Period | None) -> None:
    with pytest.raises(MissingContextError):
        read_declaration(Package({}), centre=centre, periode=periode, today=TODAY)


def test_without_manifest_the_state_is_that_of_the_day() -> None:
    declaration = read_declaration(Package({}), centre="CAI", periode=T3, today=TODAY)
    assert (declaration.date_etat, [found.code for found in declaration.findings]) == (TODAY, ["DEP-007"])
    early = read_declaration(Package({}), centre="CAI", periode=T3, today=date(2026, 9, 29))
    assert [found.code for found in early.findings] == ["DEP-007", "V04"]
    assert "la période 2026-T3 n'est pas encore finie" in early.findings[1].message


@pytest.mark.parametrize(
    ("today", "changes", "cause"),
    [
        (TODAY, {"periode_fin": "2026-09-29"}, "ne sont pas les bornes d'un trimestre civil"),
        (
            TODAY,
            {"periode_debut": "2026-04-01", "periode_fin": "2026-06-30"},
            "fait pour la période 2026-T3 et son manifeste est celui de la période 2026-T2",
        ),
        (date(2026, 9, 29), {}, "la période 2026-T3 n'est pas encore finie"),
        (TODAY, {"date_etat": "2026-10-13"}, "la date d'état est dans le futur"),
        (TODAY, {"date_etat": "2026-09-29"}, "la date d'état précède la fin de la période"),
    ],
)
def test_a_period_that_does_not_fit_is_told_with_its_cause(
    tmp_path: Path, today: date, changes: dict[str, str], cause: str
) -> None:
    (found,) = _declare(tmp_path, periode=T3, today=today, **changes).findings
    assert cause in found.message
    assert "choisissant la bonne" in found.remede

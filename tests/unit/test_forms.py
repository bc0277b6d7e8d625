"""The habits of a file's columns, told by sampled lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from intercentre.validation.forms import Form, observe_forms
from schemas.extracts import TABLES
from tests.packages import files, judge, places, with_manifest, write_folder

DOSSIER = TABLES["dossier"]


def _forms(*rows: dict[str, str]) -> dict[str, Form]:
    return dict(observe_forms(DOSSIER, rows))


def test_columns_of_codes_that_hold_codes_have_no_habit() -> None:
    assert _forms({"sexe": "F", "nationalite": "SYR"}, {"sexe": "", "nationalite": "BEL"}) == {}


def test_a_text_that_is_no_code_is_looked_for_in_every_column_of_codes() -> None:
    forms = _forms({"sexe": " inconnu ", "nationalite": "SYR"})
    assert forms["sexe"].strangers == ("inconnu",)
    assert forms["nationalite"].strangers == ("inconnu",)
    assert "date_ouverture" not in forms


def test_a_code_of_one_list_is_no_stranger_in_it() -> None:
    forms = _forms({"sexe": "SYR", "nationalite": "SYR"})
    assert forms["sexe"].strangers == ("SYR",)
    assert "nationalite" not in forms


@pytest.mark.parametrize("text", ["in\0connu", "in\nconnu", "\x1e", "x" * 65])
def test_what_cannot_be_written_into_a_statement_is_not_named(text: str) -> None:
    assert _forms({"sexe": text}) == {}


@pytest.mark.parametrize("text", ["l'autre", '"', "$date_etat", "%", "\\", "é"])
def test_a_stranger_is_refused_however_it_is_written(tmp_path: Path, text: str) -> None:
    folder = write_folder(tmp_path / "depot", with_manifest(files({"dossier": [{"sexe": text}]})))
    found = judge(folder, tmp_path)
    assert ("V15", "dossier", 2, "sexe") in places(found)


def test_texts_too_many_to_name_are_told_by_a_pattern() -> None:
    forms = _forms(*({"sexe": f"texte {number}"} for number in range(65)))
    assert forms["sexe"].is_guarded
    assert forms["sexe"].strangers == ()
    assert len(forms["nationalite"].strangers) == 64


@pytest.mark.parametrize(
    ("texts", "digits"),
    [
        (["ab" * 32], 64),
        (["0f" * 8, "0F" * 8, "P-12", "1e" * 8, "2d" * 8], 16),
        (["0f" * 8, "P-12", "P-13"], 0),
        (["ab" * 7], 0),  # as quickly read as any other
        (["abc" * 7], 0),  # not a whole number of bytes
        (["ag" * 32], 0),
        ([], 0),
    ],
)
def test_identifiers_that_are_fingerprints(texts: list[str], digits: int) -> None:
    forms = _forms(*({"personne_ref": text} for text in texts))
    assert forms.get("personne_ref", Form()).fingerprint == digits


@pytest.mark.parametrize("times", [1, 40, 300])
def test_strangers_named_or_not_are_refused_at_their_place(tmp_path: Path, times: int) -> None:
    """Rows 2 to `times` + 1 hold each a text of its own in `sexe`; the last row none."""
    rows = [
        {"dossier_id": f"D-{number}", "personne_ref": f"P-{number}", "sexe": f"x{number}" if number < times else "F"}
        for number in range(times + 1)
    ]
    folder = write_folder(tmp_path / "depot", with_manifest(files({"dossier": rows})))
    found = judge(folder, tmp_path)
    places = [(one.ligne, one.colonne) for one in found.constats if one.code == "V15" and one.table == "dossier"]
    assert places == [(number + 2, "sexe") for number in range(times)]

"""Each version of the contract is described once; what changed, and which number it calls for."""

from __future__ import annotations

import copy
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from intercentre.cli import main
from schemas.contract import FieldType
from schemas.description import describe_contract, describe_type, description_path, known_versions, read_description
from schemas.extracts import VERSION_CONTRAT
from schemas.versions import (
    Change,
    Level,
    WrongVersionError,
    check_version,
    compare_contracts,
    required_version,
)
from tests import generate

Edit = Callable[[dict[str, Any]], Any]

BEFORE = {
    "version": "1.4.2",
    "tables": {
        "dossier": {
            "numero": "T01",
            "grain": "un épisode",
            "niveau": 1,
            "missions": ["1a"],
            "cle": ["dossier_id"],
            "renvois": {"bureau_id": {"table": "bureau", "colonnes": ["bureau_id"]}},
            "colonnes": {
                "dossier_id": {"type": "identifiant", "longueur": 32, "forme": "[A-Z]+", "obligatoire": True},
                "sexe": {"type": "code", "liste": "sexe", "jugee_a": "date_etat", "obligatoire": True},
                "annee": {"type": "entier", "minimum": 1900, "maximum": 2100, "obligatoire": False},
                "echeance": {"type": "date", "avenir": False, "obligatoire": False},
            },
            "regles": {"V20": {"severite": "a_corriger", "colonnes": ["annee"], "condition": "annee > 1"}},
        }
    },
    "regles": {"V42": {"severite": "a_expliquer", "tables": ["dossier"], "condition": "SELECT 1"}},
    "listes": {
        "sexe": {
            "F": {"libelle": "Femme", "valide_du": "1900-01-01", "valide_au": None, "remplace_par": None},
            "M": {"libelle": "Homme", "valide_du": "1900-01-01", "valide_au": None, "remplace_par": None},
        }
    },
}
for _column in BEFORE["tables"]["dossier"]["colonnes"].values():
    _column |= {"libelle": "Libellé", "risque": "aucun", "base": "", "exemple": ""}
for _rule in (BEFORE["tables"]["dossier"]["regles"]["V20"], BEFORE["regles"]["V42"]):
    _rule |= {"titre": "Titre", "message": "Message.", "remede": "Remède.", "base": ""}


def _dossier(contract: dict[str, Any]) -> dict[str, Any]:
    table: dict[str, Any] = contract["tables"]["dossier"]
    return table


def _columns(contract: dict[str, Any]) -> dict[str, Any]:
    columns: dict[str, Any] = _dossier(contract)["colonnes"]
    return columns


_NEW = {"type": "date", "avenir": False, "libelle": "", "risque": "", "base": "", "exemple": ""}
_CODE = {"libelle": "Autre", "valide_du": "2026-01-01", "valide_au": None, "remplace_par": None}

CASES: list[tuple[str, Edit, Level, str, str]] = [
    ("table gone", lambda c: c["tables"].pop("dossier"), Level.MAJOR, "dossier", "table retirée"),
    ("column gone", lambda c: _columns(c).pop("annee"), Level.MAJOR, "dossier.annee", "colonne retirée"),
    ("code gone", lambda c: c["listes"]["sexe"].pop("M"), Level.MAJOR, "liste sexe.M", "code retiré"),
    ("rule gone", lambda c: c["regles"].pop("V42"), Level.MAJOR, "V42", "règle retirée"),
    ("reference gone", lambda c: _dossier(c)["renvois"].clear(), Level.MAJOR, "dossier.bureau_id", "renvoi retiré"),
    (
        "key changed",
        lambda c: _dossier(c).update(cle=["dossier_id", "annee"]),
        Level.MAJOR,
        "dossier",
        "clé changée : dossier_id devient dossier_id, annee",
    ),
    (
        "type changed",
        lambda c: _columns(c)["annee"].update(type="nombre"),
        Level.MAJOR,
        "dossier.annee",
        "type changé : entier devient nombre",
    ),
    (
        "reference turned",
        lambda c: _dossier(c)["renvois"]["bureau_id"].update(table="lieu"),
        Level.MAJOR,
        "dossier.bureau_id",
        "renvoi changé : bureau (bureau_id) devient lieu (bureau_id)",
    ),
    (
        "other list",
        lambda c: _columns(c)["sexe"].update(liste="genre"),
        Level.MAJOR,
        "dossier.sexe",
        "liste de codes changée : sexe devient genre",
    ),
    (
        "column added, due",
        lambda c: _columns(c).update(nouveau={**_NEW, "obligatoire": True}),
        Level.MINOR,
        "dossier.nouveau",
        "colonne ajoutée, obligatoire",
    ),
    (
        "column added",
        lambda c: _columns(c).update(nouveau={**_NEW, "obligatoire": False}),
        Level.MINOR,
        "dossier.nouveau",
        "colonne ajoutée",
    ),
    ("code added", lambda c: c["listes"]["sexe"].update(X=_CODE), Level.MINOR, "liste sexe.X", "code ajouté"),
    (
        "made due",
        lambda c: _columns(c)["annee"].update(obligatoire=True),
        Level.MINOR,
        "dossier.annee",
        "devient obligatoire",
    ),
    (
        "made free",
        lambda c: _columns(c)["sexe"].update(obligatoire=False),
        Level.MINOR,
        "dossier.sexe",
        "devient facultative",
    ),
    (
        "higher minimum",
        lambda c: _columns(c)["annee"].update(minimum=1910),
        Level.MINOR,
        "dossier.annee",
        "minimum resserré : 1900 devient 1910",
    ),
    (
        "higher maximum",
        lambda c: _columns(c)["annee"].update(maximum=2200),
        Level.MINOR,
        "dossier.annee",
        "maximum élargi : 2100 devient 2200",
    ),
    (
        "shorter",
        lambda c: _columns(c)["dossier_id"].update(longueur=16),
        Level.MINOR,
        "dossier.dossier_id",
        "nombre de signes resserré : 32 devient 16",
    ),
    (
        "judged on another day",
        lambda c: _columns(c)["sexe"].update(jugee_a="annee"),
        Level.MINOR,
        "dossier.sexe",
        "jour où le code est jugé changé : date_etat devient annee",
    ),
    (
        "no bound any more",
        lambda c: _columns(c)["annee"].pop("maximum"),
        Level.MINOR,
        "dossier.annee",
        "maximum changé : 2100 devient aucun",
    ),
    (
        "later days",
        lambda c: _columns(c)["echeance"].update(avenir=True),
        Level.MINOR,
        "dossier.echeance",
        "une date à venir est admise",
    ),
    (
        "graver",
        lambda c: c["regles"]["V42"].update(severite="a_corriger"),
        Level.MINOR,
        "V42",
        "sévérité aggravée : a_expliquer devient a_corriger",
    ),
    (
        "other condition",
        lambda c: _dossier(c)["regles"]["V20"].update(condition="annee > 2"),
        Level.MINOR,
        "dossier.V20",
        "condition changée",
    ),
    (
        "code ended",
        lambda c: c["listes"]["sexe"]["M"].update(valide_au="2026-12-31"),
        Level.MINOR,
        "liste sexe.M",
        "validité changée : du 1900-01-01 sans fin devient du 1900-01-01 au 2026-12-31",
    ),
    (
        "other level",
        lambda c: _dossier(c).update(niveau=2),
        Level.MINOR,
        "dossier",
        "niveau de conformité changé : 1 devient 2",
    ),
    (
        "wording of a column",
        lambda c: _columns(c)["sexe"].update(libelle="Sexe", exemple="F"),
        Level.PATCH,
        "dossier.sexe",
        "mise au point : libellé, exemple",
    ),
    (
        "wording of a rule",
        lambda c: c["regles"]["V42"].update(remede="Autre remède."),
        Level.PATCH,
        "V42",
        "mise au point : remède",
    ),
    (
        "label of a code",
        lambda c: c["listes"]["sexe"]["F"].update(libelle="Féminin"),
        Level.PATCH,
        "liste sexe.F",
        "mise au point : libellé",
    ),
]
NUMBERS = {Level.MAJOR: "2.0.0", Level.MINOR: "1.5.0", Level.PATCH: "1.4.3"}


def _edited(edit: Edit) -> dict[str, Any]:
    after = copy.deepcopy(BEFORE)
    edit(after)
    return after


@pytest.mark.parametrize(("edit", "level", "place", "text"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_a_change_is_named_and_weighed(edit: Edit, level: Level, place: str, text: str) -> None:
    after = _edited(edit)
    changes = compare_contracts(BEFORE, after)
    assert changes == [Change(level, place, text)]
    assert required_version("1.4.2", changes) == NUMBERS[level]
    for wrong in {"1.4.2", *NUMBERS.values(), "1.6.0", "0.9.0"} - {NUMBERS[level]}:
        with pytest.raises(WrongVersionError, match=NUMBERS[level]):
            check_version(BEFORE, {**after, "version": wrong})
    assert check_version(BEFORE, {**after, "version": NUMBERS[level]}) == changes


def test_the_gravest_change_decides() -> None:
    after = copy.deepcopy(BEFORE)
    _columns(after)["sexe"]["libelle"] = "Sexe"
    _columns(after)["annee"]["obligatoire"] = True
    del after["listes"]["sexe"]["M"]
    changes = compare_contracts(BEFORE, after)
    assert [change.level for change in changes] == [Level.MAJOR, Level.MINOR, Level.PATCH]
    assert required_version("1.4.2", changes) == "2.0.0"


def test_nothing_changed_keeps_the_number() -> None:
    assert check_version(BEFORE, copy.deepcopy(BEFORE)) == []
    with pytest.raises(WrongVersionError, match=r"il faut 1\.4\.2 \(rien n'a changé\)"):
        check_version(BEFORE, {**copy.deepcopy(BEFORE), "version": "1.4.3"})


@pytest.mark.parametrize("number", ["1.0", "v1.0.0", "1.0.0-rc1", "1.0.x", "", "1.0.٣"])
def test_a_number_has_three_parts(number: str) -> None:
    with pytest.raises(WrongVersionError, match="trois nombres"):
        required_version(number, [])


def test_the_classes_are_the_described_version() -> None:
    kept = json.loads(description_path(VERSION_CONTRAT).read_text(encoding="utf-8"))
    changes = compare_contracts(kept, describe_contract())
    due = required_version(VERSION_CONTRAT, changes)
    assert changes == [], f"set VERSION_CONTRAT to {due}, then `make docs`"
    assert kept == describe_contract()


def test_each_described_version_bears_its_number() -> None:
    versions = known_versions()
    assert VERSION_CONTRAT in versions
    for before, after in itertools.pairwise(versions):
        check_version(read_description(before), read_description(after))


def test_make_docs_refuses_a_contract_that_changed_without_a_number(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = copy.deepcopy(describe_contract())
    del changed["tables"]["dossier"]["colonnes"]["mena"]
    monkeypatch.setattr(generate, "describe_contract", lambda: changed)
    kept = description_path(VERSION_CONTRAT).read_bytes()
    assert generate.main() == 1
    assert "majeur : dossier.mena : colonne retirée" in capsys.readouterr().err
    assert description_path(VERSION_CONTRAT).read_bytes() == kept


def test_an_unknown_type_of_field_is_refused() -> None:
    class Colour(FieldType):
        pass

    with pytest.raises(TypeError, match="Colour"):
        describe_type(Colour())


def test_the_command_prints_the_differences(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    proposal = json.loads(description_path("1.0.0").read_text(encoding="utf-8"))
    del proposal["tables"]["dossier"]["colonnes"]["mena"]
    proposal["tables"]["dossier"]["colonnes"]["titre_sejour"]["obligatoire"] = True
    path = tmp_path / "proposition.json"
    path.write_text(json.dumps(proposal | {"version": "1.1.0"}), encoding="utf-8")
    assert main(["contrat", "comparer", "1.0.0", str(path)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "majeur : dossier.mena : colonne retirée",
        "mineur : dossier.titre_sejour : devient obligatoire",
        "✗ La version 1.1.0 ne convient pas : après 1.0.0, il faut 2.0.0 (changement majeur).",
    ]
    path.write_text(json.dumps(proposal | {"version": "2.0.0"}), encoding="utf-8")
    assert main(["contrat", "comparer", "1.0.0", str(path)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "✓ De 1.0.0 à 2.0.0 : 2 différences ; le numéro convient."


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "contrat inconnu"),
        ("pas du JSON", "pas un fichier JSON"),
        ("[]", "pas la description d'un contrat"),
        (
            '{"version": "1.1.0", "tables": {"dossier": {}}, "regles": {}, "listes": {}}',
            "faute : tables.dossier.numero",
        ),
    ],
)
def test_the_command_refuses_what_is_no_contract(
    content: str | None, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "autre.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert main(["contrat", "comparer", "1.0.0", str(path)]) == 2
    assert words in capsys.readouterr().err

"""A proposed rule or version tried on past deposits: what would change is said, and nothing is changed."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pytest
from sqlalchemy import select

from intercentre.cli import main
from intercentre.core import custody
from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot, Journal
from intercentre.intake import receive_deposit
from intercentre.staging import stage_deposit
from intercentre.validation import validate_deposit
from intercentre.validation.past_deposits import Change, Rehearsed
from intercentre.validation.rehearsal import RehearsalError, rehearse_edition, rehearse_rule
from schemas.editions import CURRENT, EDITIONS
from schemas.exchanges.verdict import Decision
from schemas.extracts import TABLES
from schemas.rules.cross_table import CrossTableRule, read_rule
from tests.conftest import Clock
from tests.packages import CENTRE, PERIODE, files, with_manifest, write_zip
from tests.partial_deposits import dossiers, partial, row

HEADER = """-- titre: Essai
-- severite: {severite}
-- portee: ligne
-- message: Un essai.
-- remede: Rien.
-- tables: {tables}
-- missions: 1a
"""
YOUNG = "SELECT 'dossier' AS table_nom, ligne, 'annee_naissance' AS colonne FROM dossier WHERE annee_naissance = {}"


def _rule(folder: Path, sql: str, severite: str = "a_corriger", tables: str = "dossier", code: str = "ESSAI-1") -> Path:
    path = folder / f"{code}.sql"
    path.write_text(HEADER.format(severite=severite, tables=tables) + sql, encoding="utf-8")
    return path


def _deposit(hub: Hub, package: Path, centre: str = CENTRE) -> str:
    receipt = receive_deposit(hub, package, centre=centre, periode=PERIODE, canal="commande", acteur="essai")
    validate_deposit(hub, receipt.depot_id)
    stage_deposit(hub, receipt.depot_id)
    return receipt.depot_id


@pytest.fixture
def base(hub: Hub, tmp_path: Path) -> str:
    """Two hundred dossiers: line 5 in quarantine, those of lines 10 and 11 born in 2001, the one of line 12 in 2002."""
    faults = {
        3: {"sexe": "Femme"},
        8: {"annee_naissance": "2001"},
        9: {"annee_naissance": "2001"},
        10: {"annee_naissance": "2002"},
    }
    content = with_manifest(files({"dossier": dossiers(faults)}))
    return _deposit(hub, write_zip(tmp_path / "complet.zip", content))


def _places(changes: tuple[Change, ...]) -> list[tuple[str, str, int, str, str]]:
    return [(one.sort, one.place.fichier, one.place.ligne, one.place.colonne, one.place.code) for one in changes]


def _rehearse(hub: Hub, rule: CrossTableRule | Path, centre: str | None = None) -> list[Rehearsed]:
    known = read_rule(rule) if isinstance(rule, Path) else rule
    return rehearse_rule(hub, known, centre=centre, progress=lambda _: None)


def _digest(hub: Hub) -> dict[str, str]:
    """Every file of the home but the registry, and the registry's deposits, by content."""
    told = {
        str(path.relative_to(hub.home.root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(hub.home.root.rglob("*"))
        if path.is_file() and "registre" not in path.name
    }
    with hub.registry.read() as session:
        for depot in session.execute(select(Depot)).scalars():
            told[depot.depot_id] = repr((depot.etat, depot.verdict, depot.prepare, depot.sequence))
    return told


def test_rows_that_would_go_to_quarantine_are_named(hub: Hub, base: str, tmp_path: Path) -> None:
    before = _digest(hub)
    (one,) = _rehearse(hub, _rule(tmp_path, YOUNG.format(2001)))
    assert (one.depot_id, one.vers_quarantaine, one.retours) == (base, 2, 0)
    assert (one.before, one.after) == (Decision.ACCEPTE_AVEC_QUARANTAINE, Decision.ACCEPTE_AVEC_QUARANTAINE)
    assert _places(one.changes) == [
        ("vers_quarantaine", "dossier.csv", 10, "annee_naissance", "ESSAI-1"),
        ("vers_quarantaine", "dossier.csv", 11, "annee_naissance", "ESSAI-1"),
    ]
    assert _digest(hub) == before


def test_a_deposit_that_would_be_refused_says_so(hub: Hub, base: str, tmp_path: Path) -> None:
    """Rows 2 to 201 but those of 2001 and 2002: 197 of 200, and the one that is aside already."""
    (one,) = _rehearse(hub, _rule(tmp_path, YOUNG.format(1990)))
    assert (one.vers_quarantaine, one.after) == (196, Decision.REFUSE)
    assert [change.place.code for change in one.changes if change.sort == "bloque"] == ["QUA-001"]


def test_a_blocking_rule_refuses_and_one_to_explain_changes_no_row(hub: Hub, base: str, tmp_path: Path) -> None:
    (one,) = _rehearse(hub, _rule(tmp_path, YOUNG.format(2002), "bloquant"))
    assert (one.vers_quarantaine, one.after) == (0, Decision.REFUSE)
    assert _places(one.changes) == [("bloque", "dossier.csv", 12, "annee_naissance", "ESSAI-1")]
    (one,) = _rehearse(hub, _rule(tmp_path, YOUNG.format(2002), "a_expliquer"))
    assert (one.vers_quarantaine, one.changes_verdict) == (0, False)
    assert _places(one.changes) == [("a_expliquer", "dossier.csv", 12, "annee_naissance", "ESSAI-1")]


def test_a_milder_rule_in_the_place_of_one_of_its_code_brings_rows_back(hub: Hub, tmp_path: Path) -> None:
    """V55 as it is sets the later of two open dossiers of a person aside; a V55 that is never raised does not."""
    rows = dossiers({1: {"personne_ref": "P-1", "date_ouverture": "2026-01-16"}})
    depot_id = _deposit(hub, write_zip(tmp_path / "complet.zip", with_manifest(files({"dossier": rows}))))
    known = next(rule for rule in CURRENT.rules if rule.finding.code == "V55")
    (same,) = _rehearse(hub, known)
    assert (same.changes, same.changes_verdict) == ((), False)
    (one,) = _rehearse(hub, _rule(tmp_path, f"{YOUNG.format(0)} AND false", code="V55"))
    assert (one.depot_id, one.retours, one.vers_quarantaine, one.after) == (depot_id, 1, 0, Decision.ACCEPTE)
    assert _places(one.changes) == [("retour", "dossier.csv", 3, "personne_ref", "V55")]


def test_purged_bytes_do_not_matter_to_a_rule(hub: Hub, base: str, tmp_path: Path) -> None:
    with hub.registry.read() as session:
        custody.forget(hub, session.get_one(Depot, base).sha256)
    (one,) = _rehearse(hub, _rule(tmp_path, YOUNG.format(2001)))
    assert one.vers_quarantaine == 2
    (whole,) = rehearse_edition(hub, CURRENT, centre=None, progress=lambda _: None)
    assert whole.absent == "Les octets de ce dépôt ne sont plus conservés."


def test_a_merged_deposit_is_tried_as_it_stands(hub: Hub, base: str, tmp_path: Path) -> None:
    """The row brought back is placed in the partial deposit's file, the others in the file of the deposit completed."""
    second = _deposit(hub, partial(tmp_path, base, {"dossier": [row(4, annee_naissance="2001")]}))
    first, merged = _rehearse(hub, _rule(tmp_path, YOUNG.format(2001)))
    assert (first.depot_id, first.vers_quarantaine) == (base, 2)
    assert (merged.depot_id, merged.vers_quarantaine, merged.before) == (second, 3, Decision.ACCEPTE)
    assert {(one.place.depot_id, one.place.ligne) for one in merged.changes} == {(base, 10), (base, 11), (second, 2)}


def test_the_edition_in_force_changes_nothing_of_what_it_judged(hub: Hub, base: str, tmp_path: Path) -> None:
    _deposit(hub, partial(tmp_path, base, {"dossier": [row(4)]}))
    before = _digest(hub)
    told = rehearse_edition(hub, CURRENT, centre=None, progress=lambda _: None)
    assert [(one.changes, one.changes_verdict, one.absent) for one in told] == [((), False, None)] * 2
    assert _digest(hub) == before


def test_an_earlier_version_judges_the_tables_that_it_has(hub: Hub, tmp_path: Path) -> None:
    """1.0.0 has no operators: the orphan of that table is no finding of its, and nothing else changes."""
    known = {**EDITIONS["1.0.0"].tables, "bureau": TABLES["bureau"]}
    content = files({"dossier": [{}], "bureau": [{"commune_refnis": "Namur"}]}, known)
    _deposit(hub, write_zip(tmp_path / "depot.zip", with_manifest(content)))
    (one,) = rehearse_edition(hub, EDITIONS["1.0.0"], centre=None, progress=lambda _: None)
    assert (one.absent, one.before, one.after) == (None, Decision.REFUSE, Decision.ACCEPTE)
    assert _places(one.changes) == [("retour", "bureau.csv", 2, "commune_refnis", "V17")]


def test_what_was_told_beside_other_deposits_stands(hub: Hub, clock: Clock, base: str, tmp_path: Path) -> None:
    """A number used before (V09), a deposit overtaken (V08-S), a date changed since the quarter before (V57)."""
    content = files({"dossier": dossiers({0: {"bureau_id": "B-9"}})})
    again = _deposit(hub, write_zip(tmp_path / "rejoue.zip", with_manifest(content)))
    _deposit(hub, partial(tmp_path, base, {"dossier": [row(4)]}))
    late = _deposit(hub, partial(tmp_path, base, {"dossier": [row(4, mena="NON", sexe="M")]}))
    changed = with_manifest(
        files({"dossier": dossiers({1: {"date_ouverture": "2026-01-16"}})}),
        sequence=2,
        periode_debut="2026-10-01",
        periode_fin="2026-12-31",
        date_etat="2026-12-31",
    )
    clock.advance(days=100)
    package = write_zip(tmp_path / "suite.zip", changed)
    receipt = receive_deposit(hub, package, centre=CENTRE, periode=None, canal="commande", acteur="essai")
    verdict = validate_deposit(hub, receipt.depot_id)
    assert "V57" in {found.code for found in verdict.constats}
    told = rehearse_edition(hub, CURRENT, centre=None, progress=lambda _: None)
    assert [one.depot_id for one in told if one.before is Decision.REFUSE] == [again, late]
    assert [(one.depot_id, one.changes) for one in told if one.changes or one.changes_verdict] == []


def test_a_rule_beside_the_deposit_before_is_left_to_the_version(hub: Hub, base: str) -> None:
    known = next(rule for rule in CURRENT.rules if rule.finding.code == "V57")
    with pytest.raises(RehearsalError, match="version entière"):
        _rehearse(hub, known)


def test_one_centre_sees_only_its_own_deposits(hub: Hub, base: str, tmp_path: Path) -> None:
    content = with_manifest(files({"dossier": dossiers({})}), centre_code="CRIC")
    other = _deposit(hub, write_zip(tmp_path / "cric.zip", content), "CRIC")
    rule = _rule(tmp_path, YOUNG.format(1990))
    assert [one.depot_id for one in _rehearse(hub, rule, "CRIC")] == [other]
    assert [one.depot_id for one in _rehearse(hub, rule, CENTRE)] == [base]


@pytest.mark.parametrize(
    ("sql", "tables", "said"),
    [
        ("SELECT 'dossier' AS table_nom, ligne, colonne_absente AS colonne FROM dossier", "dossier", "être lue"),
        ("SELECT nimporte", "dossier", "être lue"),
        ("SELECT table_nom, ligne, colonne FROM read_csv('/etc/passwd')", "dossier", "ne peut pas être"),
        (YOUNG.format(2001), "table_absente", "table inconnue : table_absente"),
        (YOUNG.format(2001), "ref_absente", "table inconnue : ref_absente"),
    ],
)
def test_a_rule_that_cannot_be_run_is_refused(hub: Hub, tmp_path: Path, sql: str, tables: str, said: str) -> None:
    with pytest.raises(RehearsalError, match=said):
        _rehearse(hub, _rule(tmp_path, sql, tables=tables))


def test_a_fault_while_it_runs_tells_no_value(hub: Hub, base: str, tmp_path: Path) -> None:
    sql = "SELECT 'dossier' AS table_nom, ligne, 'sexe' AS colonne FROM dossier WHERE CAST(personne_ref AS INTEGER) > 1"
    with pytest.raises(RehearsalError, match=r"ConversionException") as caught:
        _rehearse(hub, _rule(tmp_path, sql))
    assert "P-" not in str(caught.value)


def test_the_command_reports_centre_by_centre_and_writes_every_place(
    hub: Hub, base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INTERCENTRE_HOME", str(hub.home.root))
    rule = _rule(tmp_path, YOUNG.format(2001))
    assert main(["contrat", "repeter", "--regle", str(rule), "-o", str(tmp_path / "essai")]) == 0
    told = capsys.readouterr()
    counts = "2 lignes iraient en quarantaine, 0 en reviendrait, 0 constat à expliquer en plus"
    assert told.out.splitlines()[:4] == [
        f"CAI : 1 dépôt répété, {counts}, 0 dépôt changerait de verdict.",
        f"  {base} : même verdict.",
        "    irait en quarantaine (ESSAI-1) : table dossier, dossier.csv, ligne 10, colonne annee_naissance",
        "    irait en quarantaine (ESSAI-1) : table dossier, dossier.csv, ligne 11, colonne annee_naissance",
    ]
    assert "aucun verdict" in told.err
    with (tmp_path / "essai" / "lignes.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(each["depot"], each["sort"], each["ligne"]) for each in rows] == [
        (base, "vers_quarantaine", "10"),
        (base, "vers_quarantaine", "11"),
    ]
    with (tmp_path / "essai" / "depots.csv").open(encoding="utf-8", newline="") as stream:
        (deposit,) = csv.DictReader(stream)
    assert (deposit["avant"], deposit["apres"]) == ("accepte_avec_quarantaine",) * 2
    with hub.registry.read() as session:
        (line,) = session.execute(select(Journal).where(Journal.action == "contrat_repete")).scalars()
    assert (line.objet, json.loads(line.details)["lignes_vers_quarantaine"]) == ("ESSAI-1", 2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--version", "9.0.0"], "version inconnue : 9.0.0"),
        (["--regle", "ABC"], "règle inconnue : ABC"),
        (["--centre", "XYZ"], "centre inconnu : XYZ"),
    ],
)
def test_wrong_use_is_said(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["contrat", "repeter", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_rule_file_without_its_header_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "ESSAI-2.sql"
    path.write_text("-- titre: Essai\nSELECT 1", encoding="utf-8")
    assert main(["contrat", "repeter", "--regle", str(path)]) == 2
    assert "il manque « -- severite: »" in capsys.readouterr().err

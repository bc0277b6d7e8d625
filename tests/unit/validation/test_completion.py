"""A partial deposit brings back rows of the quarantine, corrected, and is judged with the deposit that it completes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import select

from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot, Journal
from intercentre.intake import receive_deposit
from intercentre.staging import stage_deposit
from intercentre.validation import validate_deposit
from schemas.exchanges.verdict import Decision, Verdict
from tests.packages import CENTRE, PERIODE, files, graver, with_manifest, write_zip
from tests.partial_deposits import FAULTY, dossiers, partial, row


def deposit(hub: Hub, package: Path) -> tuple[str, Verdict]:
    """Received, judged, staged."""
    depot_id = receive_deposit(hub, package, centre=CENTRE, periode=PERIODE, canal="commande", acteur="essai").depot_id
    verdict = validate_deposit(hub, depot_id)
    assert stage_deposit(hub, depot_id) is verdict.is_accepted
    return depot_id, verdict


def whole(hub: Hub, folder: Path, faults: Mapping[int, Mapping[str, str]] = FAULTY, **changes: Any) -> str:
    """The whole deposit with these faults, accepted; returns its number."""
    content = files({"dossier": dossiers(faults)})
    depot_id, verdict = deposit(hub, write_zip(folder / "complet.zip", with_manifest(content, **changes)))
    assert verdict.is_accepted
    return depot_id


def staged(hub: Hub, depot_id: str, table: str = "dossier", columns: str = "dossier_id") -> list[tuple[Any, ...]]:
    """The staged rows of a table, in the order of their columns."""
    path = hub.home.staged(CENTRE, PERIODE, depot_id) / f"{table}.parquet"
    return duckdb.execute(f"SELECT {columns} FROM read_parquet($1) ORDER BY ALL", [str(path)]).fetchall()


def test_corrected_rows_join_those_that_were_retained(hub: Hub, tmp_path: Path) -> None:
    base = whole(hub, tmp_path)
    content = [row(4), row(6), row(5), row(7)]
    depot_id, verdict = deposit(
        hub, partial(tmp_path, base, {"dossier": content}, lignes_remplacees={"dossier": [6, 8]})
    )
    assert verdict.verdict is Decision.ACCEPTE
    assert verdict.sentence == "Accepté : plus aucune ligne à corriger pour 2026-T3."
    assert graver(verdict) == set()
    assert sorted(staged(hub, depot_id)) == sorted((f"D-{n}",) for n in range(1, 201))
    assert len(staged(hub, base)) == 196
    assert verdict.niveau == 1
    (count,) = [table for table in verdict.fusion.tables if table.table == "dossier"] if verdict.fusion else []
    assert (count.avant_retenues, count.avant_quarantaine, count.apportees) == (196, 4, 4)
    assert (count.remplacees, count.retirees, count.retenues, count.quarantaine) == (4, 0, 200, 0)
    (read,) = verdict.tables
    assert (read.table, read.lignes_lues, read.lignes_retenues, read.lignes_quarantaine) == ("dossier", 4, 4, 0)


def test_what_remains_is_said_in_the_file_that_brought_it(hub: Hub, tmp_path: Path) -> None:
    base = whole(hub, tmp_path)
    depot_id, verdict = deposit(hub, partial(tmp_path, base, {"dossier": [row(4), row(6, sexe="Dame")]}))
    assert verdict.verdict is Decision.ACCEPTE_AVEC_QUARANTAINE
    assert verdict.sentence == "Accepté : 3 lignes restent à corriger pour 2026-T3."
    told = {(found.code, found.fichier, found.ligne, found.colonne) for found in verdict.constats}
    assert told == {
        ("V15", "dossier.csv", 3, "sexe"),
        ("CTR-002", f"dossier.csv (dépôt {base})", 6, "dossier_id"),
        ("V14", f"dossier.csv (dépôt {base})", 8, "dossier_id"),
    }
    kept = staged(hub, depot_id, columns="depot_origine, ligne, dossier_id")
    assert len(kept) == 197
    assert [each for each in kept if each[0] == depot_id] == [(depot_id, 2, "D-4")]


def test_a_second_partial_deposit_stands_on_the_first(hub: Hub, tmp_path: Path) -> None:
    base = whole(hub, tmp_path)
    first, _ = deposit(hub, partial(tmp_path, base, {"dossier": [row(4), row(6, sexe="Dame")]}))
    lines = {f"{base}/dossier": [6], "dossier": [8]}
    package = partial(tmp_path, first, {"dossier": [row(5), row(6), row(7)]}, lignes_remplacees=lines)
    second, verdict = deposit(hub, package)
    assert verdict.verdict is Decision.ACCEPTE
    assert sorted(staged(hub, second)) == sorted((f"D-{n}",) for n in range(1, 201))
    origins = staged(hub, second, columns="depot_origine, ligne, dossier_id")
    assert [each for each in origins if each[0] != base] == sorted(
        [(first, 2, "D-4"), (second, 2, "D-5"), (second, 3, "D-6"), (second, 4, "D-7")]
    )
    history = hub.home.staged(CENTRE, PERIODE, second) / "historique" / "lignes.parquet"
    rows = duckdb.execute(
        'SELECT "table", depot_origine, ligne, sort, depot_remplacant, ligne_remplacante FROM read_parquet($1)'
        " ORDER BY ligne, depot_origine = $2 DESC",
        [str(history), base],
    ).fetchall()
    assert rows == [
        ("dossier", first, 3, "remplacee", second, 3),
        ("dossier", base, 5, "remplacee", first, 2),
        ("dossier", base, 6, "remplacee", second, 2),
        ("dossier", base, 7, "remplacee", first, 3),
        ("dossier", base, 8, "remplacee", second, 4),
    ]


def test_rows_that_only_another_row_made_wrong_are_healed_with_it(hub: Hub, tmp_path: Path) -> None:
    """A step of the dossier whose number could not be read names no dossier, until that number is put right."""
    steps = [{"dossier_id": f"D-{n + 1}"} for n in range(100)]
    content = files({"dossier": dossiers({4: {"dossier_id": "D 5"}}), "etape_accueil": steps})
    base, before = deposit(hub, write_zip(tmp_path / "complet.zip", with_manifest(content)))
    assert ("V41", "etape_accueil", 6, "dossier_id") in graver(before)
    package = partial(tmp_path, base, {"dossier": [row(5)]}, lignes_remplacees={"dossier": [6]})
    depot_id, verdict = deposit(hub, package)
    assert verdict.verdict is Decision.ACCEPTE
    assert len(staged(hub, base, "etape_accueil")) == 99
    assert len(staged(hub, depot_id, "etape_accueil")) == 100


def test_a_row_retained_before_that_the_merge_makes_wrong_goes_to_quarantine_and_is_named(
    hub: Hub, tmp_path: Path
) -> None:
    """The dossier brought back is open for a person who has another one, opened later: V55 is on the later one."""
    faults = {3: {"sexe": "Femme", "personne_ref": "P-10", "date_ouverture": "2026-01-14"}}
    base = whole(hub, tmp_path, faults)
    before = duckdb.execute(
        "SELECT count(*) FROM read_parquet($1) WHERE NOT retenue",
        [str(hub.home.validated(base) / "types" / "dossier.parquet")],
    ).fetchall()
    assert before == [(2,)]  # a row in quarantine is in the deposit all the same
    back = row(4, personne_ref="P-4")
    depot_id, verdict = deposit(hub, partial(tmp_path, base, {"dossier": [back]}))
    assert verdict.verdict is Decision.ACCEPTE
    assert len(staged(hub, depot_id)) == 200
    other = row(4, personne_ref="P-11", date_ouverture="2026-01-14")
    later = whole(hub, tmp_path, {3: {"sexe": "Femme"}}, sequence=2)
    last, verdict = deposit(hub, partial(tmp_path, later, {"dossier": [other]}))
    assert graver(verdict) == {("V55", "dossier", 12, "personne_ref")}
    assert [found.fichier for found in verdict.constats if found.code == "V55"] == [f"dossier.csv (dépôt {later})"]
    assert len(staged(hub, last)) == 199


def test_a_row_borne_twice_may_come_back_once(hub: Hub, tmp_path: Path) -> None:
    base = whole(hub, tmp_path, {3: {"dossier_id": "D-200"}})
    depot_id, verdict = deposit(hub, partial(tmp_path, base, {"dossier": [row(200)]}))
    assert verdict.verdict is Decision.ACCEPTE
    (told,) = verdict.constats
    assert told.code == "QUA-004"
    assert "que rien ne remplace : 1." in told.message
    assert len(staged(hub, depot_id)) == 199
    (count,) = [table for table in verdict.fusion.tables if table.table == "dossier"] if verdict.fusion else []
    assert (count.avant_quarantaine, count.remplacees, count.retirees, count.apportees) == (2, 1, 1, 1)


def test_a_refused_partial_deposit_leaves_the_former_one_in_force(hub: Hub, tmp_path: Path) -> None:
    base = whole(hub, tmp_path)
    _, refused = deposit(hub, partial(tmp_path, base, {"dossier": [row(4), row(1)]}))
    assert graver(refused) >= {("QUA-002", "dossier", 3, "dossier_id")}
    assert not refused.is_accepted
    _, verdict = deposit(hub, partial(tmp_path, base, {"dossier": [row(4)]}))
    assert verdict.is_accepted


def test_a_row_of_the_retained_ones_is_not_let_in_by_naming_a_line(hub: Hub, tmp_path: Path) -> None:
    base = whole(hub, tmp_path)
    _, verdict = deposit(hub, partial(tmp_path, base, {"dossier": [row(1)]}, lignes_remplacees={"dossier": [6]}))
    assert ("QUA-002", "dossier", 2, "dossier_id") in graver(verdict)


def test_the_partial_deposit_takes_the_place_of_the_one_that_it_completes(hub: Hub, tmp_path: Path) -> None:
    """The centre's next export has the next number: a partial deposit has taken none."""
    starts = {"test_langue": "2025-01-01"}
    base = whole(hub, tmp_path, sequence=5, debut_historique="2024-01-01", debut_historique_par_table=starts)
    first, _ = deposit(hub, partial(tmp_path, base, {"dossier": [row(4)]}, sequence=900))
    with hub.registry.read() as session:
        depot = session.get_one(Depot, first)
        assert (depot.sequence, str(depot.date_etat), str(depot.debut_historique)) == (5, "2026-09-30", "2024-01-01")
        assert depot.debuts_par_table == starts
        lines = [line.details for line in session.execute(select(Journal)).scalars() if line.objet == first]
    assert any(f'"complete":"{base}"' in details for details in lines)
    assert whole(hub, tmp_path, {}, sequence=6)


def test_a_partial_deposit_needs_no_list_of_tables(hub: Hub, tmp_path: Path) -> None:
    base = whole(hub, tmp_path)
    _, verdict = deposit(hub, partial(tmp_path, base, {"dossier": [row(4)]}, tables=[]))
    assert (verdict.is_accepted, verdict.quarantaine) == (True, 3)


def test_a_second_judge_that_is_overtaken_judges_again(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two partial deposits complete the same one: whoever records last finds that it is no longer in force."""
    base = whole(hub, tmp_path)
    first = partial(tmp_path, base, {"dossier": [row(4)]})
    second = receive_deposit(
        hub,
        partial(tmp_path, base, {"dossier": [row(6)]}),
        centre=CENTRE,
        periode=PERIODE,
        canal="commande",
        acteur="essai",
    ).depot_id
    from intercentre.validation import deposit as module

    plain, waiting = module._examine, [first]

    def examine_slowly(*given: Any) -> Any:
        examination = plain(*given)
        if waiting:
            deposit(hub, waiting.pop())
        return examination

    monkeypatch.setattr(module, "_examine", examine_slowly)
    verdict = validate_deposit(hub, second)
    assert [found.code for found in verdict.constats] == ["V08-S"]


def test_a_verdict_on_a_whole_deposit_says_nothing_of_a_merge(hub: Hub, tmp_path: Path) -> None:
    base = whole(hub, tmp_path)
    with hub.registry.read() as session:
        assert "fusion" not in (session.get_one(Depot, base).verdict or "")

"""Publishing: what is refused, what stands in the folder, what the registry and the journal say."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import select

from intercentre.concertation import ConcertationRefusee, close_due_rounds, open_round
from intercentre.core.hub import Hub
from intercentre.core.passage import NotThroughGate, inputs_of
from intercentre.core.registry.store import verify_journal
from intercentre.core.registry.tables import Journal, Publication
from intercentre.release import PublicationRefusee, publish, verify_release
from schemas.exchanges.agreement import Vote
from schemas.gates import Gate, gate_expectations
from schemas.period import Period
from tests.portal.gate_evidence import write_gate

OPPOSED = Vote(avis="oppose", motif="Comptage à revoir.")


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def published(hub: Hub) -> list[str]:
    with hub.registry.read() as session:
        return sorted(session.execute(select(Publication.version)).scalars())


def test_without_figures(hub: Hub) -> None:
    with pytest.raises(PublicationRefusee, match="rien à publier"):
        publish(hub, "2026-T3", approbateur="discri")


@pytest.mark.parametrize("name", ["", "  "])
def test_without_an_approver(agreed: Hub, name: str) -> None:
    with pytest.raises(PublicationRefusee, match="bon à publier"):
        publish(agreed, "2026-T3", approbateur=name)


def test_the_go_for_one_round_publishes_no_other(agreed: Hub) -> None:
    with pytest.raises(PublicationRefusee, match="un autre tour"):
        publish(agreed, "2026-T3", approbateur="discri", tour_id="2026-T3-tour-9")
    assert published(agreed) == []


def test_without_a_round(ready: Hub) -> None:
    with pytest.raises(PublicationRefusee, match="aucun tour de concertation"):
        publish(ready, "2026-T3", approbateur="discri")


def test_while_the_round_is_open(ready: Hub) -> None:
    open_round(ready, "2026-T3")
    with pytest.raises(PublicationRefusee, match="encore ouvert"):
        publish(ready, "2026-T3", approbateur="discri")


def test_after_a_rejection(ready: Hub, desk: Any) -> None:
    desk.agree(ready, votes=dict.fromkeys(("CAI", "CRIC", "CRVI"), OPPOSED))
    with pytest.raises(PublicationRefusee, match="rejetée"):
        publish(ready, "2026-T3", approbateur="discri")


def test_without_quorum(ready: Hub, clock: Any) -> None:
    open_round(ready, "2026-T3")
    clock.advance(days=11)
    close_due_rounds(ready)
    with pytest.raises(PublicationRefusee, match="quorum"):
        publish(ready, "2026-T3", approbateur="discri")


def test_other_figures_than_those_agreed_on(agreed: Hub, desk: Any) -> None:
    desk.put_figures(agreed, desk.changed("I01", "CAI", "_T", valeur=13.0))
    with pytest.raises(PublicationRefusee, match="aucun tour de concertation ne porte sur les chiffres actuels"):
        publish(agreed, "2026-T3", approbateur="discri")
    assert not agreed.home.releases.exists()
    assert published(agreed) == []


def test_indicators_run_again_since_protection(agreed: Hub, desk: Any) -> None:
    kept = (agreed.home.protected("2026-T3") / "observations.parquet").read_bytes()
    desk.put_figures(agreed, desk.changed("I01", "CAI", "_T", valeur=13.0))
    (agreed.home.protected("2026-T3") / "observations.parquet").write_bytes(kept)
    with pytest.raises(PublicationRefusee, match="recalculés depuis la protection"):
        publish(agreed, "2026-T3", approbateur="discri")
    assert published(agreed) == []


def test_figures_that_do_not_add_up(ready: Hub, desk: Any) -> None:
    desk.put_figures(ready, desk.changed("I21", "CAI", "_T", valeur=7.0))  # 7 + 8, and the region says 14
    desk.agree(ready)
    with pytest.raises(PublicationRefusee, match=r"somme des centres.*\(I21, 2026-T3, _T, _T\)"):
        publish(ready, "2026-T3", approbateur="discri")
    assert published(ready) == []


def test_without_the_common_tables(agreed: Hub) -> None:
    (agreed.home.common("2026-T3") / "couverture.parquet").unlink()
    with pytest.raises(PublicationRefusee, match="tables communes"):
        publish(agreed, "2026-T3", approbateur="discri")


def test_a_release_holds_what_design_says(stable: Path) -> None:
    assert stable.name == "2026-T3.1"
    assert sorted(file.name for file in stable.iterdir()) == [
        "LISEZMOI.txt",
        "MANIFEST.json",
        "MANIFEST.json.sig",
        "SHA256SUMS",
        "changements.md",
        "comparaison.csv",
        "comparaison.parquet",
        "definitions.csv",
        "indicateurs.csv",
        "indicateurs.parquet",
        "intercentre-public.duckdb",
        "reserves.csv",
    ]
    assert all(file.stat().st_mode & 0o222 == 0 for file in stable.iterdir())
    assert verify_release(stable) == []


def test_stock_tools_accept_it(stable: Path) -> None:
    sums = subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=stable, capture_output=True, text=True)
    assert sums.returncode == 0, sums.stderr
    assert sums.stdout.count(": OK") == 9
    command = [
        "ssh-keygen", "-Y", "verify", "-f", "../allowed_signers", "-I", "publication@intercentre",
        "-n", "intercentre-publication", "-s", "MANIFEST.json.sig",
    ]  # fmt: skip
    content = (stable / "MANIFEST.json").read_bytes()
    assert subprocess.run(command, cwd=stable, input=content, capture_output=True).returncode == 0
    assert subprocess.run(command, cwd=stable, input=content + b" ", capture_output=True).returncode != 0


def test_key_is_private_and_public_key_is_published(release: Path, agreed: Hub) -> None:
    assert (agreed.home.keys / "publication").stat().st_mode & 0o777 == 0o600
    text = (release.parent / "allowed_signers").read_text()
    assert text.startswith('publication@intercentre namespaces="intercentre-publication" ssh-ed25519 ')
    assert "PRIVATE" not in text


def test_csv_rows_and_reservation_beside_the_figures(stable: Path) -> None:
    text = (stable / "indicateurs.csv").read_bytes()
    assert text.count(b"\r\n") == text.count(b"\n") == 14
    rows = read_csv(stable / "indicateurs.csv")
    assert [(row["territoire"], row["valeur"]) for row in rows if row["indicateur"] == "I21"] == [
        ("CAI", "6"),
        ("CRIC", "8"),
        ("RLF", "14"),
    ]
    assert {row["reserves"] for row in rows if row["indicateur"] == "I21"} == {"CAI"}
    assert {row["reserves"] for row in rows if row["indicateur"] != "I21"} == {""}
    (hidden,) = [row for row in rows if row["statut_secret"] == "masque"]
    assert (hidden["territoire"], hidden["modalite"], hidden["valeur"], hidden["numerateur"]) == ("CRIC", "X", "", "")
    assert read_csv(stable / "reserves.csv") == [
        {"centre": "CAI", "avis": "reserve", "indicateurs": "I21", "motif": "Antenne de Jambes fermée en août."}
    ]


def test_reservations_in_the_order_of_centres_and_formulas_neutralised(ready: Hub, desk: Any) -> None:
    votes = {
        "CRVI": Vote(avis="reserve", motif="=HYPERLINK(1)"),
        "CAI": Vote(avis="reserve", motif="Voir note.", indicateurs=("I01", "I53")),
        "CRIC": OPPOSED,
    }
    desk.agree(ready, votes=votes)
    folder = publish(ready, "2026-T3", approbateur="discri")
    rows = read_csv(folder / "indicateurs.csv")
    assert {(row["indicateur"], row["reserves"]) for row in rows} == {
        ("I01", "CAI;CRIC;CRVI"),
        ("I21", "CRIC;CRVI"),
        ("I53", "CAI;CRIC;CRVI"),
    }
    assert [
        (row["centre"], row["avis"], row["indicateurs"], row["motif"]) for row in read_csv(folder / "reserves.csv")
    ] == [
        ("CAI", "reserve", "I01;I53", "Voir note."),
        ("CRIC", "oppose", "tous", "Comptage à revoir."),
        ("CRVI", "reserve", "tous", "'=HYPERLINK(1)"),
    ]
    assert verify_release(folder) == []


def test_parquet_has_the_agreed_columns_and_types(stable: Path) -> None:
    with duckdb.connect() as engine:
        path = str(stable / "indicateurs.parquet")
        types = engine.execute("DESCRIBE FROM read_parquet(?)", [path]).fetchall()
        total = engine.execute("SELECT sum(valeur) FROM read_parquet(?) WHERE indicateur = 'I21'", [path]).fetchone()
    assert [(row[0], row[1]) for row in types] == [
        ("indicateur", "VARCHAR"), ("version_definition", "VARCHAR"), ("periode", "VARCHAR"),
        ("territoire_type", "VARCHAR"), ("territoire", "VARCHAR"), ("dimension", "VARCHAR"), ("modalite", "VARCHAR"),
        ("valeur", "DOUBLE"), ("numerateur", "DOUBLE"), ("denominateur", "DOUBLE"), ("unite", "VARCHAR"),
        ("statut_obs", "VARCHAR"), ("statut_secret", "VARCHAR"), ("couverture", "VARCHAR"), ("reserves", "VARCHAR"),
        ("date_etat", "DATE"),
    ]  # fmt: skip
    assert total == (28.0,)


def test_manifest_says_from_what_and_by_whom(stable: Path) -> None:
    manifest = json.loads((stable / "MANIFEST.json").read_text())
    facts = ("version", "periode", "date_etat", "publie_le", "diffusion", "tour_id", "approbateur", "simule")
    assert {name: manifest[name] for name in facts} == {
        "version": "2026-T3.1",
        "periode": "2026-T3",
        "date_etat": "2026-10-01",
        "publie_le": "2026-10-12T09:00:00Z",
        "diffusion": "restreinte",
        "tour_id": "2026-T3-tour-1",
        "approbateur": "discri",
        "simule": False,
    }
    assert manifest["regles_sha256"] == "e" * 64
    assert manifest["depots"][0] == "CAI-2026-T3-aaaaaaaaaaaa"
    assert manifest["depots"][-1] == "STATBEL-2026-T1-dddddddddddd"
    assert len(manifest["depots"]) == 8
    assert "Décision : La publication est accordée." in manifest["proces_verbal"]
    assert [file["nom"] for file in manifest["fichiers"]][:2] == ["LISEZMOI.txt", "SHA256SUMS"]


def test_readme_speaks_to_a_person(stable: Path) -> None:
    text = (stable / "LISEZMOI.txt").read_text()
    assert max(len(line) for line in text.splitlines()) <= 78
    for words in (
        "3e trimestre 2026 (2026-T3)",
        "protection complémentaire n'est pas encore",
        "- CRIPEL : dernier dépôt accepté, reporté de 2026-T2, état au 1er juillet 2026",
        "- CRVI : aucun dépôt",
        "sha256sum -c SHA256SUMS",
        "ssh-keygen -Y verify",
        "DISCRI, responsable des publications",
    ):
        assert words in text
    assert "simul" not in text


def test_corrections_are_counted_in_manifest_readme_and_journal(agreed: Hub, desk: Any) -> None:
    rows = [(f"COR-000{at}", "CAI", "dossier", "sexe", done) for at, done in enumerate((True, True, False), start=1)]
    columns = dict.fromkeys(("correction_id", "centre_code", "table_nom", "colonne"), "VARCHAR")
    path = agreed.home.common("2026-T3") / "correction_appliquee.parquet"
    desk.write_parquet(path, columns | {"appliquee": "BOOLEAN"}, rows)
    folder = publish(agreed, "2026-T3", approbateur="discri")
    counts = {"appliquees": 2, "sans_effet": 1}
    assert json.loads((folder / "MANIFEST.json").read_text())["corrections"] == counts
    readme = " ".join((folder / "LISEZMOI.txt").read_text().split())
    assert "qui entrent dans ces chiffres : 2 ; sans effet sur les dépôts actuels : 1." in readme
    with agreed.registry.read() as session:
        line = session.execute(select(Journal).where(Journal.action == "publication_faite")).scalar_one()
    assert json.loads(line.details)["corrections"] == counts


def test_a_release_without_corrections_says_so(stable: Path) -> None:
    assert json.loads((stable / "MANIFEST.json").read_text())["corrections"] == {"appliquees": 0, "sans_effet": 0}
    assert "Aucune donnée des centres n'a été corrigée" in (stable / "LISEZMOI.txt").read_text()


def test_no_time_of_the_run_outside_the_manifest(stable: Path) -> None:
    for name in ("LISEZMOI.txt", "changements.md", "indicateurs.csv", "reserves.csv", "definitions.csv", "SHA256SUMS"):
        assert "2026-10-12" not in (stable / name).read_text()
        assert "12 octobre" not in (stable / name).read_text()


def test_simulated_figures_say_so(agreed: Hub) -> None:
    folder = publish(agreed, "2026-T3", approbateur="discri", simule=True)
    assert "Données simulées" in (folder / "LISEZMOI.txt").read_text()
    assert json.loads((folder / "MANIFEST.json").read_text())["simule"] is True


def test_one_simulated_deposit_is_enough_to_say_so(agreed: Hub, desk: Any) -> None:
    desk.put_deposit(agreed, "CRIC-2026-T3-bbbbbbbbbbbb", "simulation-intercentre")
    folder = publish(agreed, "2026-T3", approbateur="discri")
    assert "DONNÉES SIMULÉES" in (folder / "LISEZMOI.txt").read_text()


def test_the_same_figures_are_published_once(agreed: Hub, release: Path, clock: Any) -> None:
    before = {file.name: file.read_bytes() for file in release.iterdir()}
    clock.advance(days=2)
    assert publish(agreed, "2026-T3", approbateur="autre") == release
    assert {file.name: file.read_bytes() for file in release.iterdir()} == before
    assert published(agreed) == ["2026-T3.1"]


def test_state_and_journal_line_together(agreed: Hub, release: Path) -> None:
    with agreed.registry.read() as session:
        row = session.get(Publication, "2026-T3.1")
        line = session.execute(select(Journal).order_by(Journal.numero.desc())).scalars().first()
    assert row is not None
    assert line is not None
    assert (line.acteur, line.action, line.objet) == ("discri", "publication_faite", "2026-T3.1")
    assert json.loads(line.details)["manifeste_sha256"] == row.manifeste_sha256
    assert verify_journal(agreed.registry)[1] is None


def test_certificate_of_protection_is_carried(agreed: Hub) -> None:
    statement = '{"comptes": {"cellules": 13, "masquees": 1}, "diffusion": "restreinte"}'
    (agreed.home.protected("2026-T3") / "protection.json").write_text(statement)
    folder = publish(agreed, "2026-T3", approbateur="discri")
    assert (folder / "protection.json").read_text() == statement
    assert "protection.json" in (folder / "SHA256SUMS").read_text()
    assert "- protection.json :" in (folder / "LISEZMOI.txt").read_text()


def test_a_certificate_of_other_figures_is_refused(agreed: Hub) -> None:
    statement = '{"comptes": {"cellules": 13, "masquees": 2}, "diffusion": "restreinte"}'
    (agreed.home.protected("2026-T3") / "protection.json").write_text(statement)
    with pytest.raises(PublicationRefusee, match=r"protection\.json : le nombre"):
        publish(agreed, "2026-T3", approbateur="discri")


def test_figures_that_may_go_further_say_so(agreed: Hub) -> None:
    statement = '{"comptes": {"cellules": 13, "masquees": 1}, "diffusion": "ouverte"}'
    (agreed.home.protected("2026-T3") / "protection.json").write_text(statement)
    folder = publish(agreed, "2026-T3", approbateur="discri")
    assert json.loads((folder / "MANIFEST.json").read_text())["diffusion"] == "ouverte"
    assert "restreinte" not in (folder / "LISEZMOI.txt").read_text()


@pytest.mark.parametrize("facts", [{"version": "0.9.0"}, {"indicateur": "I99"}])
def test_figures_of_another_definition_than_the_one_in_force(ready: Hub, desk: Any, facts: dict[str, str]) -> None:
    desk.put_figures(ready, desk.changed("I53", "92094", "_T", **facts))
    desk.agree(ready)
    with pytest.raises(PublicationRefusee, match="n'est pas celle en vigueur"):
        publish(ready, "2026-T3", approbateur="discri")


def test_a_release_that_was_changed_on_disk_is_not_handed_out(agreed: Hub, release: Path) -> None:
    manifest = release / "MANIFEST.json"
    manifest.chmod(0o644)
    manifest.write_text(manifest.read_text() + " ")
    with pytest.raises(PublicationRefusee, match="restaurez-le"):
        publish(agreed, "2026-T3", approbateur="discri")


def test_figures_that_change_while_they_are_published(agreed: Hub, desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def write_sums(folder: Path) -> None:
        desk.put_figures(agreed, desk.changed("I01", "CAI", "_T", valeur=13.0))

    monkeypatch.setattr("intercentre.release.publishing.write_sums", write_sums)
    with pytest.raises(PublicationRefusee, match="ont changé pendant la publication"):
        publish(agreed, "2026-T3", approbateur="discri")
    assert published(agreed) == []
    assert list(agreed.home.work.iterdir()) == []


def test_refusals_are_not_confused(ready: Hub) -> None:
    """A caller that catches one refusal does not swallow the other."""
    assert not issubclass(PublicationRefusee, ConcertationRefusee)
    assert not issubclass(ConcertationRefusee, PublicationRefusee)


def test_two_homes_sign_with_keys_of_their_own(make_hub: Callable[..., Hub], desk: Any) -> None:
    folders = []
    for name in ("un", "deux"):
        hub = desk.prepare(make_hub(name))
        desk.agree(hub)
        folders.append(publish(hub, "2026-T3", approbateur="discri"))
    first, second = folders
    assert verify_release(first) == []
    (problem,) = verify_release(first, second.parent / "allowed_signers")
    assert "n'est pas parmi les clés admises" in problem


@pytest.mark.parametrize("porte", list(Gate))
def test_what_a_gate_stopped_is_not_published(agreed: Hub, porte: Gate) -> None:
    period = Period.parse("2026-T3")
    code = next(code for code, one in gate_expectations().at(porte).items() if one.is_blocking)
    write_gate(agreed, period, porte, {code: [("CAI", -1.0)]}, inputs_of(agreed, period, porte))
    with pytest.raises(NotThroughGate, match=code):
        publish(agreed, "2026-T3", approbateur="discri")
    assert published(agreed) == []

"""Pseudonyms of the centres become the hub's when rows are staged, and no value of a centre goes further."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import duckdb
import pytest
from sqlalchemy import select

from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Journal
from intercentre.intake import receive_deposit
from intercentre.staging import Rekeying, stage_deposit
from intercentre.staging.rekeying import PseudonymSecretError, SecretRekeying
from intercentre.validation import validate_deposit
from schemas.contract import Pseudonym
from schemas.extracts import VERSION_CONTRAT
from tests.packages import CENTRE, PERIODE, files, with_manifest, write_zip

ONE, OTHER, NEXT_KEY = "p1.2026-a." + "0a" * 32, "p1.2026-a." + "0b" * 32, "p1.2027-a." + "0a" * 32
ROWS = [
    {"personne_pseudo": ONE},
    {"dossier_id": "D-2", "personne_ref": "P-2", "personne_pseudo": OTHER},
    {"dossier_id": "D-3", "personne_ref": "P-3", "personne_pseudo": ONE},
    {"dossier_id": "D-4", "personne_ref": "P-4", "personne_pseudo": NEXT_KEY},
    {"dossier_id": "D-5", "personne_ref": "P-5"},
]


def judged(hub: Hub, folder: Path) -> str:
    announced = {"schema_version": VERSION_CONTRAT, "methode_pseudo": "P1", "version_cle": "2026-a"}
    content = with_manifest(files({"dossier": ROWS}), **announced)
    package = write_zip(folder / "depot.zip", content)
    depot_id = receive_deposit(hub, package, centre=CENTRE, periode=PERIODE, canal="commande", acteur="essai").depot_id
    assert validate_deposit(hub, depot_id).is_accepted
    return depot_id


def staged(hub: Hub, folder: Path, rekeying: Rekeying | None = None) -> list[str | None]:
    depot_id = judged(hub, folder)
    assert stage_deposit(hub, depot_id, rekeying)
    path = hub.home.staged(CENTRE, PERIODE, depot_id) / "dossier.parquet"
    return [text for (text,) in duckdb.execute(f"SELECT personne_pseudo FROM '{path}' ORDER BY dossier_id").fetchall()]


def test_what_is_staged_is_the_hubs_own(hub: Hub, tmp_path: Path) -> None:
    secret = bytes(range(32))
    hub.home.keys.mkdir(parents=True)
    (hub.home.keys / "pseudonymes").write_text(secret.hex() + "\n")

    def expected(text: str, key: str) -> str:
        return f"h1.{key}.{hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()}"

    assert staged(hub, tmp_path) == [
        expected(ONE, "2026-a"),
        expected(OTHER, "2026-a"),
        expected(ONE, "2026-a"),
        expected(NEXT_KEY, "2027-a"),
        None,
    ]


def test_the_secret_is_made_once_and_is_for_the_hub_alone(hub: Hub) -> None:
    assert not (hub.home.keys / "pseudonymes").exists()
    first = SecretRekeying(hub).rekey([ONE])
    path = hub.home.keys / "pseudonymes"
    assert len(bytes.fromhex(path.read_text().strip())) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert SecretRekeying(hub).rekey([ONE]) == first


def test_a_secret_that_is_lost_is_not_made_anew(hub: Hub) -> None:
    first = SecretRekeying(hub).rekey([ONE])
    path = hub.home.keys / "pseudonymes"
    kept = path.read_bytes()
    path.unlink()
    with pytest.raises(PseudonymSecretError, match=r"cles.pseudonymes est perdu .*Remettez-le d"):
        SecretRekeying(hub).rekey([ONE])
    assert not path.exists()
    path.write_bytes(kept)
    assert SecretRekeying(hub).rekey([ONE]) == first


def test_another_secret_in_its_place_is_refused(hub: Hub) -> None:
    SecretRekeying(hub).rekey([ONE])
    (hub.home.keys / "pseudonymes").write_text("00" * 32 + "\n")
    with pytest.raises(PseudonymSecretError, match="n'est plus celui avec lequel"):
        SecretRekeying(hub).rekey([ONE])


def test_the_journal_tells_the_secret_apart_and_does_not_tell_it(hub: Hub) -> None:
    SecretRekeying(hub).rekey([ONE])
    SecretRekeying(hub).rekey([OTHER])
    with hub.registry.read() as session:
        (line,) = session.scalars(select(Journal).where(Journal.action == "secret_pseudonymes_cree"))
    secret = (hub.home.keys / "pseudonymes").read_text().strip()
    assert json.loads(line.details) == {"empreinte": hashlib.sha256(bytes.fromhex(secret)).hexdigest()}


def test_a_deposit_without_pseudonyms_is_staged_though_the_secret_is_lost(hub: Hub, tmp_path: Path) -> None:
    SecretRekeying(hub).rekey([ONE])
    (hub.home.keys / "pseudonymes").unlink()
    package = write_zip(tmp_path / "depot.zip", with_manifest(files({"dossier": [{}]})))
    depot_id = receive_deposit(hub, package, centre=CENTRE, periode=PERIODE, canal="commande", acteur="essai").depot_id
    validate_deposit(hub, depot_id)
    assert stage_deposit(hub, depot_id)


def test_two_hubs_give_two_pseudonyms(make_hub: Callable[..., Hub]) -> None:
    first, second = (SecretRekeying(make_hub(name)).rekey([ONE]) for name in ("un", "deux"))
    assert first != second


def test_nothing_of_the_centres_pseudonym_is_staged_nor_said(hub: Hub, tmp_path: Path) -> None:
    depot_id = judged(hub, tmp_path)
    stage_deposit(hub, depot_id)
    folder = hub.home.staged(CENTRE, PERIODE, depot_id)
    for path in folder.rglob("*.parquet"):
        shown = json.dumps(duckdb.execute(f"SELECT * FROM '{path}'").fetchall(), default=str)
        assert "p1." not in shown


def test_without_pseudonyms_no_secret_is_made(hub: Hub, tmp_path: Path) -> None:
    package = write_zip(tmp_path / "depot.zip", with_manifest(files({"dossier": [{}]})))
    depot_id = receive_deposit(hub, package, centre=CENTRE, periode=PERIODE, canal="commande", acteur="essai").depot_id
    validate_deposit(hub, depot_id)
    stage_deposit(hub, depot_id)
    assert not (hub.home.keys / "pseudonymes").exists()


def test_another_scheme_can_take_over(hub: Hub, tmp_path: Path) -> None:
    class Elsewhere:
        def __init__(self) -> None:
            self.asked: list[list[str]] = []

        def rekey(self, pseudonyms: Sequence[str]) -> list[str]:
            self.asked.append(list(pseudonyms))
            return [f"h1.{text.split('.')[1]}.{number:064x}" for number, text in enumerate(pseudonyms)]

    scheme = Elsewhere()
    kept = staged(hub, tmp_path, scheme)
    assert scheme.asked == [[ONE, OTHER, NEXT_KEY]]
    assert [text and text[-2:] for text in kept] == ["00", "01", "00", "02", None]
    assert not (hub.home.keys / "pseudonymes").exists()


def test_the_calculation_of_the_guide_gives_what_it_says_and_is_accepted() -> None:
    guide = (Path(__file__).parents[3] / "docs/guides/deposer.md").read_text(encoding="utf-8")
    code, said = re.findall(r"```(?:python|text)\n(.*?)```", guide.split("## Le pseudonyme régional")[1], re.DOTALL)[:2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == said
    assert Pseudonym().read(said.strip(), date(2026, 9, 30)) == said.strip()

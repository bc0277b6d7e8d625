"""What verification finds: any byte, any file, any key, and figures that do not hold although they are signed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import duckdb
import pytest

from intercentre.core import sshsig
from intercentre.core.files import sha256_file
from intercentre.core.hub import Hub
from intercentre.release import verify_release
from schemas.exchanges.release import OBSERVATION_KEY

FILES = (
    "LISEZMOI.txt",
    "MANIFEST.json",
    "MANIFEST.json.sig",
    "SHA256SUMS",
    "changements.md",
    "definitions.csv",
    "indicateurs.csv",
    "indicateurs.parquet",
    "intercentre-public.duckdb",
    "reserves.csv",
)


@pytest.fixture
def copy(stable: Path, tmp_path: Path) -> Path:
    """A copy of a good release that may be damaged, with its allowed_signers beside it."""
    folder = tmp_path / "publications" / "2026-T3.1"
    shutil.copytree(stable, folder)
    shutil.copy(stable.parent / "allowed_signers", folder.parent)
    for file in folder.iterdir():
        file.chmod(0o644)
    return folder


@pytest.fixture
def sign_again(copy: Path, stable_hub: Hub) -> Callable[..., None]:
    """Make sums, manifest and signature fit the folder as it stands: an insider with the key."""

    def sign(**facts: object) -> None:
        manifest = json.loads((copy / "MANIFEST.json").read_text()) | facts
        (copy / "SHA256SUMS").unlink()
        files = sorted(file.name for file in copy.iterdir() if not file.name.startswith("MANIFEST"))
        (copy / "SHA256SUMS").write_text("".join(f"{sha256_file(copy / name)}  {name}\n" for name in files))
        manifest["fichiers"] = [
            {"nom": name, "octets": (copy / name).stat().st_size, "sha256": sha256_file(copy / name)}
            for name in sorted([*files, "SHA256SUMS"])
        ]
        content = json.dumps(manifest).encode()
        key = sshsig.load_or_create_key(stable_hub.home.keys / "publication")
        (copy / "MANIFEST.json").write_bytes(content)
        (copy / "MANIFEST.json.sig").write_text(sshsig.sign(content, key, "intercentre-publication"))

    return sign


def rewrite(folder: Path, *statements: str) -> None:
    """The same changes in Parquet, CSV and the public file, so that only what the figures say is wrong."""
    with duckdb.connect() as engine:
        parquet = folder / "indicateurs.parquet"
        engine.execute(f"CREATE TABLE t AS FROM '{parquet}'")
        for statement in statements:
            engine.execute(statement)
        order = ", ".join(OBSERVATION_KEY)
        engine.execute(f"COPY (FROM t ORDER BY {order}) TO '{parquet}' (FORMAT parquet)")
        engine.execute(f"COPY (FROM t ORDER BY {order}) TO '{folder / 'indicateurs.csv'}' (FORMAT csv, HEADER)")
        engine.execute(f"ATTACH '{folder / 'intercentre-public.duckdb'}' AS p")
        engine.execute("DELETE FROM p.indicateurs; INSERT INTO p.indicateurs FROM t")


def test_a_good_release_has_no_problem(copy: Path) -> None:
    assert verify_release(copy) == []


@pytest.mark.parametrize("name", FILES)
def test_one_byte_changed_in_any_file(copy: Path, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    for place in (0, len(content) // 2, len(content) - 1):
        changed = bytearray(content)
        changed[place] ^= 1
        (copy / name).write_bytes(changed)
        problems = verify_release(copy)
        assert problems, f"byte {place} of {name}"
        assert any(name in problem for problem in problems) or name == "MANIFEST.json"
    (copy / name).write_bytes(content)
    assert verify_release(copy) == []


def test_every_byte_of_the_signature_counts(copy: Path) -> None:
    content = (copy / "MANIFEST.json.sig").read_bytes()
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] = ord(" ") if changed[place] != ord(" ") else ord("\n")
        (copy / "MANIFEST.json.sig").write_bytes(changed)
        assert verify_release(copy), f"byte {place}"


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file(copy: Path, name: str) -> None:
    (copy / name).unlink()
    assert any(name in problem and "absent" in problem for problem in verify_release(copy))


def test_an_extra_file_or_folder(copy: Path) -> None:
    (copy / "note.txt").write_text("x")
    (copy / "annexe").mkdir()
    assert verify_release(copy) == [
        "annexe : fichier en trop, absent du manifeste.",
        "note.txt : fichier en trop, absent du manifeste.",
    ]


def test_a_link_is_not_a_file(copy: Path, tmp_path: Path) -> None:
    (copy / "reserves.csv").rename(tmp_path / "ailleurs.csv")
    (copy / "reserves.csv").symlink_to(tmp_path / "ailleurs.csv")
    assert verify_release(copy) == ["reserves.csv : fichier absent."]


def test_no_pass_without_keys_or_with_other_keys(copy: Path, tmp_path: Path) -> None:
    other = sshsig.load_or_create_key(tmp_path / "cle")
    strangers = {
        "vide": "",
        "autre_cle": sshsig.allowed_signer("publication@intercentre", other, "intercentre-publication"),
        "autre_usage": (copy.parent / "allowed_signers").read_text().replace("intercentre-publication", "git"),
        "autre_nom": (copy.parent / "allowed_signers").read_text().replace("publication@", "autre@"),
        "charabia": "publication@intercentre ssh-ed25519 AAAA\n",
    }
    for name, text in strangers.items():
        (tmp_path / name).write_text(text)
        assert verify_release(copy, tmp_path / name), name
    (copy.parent / "allowed_signers").unlink()
    (problem,) = verify_release(copy)
    assert "clés admises absent" in problem


def test_a_signature_made_by_ssh_keygen_is_as_good(copy: Path, stable_hub: Hub) -> None:
    import subprocess

    (copy / "MANIFEST.json.sig").unlink()
    key = stable_hub.home.keys / "publication"
    command = ["ssh-keygen", "-Y", "sign", "-f", str(key), "-n", "intercentre-publication", "MANIFEST.json"]
    assert subprocess.run(command, cwd=copy, capture_output=True).returncode == 0
    assert verify_release(copy) == []


def test_not_a_release_at_all(tmp_path: Path) -> None:
    assert verify_release(tmp_path) == ["MANIFEST.json : fichier absent.", "MANIFEST.json.sig : fichier absent."]


def problems_of(copy: Path, sign: Callable[..., None], statements: Iterable[str]) -> list[str]:
    rewrite(copy, *statements)
    sign()
    return verify_release(copy)


def test_signing_again_without_change_is_accepted(copy: Path, sign_again: Callable[..., None]) -> None:
    assert problems_of(copy, sign_again, []) == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("INSERT INTO t FROM t WHERE territoire = 'CRIC' AND modalite = 'X'", "plusieurs lignes (I01, 2026-T3, centre"),
        ("INSERT INTO t FROM t WHERE territoire = 'CRIC' AND modalite = 'X'", "CRIC, sexe, X"),
        ("UPDATE t SET valeur = 3 WHERE statut_secret = 'masque'", "une valeur dans une ligne masquée (I01, 2026-T3"),
        ("UPDATE t SET numerateur = 3 WHERE statut_secret = 'masque'", "une valeur dans une ligne masquée"),
        ("UPDATE t SET valeur = 31 WHERE territoire = 'CRIC' AND valeur = 30", "somme des centres"),
        ("UPDATE t SET valeur = 15 WHERE territoire = 'RLF' AND indicateur = 'I21'", "(I21, 2026-T3, _T, _T)"),
        ("UPDATE t SET statut_secret = 'secret' WHERE statut_secret = 'masque'", "hors de sa liste"),
        ("UPDATE t SET statut_obs = NULL WHERE territoire = 'CAI'", "hors de sa liste"),
        ("UPDATE t SET couverture = 'toutes'", "hors de sa liste"),
        ("UPDATE t SET territoire_type = 'pays' WHERE territoire = 'RLF'", "hors de sa liste"),
        ("UPDATE t SET periode = '2026-13' WHERE indicateur = 'I53'", "n'a pas la forme"),
        ("UPDATE t SET periode = '2027' WHERE indicateur = 'I53'", "la période 2027 finit après"),
        ("UPDATE t SET reserves = '' WHERE indicateur = 'I21'", "les réserves de I21"),
        ("UPDATE t SET reserves = 'CRVI' WHERE indicateur = 'I01'", "les réserves de I01"),
        ("DELETE FROM t WHERE territoire = 'CAI' AND dimension = '_T'", "une ventilation sans son total"),
        ("DELETE FROM t WHERE indicateur = 'I21'", "vise un indicateur qui n'est pas publié"),
        ("ALTER TABLE t ALTER valeur TYPE INTEGER", "les colonnes ou leurs types"),
    ],
)
def test_signed_figures_that_do_not_hold(
    copy: Path, sign_again: Callable[..., None], statement: str, words: str
) -> None:
    found = problems_of(copy, sign_again, [statement])
    assert any(words.split(" (")[0] in problem for problem in found), found
    if " (" in words:
        assert any(words.split(" (")[1] in problem for problem in found), found


def test_additivity_is_silent_where_a_centre_is_masked(copy: Path, sign_again: Callable[..., None]) -> None:
    """3 centres of which one masked: the region may be more than the centres that show."""
    hidden = "UPDATE t SET valeur = NULL, statut_secret = 'masque' WHERE indicateur = 'I21' AND territoire = 'CAI'"
    assert problems_of(copy, sign_again, [hidden]) == []


@pytest.mark.parametrize("name", ["indicateurs.csv", "intercentre-public.duckdb"])
def test_formats_that_contradict_each_other(copy: Path, sign_again: Callable[..., None], name: str) -> None:
    kept = (copy / name).read_bytes()
    rewrite(copy, "UPDATE t SET valeur = 10 WHERE territoire = '92094' AND indicateur = 'I01'")
    (copy / name).write_bytes(kept)
    sign_again()
    assert verify_release(copy) == [f"{name} : ne dit pas la même chose que indicateurs.parquet."]


def test_a_list_that_names_a_file_outside(copy: Path, sign_again: Callable[..., None], stable_hub: Hub) -> None:
    sign_again()
    manifest = json.loads((copy / "MANIFEST.json").read_text())
    outside = copy.parent / "allowed_signers"
    manifest["fichiers"].append(
        {"nom": "../allowed_signers", "octets": outside.stat().st_size, "sha256": sha256_file(outside)}
    )
    content = json.dumps(manifest).encode()
    key = sshsig.load_or_create_key(stable_hub.home.keys / "publication")
    (copy / "MANIFEST.json").write_bytes(content)
    (copy / "MANIFEST.json.sig").write_text(sshsig.sign(content, key, "intercentre-publication"))
    assert "../allowed_signers : fichier absent." in verify_release(copy)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("definitions.csv", "indicateur,version_definition\r\nI01,1.0.0\r\nI21,1.1.0\r\n", "la définition de I53"),
        ("definitions.csv", "code\r\nI01\r\n", "n'a pas la forme attendue"),
        ("reserves.csv", "centre,avis,motif\r\n", "n'a pas la forme attendue"),
        ("reserves.csv", "centre,avis,indicateurs,motif\r\n", "les réserves de I21"),
        ("protection.json", '{"comptes": {"cellules": 12, "masquees": 1}}', "n'est pas celui de la publication"),
        ("protection.json", '{"comptes": 3}', "n'a pas la forme attendue"),
        ("protection.json", "", "n'a pas la forme attendue"),
        ("indicateurs.csv", "rien", "ne dit pas la même chose"),
        ("indicateurs.csv", "\xff", "ne dit pas la même chose"),
    ],
)
def test_signed_companions_that_do_not_fit(
    copy: Path, sign_again: Callable[..., None], name: str, content: str, problem: str
) -> None:
    (copy / name).write_bytes(content.encode("latin-1" if name == "indicateurs.csv" else "utf-8"))
    sign_again()
    assert any(problem in found for found in verify_release(copy))


def test_signed_text_that_is_no_manifest(copy: Path, stable_hub: Hub) -> None:
    content = b'{"version": "2026-T3.1"}'
    key = sshsig.load_or_create_key(stable_hub.home.keys / "publication")
    (copy / "MANIFEST.json").write_bytes(content)
    (copy / "MANIFEST.json.sig").write_text(sshsig.sign(content, key, "intercentre-publication"))
    (problem,) = verify_release(copy)
    assert "n'a pas la forme attendue" in problem


def test_signed_bytes_that_are_no_observations(copy: Path, sign_again: Callable[..., None]) -> None:
    (copy / "indicateurs.parquet").write_bytes(b"PAR1 rien PAR1")
    sign_again()
    (problem,) = verify_release(copy)
    assert "n'a pas la forme attendue" in problem


def test_a_release_without_its_figures(copy: Path, sign_again: Callable[..., None]) -> None:
    (copy / "indicateurs.csv").unlink()
    sign_again()
    assert verify_release(copy) == ["indicateurs.csv : une publication doit contenir ce fichier."]

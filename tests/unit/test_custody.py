"""Raw bytes in custody: sealed once, given back as they came, or refused."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from intercentre.core import custody
from intercentre.core.custody import CustodyError
from intercentre.core.hub import Hub
from tests.unit.processes import run_together

CONTENT = b"nom;prenom\n" * 20_000


@pytest.fixture
def sealed(hub: Hub, tmp_path: Path) -> str:
    (tmp_path / "source").write_bytes(CONTENT)
    return custody.seal(hub, tmp_path / "source")


@pytest.mark.parametrize("content", [b"", b"\x00", CONTENT], ids=["empty", "nul", "long"])
def test_bytes_come_back_as_they_came(hub: Hub, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "source").write_bytes(content)
    sha256 = custody.seal(hub, tmp_path / "source")
    custody.unseal(hub, sha256, tmp_path / "ailleurs" / "cible")
    assert sha256 == hashlib.sha256(content).hexdigest()
    assert (tmp_path / "ailleurs" / "cible").read_bytes() == content


def test_bytes_at_rest_are_encrypted(hub: Hub, sealed: str) -> None:
    stored = hub.home.custody(sealed).read_bytes()
    assert stored.startswith(b"age-encryption.org/v1\n")
    assert b"prenom" not in stored


def test_same_bytes_are_sealed_once(hub: Hub, tmp_path: Path, sealed: str) -> None:
    before = hub.home.custody(sealed).read_bytes()
    (tmp_path / "autre-nom").write_bytes(CONTENT)
    assert custody.seal(hub, tmp_path / "autre-nom") == sealed
    assert hub.home.custody(sealed).read_bytes() == before  # a second sealing would have drawn another file key
    assert [path.name for path in hub.home.custody(sealed).parent.iterdir()] == [f"{sealed}.age"]


def test_altered_bytes_are_refused_wherever_they_changed(hub: Hub, tmp_path: Path, sealed: str) -> None:
    path, draw = hub.home.custody(sealed), random.Random(7)
    whole = path.read_bytes()
    for place in {0, 30, 60, 100, 180, 200, len(whole) - 1, *(draw.randrange(len(whole)) for _ in range(40))}:
        altered = bytearray(whole)
        altered[place] ^= 1
        path.write_bytes(altered)
        with pytest.raises(CustodyError):
            custody.unseal(hub, sealed, tmp_path / "cible")
        assert not (tmp_path / "cible").exists()
    for length in (0, 10, 200, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(CustodyError):
            custody.unseal(hub, sealed, tmp_path / "cible")


def test_other_bytes_under_this_name_are_refused(hub: Hub, tmp_path: Path, sealed: str) -> None:
    """Well encrypted with the hub's own key, but not the bytes of this receipt."""
    (tmp_path / "faux").write_bytes(b"autre contenu")
    hub.home.custody(custody.seal(hub, tmp_path / "faux")).replace(hub.home.custody(sealed))
    with pytest.raises(CustodyError, match="ont changé depuis leur réception"):
        custody.unseal(hub, sealed, tmp_path / "cible")
    assert not (tmp_path / "cible").exists()


def test_forgotten_bytes_are_gone(hub: Hub, tmp_path: Path, sealed: str) -> None:
    assert custody.forget(hub, sealed) is True
    assert custody.forget(hub, sealed) is False
    with pytest.raises(CustodyError, match="ne sont plus conservés"):
        custody.unseal(hub, sealed, tmp_path / "cible")


def test_lost_key_is_said_and_no_other_takes_its_place(hub: Hub, tmp_path: Path, sealed: str) -> None:
    (hub.home.keys / "z0").unlink()
    with pytest.raises(CustodyError, match="clé"):
        custody.unseal(hub, sealed, tmp_path / "cible")
    assert not (hub.home.keys / "z0").exists()


def test_another_hubs_key_opens_nothing(hub: Hub, make_hub: Callable[..., Hub], tmp_path: Path, sealed: str) -> None:
    other = make_hub("autre")
    custody.seal(other, tmp_path / "source")
    (other.home.keys / "z0").replace(hub.home.keys / "z0")
    with pytest.raises(CustodyError, match="déchiffrés"):
        custody.unseal(hub, sealed, tmp_path / "cible")


@pytest.mark.slow
def test_eight_processes_that_seal_first_lose_nothing(hub: Hub, tmp_path: Path) -> None:
    """A home without a key: all eight make one, one is kept, and every deposit opens with it."""
    program = """
from pathlib import Path
from intercentre.core import custody
from intercentre.core.hub import Hub
from intercentre.core.settings import Settings
go()
hub = Hub(Settings(home=Path(sys.argv[1])))
for name in sys.argv[2:]:
    print(custody.seal(hub, Path(name)))
"""
    (tmp_path / "commun").write_bytes(CONTENT)
    for number in range(8):
        (tmp_path / f"propre-{number}").write_bytes(f"contenu {number}".encode())
    printed = run_together(
        program,
        [[str(hub.home.root), str(tmp_path / "commun"), str(tmp_path / f"propre-{number}")] for number in range(8)],
    )
    for number, out in enumerate(printed):
        common, own = out.split()
        assert common == hashlib.sha256(CONTENT).hexdigest()
        custody.unseal(hub, common, tmp_path / "cible")
        assert (tmp_path / "cible").read_bytes() == CONTENT
        custody.unseal(hub, own, tmp_path / "cible")
        assert (tmp_path / "cible").read_bytes() == f"contenu {number}".encode()
    assert sorted(path.name for path in hub.home.keys.iterdir()) == ["z0"]
    assert len(list((hub.home.root / "z0").rglob("*.age"))) == 9

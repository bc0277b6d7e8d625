"""Signatures that stock ssh-keygen checks, and that ours checks as ssh-keygen makes them."""

from __future__ import annotations

import base64
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from intercentre.core.sshsig import SignatureError, allowed_signer, load_or_create_key, public_line, sign, verify

WHO, SPACE, CONTENT = "publication@intercentre", "intercentre-publication", "Dépôt du 3e trimestre\n".encode()

needs_ssh_keygen = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def _stock_accepts(folder: Path, content: bytes, signature: str, allowed: str, space: str = SPACE) -> bool:
    (folder / "allowed").write_text(allowed)
    (folder / "sig").write_text(signature)
    command = ["ssh-keygen", "-Y", "verify", "-f", folder / "allowed", "-I", WHO, "-n", space, "-s", folder / "sig"]
    return subprocess.run(command, input=content, capture_output=True, check=False).returncode == 0


@needs_ssh_keygen
@pytest.mark.parametrize("content", [b"", b"\x00", CONTENT, b"x" * 100_000], ids=["empty", "nul", "text", "long"])
def test_stock_tool_accepts_our_signature(tmp_path: Path, key: Ed25519PrivateKey, content: bytes) -> None:
    allowed = allowed_signer(WHO, key, SPACE)
    signature = sign(content, key, SPACE)
    assert _stock_accepts(tmp_path, content, signature, allowed)
    assert not _stock_accepts(tmp_path, content + b"!", signature, allowed)
    assert not _stock_accepts(tmp_path, content, signature, allowed, "autre-usage")


@needs_ssh_keygen
def test_we_accept_the_stock_tools_signature_with_its_key(tmp_path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "essai", "-f", tmp_path / "k"], check=True)
    (tmp_path / "f").write_bytes(CONTENT)
    subprocess.run(
        ["ssh-keygen", "-Y", "sign", "-f", tmp_path / "k", "-n", SPACE, tmp_path / "f"], check=True, capture_output=True
    )
    public = (tmp_path / "k.pub").read_text()
    signature = (tmp_path / "f.sig").read_text()
    verify(CONTENT, signature, f"{WHO} {public}", WHO, SPACE)
    with pytest.raises(SignatureError, match="changé"):
        verify(CONTENT + b" ", signature, f"{WHO} {public}", WHO, SPACE)
    assert sign(CONTENT, load_or_create_key(tmp_path / "k"), SPACE) == signature  # Ed25519 is deterministic


@needs_ssh_keygen
def test_our_key_is_one_that_the_stock_tool_reads(tmp_path: Path) -> None:
    key = load_or_create_key(tmp_path / "cles" / "k")
    shown = subprocess.run(
        ["ssh-keygen", "-y", "-f", tmp_path / "cles" / "k"], check=True, capture_output=True, text=True
    ).stdout
    assert shown.split()[:2] == public_line(key).split()[:2]
    assert stat.S_IMODE((tmp_path / "cles" / "k").stat().st_mode) == 0o600


def test_key_is_made_once(tmp_path: Path) -> None:
    assert public_line(load_or_create_key(tmp_path / "k")) == public_line(load_or_create_key(tmp_path / "k"))


def test_changed_byte_anywhere_is_refused(key: Ed25519PrivateKey) -> None:
    allowed, signature = allowed_signer(WHO, key, SPACE), sign(CONTENT, key, SPACE)
    verify(CONTENT, signature, allowed, WHO, SPACE)
    for place in range(len(CONTENT)):
        changed = bytearray(CONTENT)
        changed[place] ^= 1
        with pytest.raises(SignatureError):
            verify(bytes(changed), signature, allowed, WHO, SPACE)
    blob = base64.b64decode("".join(signature.splitlines()[1:-1]))
    for place in range(len(blob)):
        altered = bytearray(blob)
        altered[place] ^= 1
        armoured = f"-----BEGIN SSH SIGNATURE-----\n{base64.b64encode(altered).decode()}\n-----END SSH SIGNATURE-----\n"
        with pytest.raises(SignatureError):
            verify(CONTENT, armoured, allowed, WHO, SPACE)


@pytest.mark.parametrize(
    "armoured",
    [
        "",
        "rien",
        "-----BEGIN SSH SIGNATURE-----\nU1NI\n-----END SSH SIGNATURE-----\n",
        "-----BEGIN SSH SIGNATURE-----\n????\n-----END SSH SIGNATURE-----\n",
    ],
)
def test_what_is_no_signature_is_refused(key: Ed25519PrivateKey, armoured: str) -> None:
    with pytest.raises(SignatureError):
        verify(CONTENT, armoured, allowed_signer(WHO, key, SPACE), WHO, SPACE)


def test_other_namespace_key_or_identity_is_refused(key: Ed25519PrivateKey) -> None:
    signature, other = sign(CONTENT, key, SPACE), Ed25519PrivateKey.generate()
    with pytest.raises(SignatureError, match="autre usage"):
        verify(CONTENT, signature, allowed_signer(WHO, key, "recu"), WHO, "recu")
    for allowed in (
        allowed_signer(WHO, other, SPACE),
        allowed_signer("autre@intercentre", key, SPACE),
        allowed_signer(WHO, key, "autre"),
        "",
    ):
        with pytest.raises(SignatureError, match="clés admises"):
            verify(CONTENT, signature, allowed, WHO, SPACE)


@needs_ssh_keygen
@pytest.mark.parametrize(
    ("options", "accepted"),
    [
        ("", True),
        (f'namespaces="{SPACE}" ', True),
        (f'namespaces="autre,{SPACE}" ', True),
        ('namespaces="autre" ', False),
        ('valid-before="20200101" ', False),
        (f'valid-before="20200101",namespaces="{SPACE}" ', False),
        ("cert-authority ", False),
    ],
)
def test_options_of_a_signer_are_judged_as_the_stock_tool_judges_them(
    tmp_path: Path, key: Ed25519PrivateKey, options: str, accepted: bool
) -> None:
    allowed, signature = f"{WHO} {options}{public_line(key)} commentaire ssh-ed25519\n", sign(CONTENT, key, SPACE)
    assert _stock_accepts(tmp_path, CONTENT, signature, allowed) is accepted
    if accepted:
        verify(CONTENT, signature, allowed, WHO, SPACE)
    else:
        with pytest.raises(SignatureError, match="clés admises"):
            verify(CONTENT, signature, allowed, WHO, SPACE)


def test_unreadable_lines_are_passed_over(key: Ed25519PrivateKey) -> None:
    noise = f"# {WHO} {public_line(key)}\n\n{WHO} ssh-ed25519 AAAA\n{WHO} ssh-rsa AAAA ssh-ed25519 x\n"
    verify(CONTENT, sign(CONTENT, key, SPACE), noise + allowed_signer(WHO, key, SPACE), WHO, SPACE)
    with pytest.raises(SignatureError, match="clés admises"):
        verify(CONTENT, sign(CONTENT, key, SPACE), noise, WHO, SPACE)

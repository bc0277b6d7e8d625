"""Accounts: created, renewed, revoked; a token is never kept."""

from __future__ import annotations

import hashlib
import sqlite3

import pytest
from sqlalchemy import select

from intercentre.core.hub import Hub
from intercentre.core.registry.store import verify_journal
from intercentre.core.registry.tables import Journal
from intercentre.portal.accounts import (
    Account,
    AccountError,
    Role,
    create_account,
    find_by_token,
    renew_token,
    revoke_account,
)


def test_a_token_opens_its_account(hub: Hub) -> None:
    token = create_account(hub, "cai", "centre", "CAI")
    found = find_by_token(hub, token)
    assert found is not None
    assert found[0] == Account("cai", Role.CENTRE, "CAI")


def test_only_the_hash_of_a_token_is_kept(hub: Hub) -> None:
    token = create_account(hub, "discri", "discri")
    with hub.registry.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    stored = (hub.home.root / "registre.sqlite").read_bytes()
    assert token.encode() not in stored
    assert hashlib.sha256(token.encode()).hexdigest().encode() in stored


def test_tokens_are_long_and_never_the_same(hub: Hub) -> None:
    first, second = create_account(hub, "a1", "discri"), create_account(hub, "a2", "discri")
    assert first != second
    assert min(len(first), len(second)) >= 43  # 256 bits in base64


def test_a_revoked_account_opens_nothing(hub: Hub) -> None:
    token = create_account(hub, "cai", "centre", "CAI")
    revoke_account(hub, "cai")
    assert find_by_token(hub, token) is None
    with pytest.raises(AccountError, match="Aucun compte en vigueur"):
        revoke_account(hub, "cai")


def test_a_renewed_token_replaces_the_former(hub: Hub) -> None:
    former = create_account(hub, "cai", "centre", "CAI")
    renewed = renew_token(hub, "cai")
    assert find_by_token(hub, former) is None
    assert find_by_token(hub, renewed) is not None


@pytest.mark.parametrize(
    ("nom", "role", "centre", "sentence"),
    [
        ("CAI", "centre", "CAI", "Nom de compte attendu"),
        ("x", "discri", None, "Nom de compte attendu"),
        ("cai", "admin", None, "Rôle attendu"),
        ("cai", "centre", None, "porte le code de son centre"),
        ("discri", "discri", "CAI", "les autres n'en ont pas"),
        ("neuf", "centre", "NEUF", "pas dans le registre des centres"),
    ],
)
def test_a_wrong_account_is_refused(hub: Hub, nom: str, role: str, centre: str | None, sentence: str) -> None:
    with pytest.raises(AccountError, match=sentence):
        create_account(hub, nom, role, centre)


def test_a_name_is_taken_once(hub: Hub) -> None:
    create_account(hub, "cai", "centre", "CAI")
    with pytest.raises(AccountError, match="existe déjà"):
        create_account(hub, "cai", "centre", "CAI")


def test_every_change_has_its_journal_line(hub: Hub) -> None:
    create_account(hub, "cai", "centre", "CAI", acteur="operateur")
    renew_token(hub, "cai")
    revoke_account(hub, "cai")
    with hub.registry.read() as session:
        lines = session.execute(select(Journal).order_by(Journal.numero)).scalars().all()
    assert [(line.acteur, line.action, line.objet) for line in lines] == [
        ("operateur", "compte_cree", "cai"),
        ("exploitant", "jeton_renouvele", "cai"),
        ("exploitant", "compte_revoque", "cai"),
    ]
    assert verify_journal(hub.registry) == (3, None)


def test_the_registry_is_a_real_file(hub: Hub) -> None:
    create_account(hub, "cai", "centre", "CAI")
    with sqlite3.connect(hub.home.root / "registre.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM compte").fetchone() == (1,)

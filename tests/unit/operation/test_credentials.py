"""First secrets: made once, readable by the operator alone, kept in the registry as hashes only."""

from __future__ import annotations

import hashlib
import json
import stat
from pathlib import Path

from sqlalchemy import select

from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Compte, Journal
from intercentre.operation.credentials import airflow_secrets, first_accounts


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_first_accounts_open_the_portal_for_eight_centres_and_three_others(hub: Hub) -> None:
    accounts = first_accounts(hub)
    with hub.registry.read() as session:
        rows = {row.nom: row for row in session.execute(select(Compte)).scalars()}
    assert set(rows) == {
        "cai", "ceraic", "cimb", "cribw", "cric", "crilux", "cripel", "crvi", "discri", "autorite", "exploitant",
    }  # fmt: skip
    assert (rows["cric"].role, rows["cric"].centre_code) == ("centre", "CRIC")
    assert (rows["discri"].role, rows["discri"].centre_code) == ("discri", None)
    for name, token in accounts.tokens.items():
        assert rows[name].jeton_sha256 == hashlib.sha256(token.encode()).hexdigest()
    assert len(set(accounts.tokens.values())) == len(rows)
    assert mode(accounts.file) == 0o600


def test_a_second_start_shows_and_changes_nothing(hub: Hub) -> None:
    first = first_accounts(hub)
    with hub.registry.read() as session:
        lines = len(session.execute(select(Journal)).all())
    second = first_accounts(hub)
    assert (first.created, second.created) == (True, False)
    assert second.tokens == first.tokens
    with hub.registry.read() as session:
        assert len(session.execute(select(Journal)).all()) == lines


def test_a_revoked_account_stays_closed(hub: Hub, clock: object) -> None:
    first_accounts(hub)
    with hub.registry.change() as change:
        change.session.get_one(Compte, "cai").revoque_le = change.instant
    assert not first_accounts(hub).created
    with hub.registry.read() as session:
        assert session.get_one(Compte, "cai").revoque_le is not None


def test_the_journal_holds_no_token(hub: Hub) -> None:
    accounts = first_accounts(hub)
    with hub.registry.read() as session:
        written = " ".join(line.objet + line.details for line in session.execute(select(Journal)).scalars())
    assert "cai" in written
    assert not any(token in written for token in accounts.tokens.values())


def test_airflow_secrets_are_made_once_and_closed(tmp_path: Path) -> None:
    first = airflow_secrets(tmp_path / "cles", "admin", "portail")
    second = airflow_secrets(tmp_path / "cles", "admin", "portail")
    assert first == second
    assert len({first.jwt, first.api_key, first.fernet, first.administrator_password}) == 4
    assert json.loads(first.passwords_file.read_text())["admin"] == first.administrator_password
    assert first.service_password_file.read_text() != first.administrator_password
    assert {mode(path) for path in (tmp_path / "cles").iterdir()} == {0o600}

"""First secrets of an installation: made once, kept in files that only the operator's account can read."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from intercentre.core.files import write_bytes
from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Compte
from schemas.nomenclatures import nomenclature

ACTOR = "exploitation"


@dataclass(frozen=True)
class AirflowSecrets:
    """What Airflow's components share, and the passwords of its two accounts.

    passwords_file          Airflow's own file of accounts: {account: password}
    service_password_file   the portal's password there, alone in a file
    """

    jwt: str
    api_key: str
    fernet: str
    passwords_file: Path
    service_password_file: Path
    administrator_password: str


@dataclass(frozen=True)
class FirstAccounts:
    """Accounts of the portal; `tokens` holds the tokens in clear, of this file only."""

    file: Path
    tokens: dict[str, str]
    created: bool


def airflow_secrets(folder: Path, administrator: str, service: str) -> AirflowSecrets:
    """The secrets kept in `folder`, made on first use."""
    kept = folder / "airflow.json"
    if not kept.exists():
        made = {
            "jwt": secrets.token_urlsafe(64),
            "api": secrets.token_urlsafe(32),
            "fernet": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "comptes": {administrator: secrets.token_urlsafe(18), service: secrets.token_urlsafe(32)},
        }
        write_bytes(kept, json.dumps(made).encode(), mode=0o600)
    values = json.loads(kept.read_text(encoding="utf-8"))
    passwords_file, service_file = folder / "airflow-comptes.json", folder / "airflow-portail"
    write_bytes(passwords_file, (json.dumps(values["comptes"]) + "\n").encode(), mode=0o600)
    write_bytes(service_file, values["comptes"][service].encode(), mode=0o600)
    return AirflowSecrets(
        jwt=values["jwt"],
        api_key=values["api"],
        fernet=values["fernet"],
        passwords_file=passwords_file,
        service_password_file=service_file,
        administrator_password=values["comptes"][administrator],
    )


def first_accounts(hub: Hub) -> FirstAccounts:
    """One account for each centre, for DISCRI, the authorities and the operator exists in the registry.

    The tokens of the accounts made now are added to cles/jetons.json (600); the registry keeps their SHA-256 only.
    """
    file = hub.home.keys / "jetons.json"
    tokens: dict[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    missing = {}
    with hub.registry.read() as session:
        for name, (role, centre) in _expected_accounts().items():
            if session.get(Compte, name) is None:
                missing[name] = (role, centre, secrets.token_urlsafe(32))
    if missing:
        tokens |= {name: token for name, (_, _, token) in missing.items()}
        write_bytes(file, (json.dumps(tokens, indent=1) + "\n").encode(), mode=0o600)
        _create(hub, missing)
    return FirstAccounts(file, tokens, bool(missing))


def _expected_accounts() -> dict[str, tuple[str, str | None]]:
    centres = {centre.lower(): ("centre", centre) for centre in nomenclature("centre").entries}
    return {**centres, "discri": ("discri", None), "autorite": ("autorite", None), "exploitant": ("exploitant", None)}


def _create(hub: Hub, accounts: dict[str, tuple[str, str | None, str]]) -> None:
    with hub.registry.change() as change:
        for name, (role, centre, token) in accounts.items():
            digest = hashlib.sha256(token.encode()).hexdigest()
            change.session.add(
                Compte(nom=name, role=role, centre_code=centre, jeton_sha256=digest, cree_le=change.instant)
            )
            change.journal(ACTOR, "compte_cree", name, role=role)

"""Accounts of the portal: who may come in, as what. A token is shown once and kept as its SHA-256."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import select

from intercentre.core.registry.tables import Compte
from schemas.nomenclatures import nomenclature

if TYPE_CHECKING:
    from intercentre.core.hub import Hub
    from intercentre.core.registry.store import Transaction

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
_TOKEN_BYTES = 32


class AccountError(ValueError):
    """The account cannot be created or changed; the message is French and safe to show."""


class Role(StrEnum):
    """What an account is. A centre sees its own deposits; DISCRI and the operator see all; an authority releases."""

    CENTRE = "centre"
    DISCRI = "discri"
    AUTORITE = "autorite"
    EXPLOITANT = "exploitant"


@dataclass(frozen=True)
class Account:
    """An account in force. `centre` is the code of its centre, None for the three other roles."""

    nom: str
    role: Role
    centre: str | None = None


def create_account(
    hub: Hub, nom: str, role: str, centre: str | None = None, *, acteur: str = Role.EXPLOITANT.value
) -> str:
    """A new account is in force; returns its token, which cannot be read again.

    raises  AccountError  name malformed or taken, role unknown, or centre unknown, missing or out of place
    """
    _check(nom, role, centre)
    token = _new_token()
    with hub.registry.change() as change:
        if change.session.get(Compte, nom) is not None:
            raise AccountError(f"Le compte « {nom} » existe déjà.")
        change.session.add(
            Compte(nom=nom, role=role, centre_code=centre, jeton_sha256=hash_token(token), cree_le=change.instant)
        )
        change.journal(acteur, "compte_cree", nom, role=role, centre=centre)
    return token


def renew_token(hub: Hub, nom: str, *, acteur: str = Role.EXPLOITANT.value) -> str:
    """The account has a new token and the former one opens nothing any more; returns the new one.

    raises  AccountError  no such account, or it is revoked
    """
    token = _new_token()
    with hub.registry.change() as change:
        _in_force(change, nom).jeton_sha256 = hash_token(token)
        change.journal(acteur, "jeton_renouvele", nom)
    return token


def revoke_account(hub: Hub, nom: str, *, acteur: str = Role.EXPLOITANT.value) -> None:
    """The account opens nothing any more, open sessions included; raises AccountError when there is none in force."""
    with hub.registry.change() as change:
        _in_force(change, nom).revoque_le = change.instant
        change.journal(acteur, "compte_revoque", nom)


def find_by_token(hub: Hub, token: str) -> tuple[Account, str] | None:
    """The account in force that this token opens and the token's hash; None when it opens nothing."""
    digest = hash_token(token)
    with hub.registry.read() as session:
        row = session.execute(select(Compte).where(Compte.jeton_sha256 == digest)).scalar_one_or_none()
    account = _account(row)
    return None if account is None else (account, digest)


def find_by_name(hub: Hub, nom: str, token_sha256: str) -> Account | None:
    """The account `nom`, if it is still in force with the token of this hash."""
    with hub.registry.read() as session:
        row = session.get(Compte, nom)
    return None if row is None or row.jeton_sha256 != token_sha256 else _account(row)


def hash_token(token: str) -> str:
    """SHA-256 of a token, hex. Tokens hold 256 random bits, so no salt nor slow hash is needed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _new_token() -> str:
    return secrets.token_urlsafe(_TOKEN_BYTES)


def _account(row: Compte | None) -> Account | None:
    if row is None or row.revoque_le is not None:
        return None
    return Account(row.nom, Role(row.role), row.centre_code)


def _in_force(change: Transaction, nom: str) -> Compte:
    row = change.session.get(Compte, nom)
    if row is None or row.revoque_le is not None:
        raise AccountError(f"Aucun compte en vigueur ne s'appelle « {nom} ».")
    return row


def _check(nom: str, role: str, centre: str | None) -> None:
    if _NAME.fullmatch(nom) is None:
        raise AccountError("Nom de compte attendu : 2 à 64 lettres minuscules, chiffres, « . », « _ » ou « - ».")
    if role not in set(Role):
        raise AccountError(f"Rôle attendu : {', '.join(Role)}.")
    if (role == Role.CENTRE) != (centre is not None):
        raise AccountError("Un compte de rôle « centre » porte le code de son centre ; les autres n'en ont pas.")
    if centre is not None and centre not in nomenclature("centre").entries:
        raise AccountError("Ce centre n'est pas dans le registre des centres.")

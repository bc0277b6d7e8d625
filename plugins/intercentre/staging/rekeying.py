"""The pseudonyms of the centres made the hub's own, as soon as they come in.

A centre makes `p1.<key id>.<hex>` with a yearly key that the hub never sees; what leaves this room is
`h1.<key id>.<hex>`. Whoever holds the centres' key cannot recognise a person in the hub's tables without the hub's
secret, and whoever holds the hub's secret cannot go back to a national number without the centres' key.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select

from intercentre.core.engine import load_rows, quoted
from intercentre.core.files import write_once
from intercentre.core.hub import Hub
from intercentre.core.refusal import Refusal
from intercentre.core.registry.tables import Journal
from schemas.contract import Pseudonym
from schemas.extracts import TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ACTOR = "preparation"
MADE = "secret_pseudonymes_cree"
_KEY_FILE = "pseudonymes"
_CENTRE, _HUB = "p1", "h1"


class PseudonymSecretError(Refusal):
    """The secret of the hub's pseudonyms is lost, or is another one: the same person would become two."""


class Rekeying(Protocol):
    """What makes the hub's pseudonyms of the centres'.

    The same input gives the same output for ever; two keys of the centres never give the same one, and the key's
    identifier stays readable. It takes all pseudonyms of a deposit at once, so that an oblivious pseudorandom function,
    whose server is elsewhere, can take over in one exchange.
    """

    def rekey(self, pseudonyms: Sequence[str]) -> list[str]:
        """One `h1.<key id>.<hex>` for each `p1.<key id>.<hex>`, in the same order."""
        ...


@dataclass(frozen=True)
class SecretRekeying:
    """HMAC-SHA256 with a secret of the hub, kept as the key of custody is and made at its first use.

    The journal keeps the SHA-256 of the secret, so that one that was lost or replaced is noticed before it is used:
    the dossiers staged with the former one would no longer be joined to those that follow.
    """

    hub: Hub

    def rekey(self, pseudonyms: Sequence[str]) -> list[str]:
        """The identifier of the centre's key is part of what is hashed, and stands beside the hash.

        raises  PseudonymSecretError when the secret is not the one with which the hub began
        """
        secret = self._secret()
        return [
            f"{_HUB}.{text.split('.')[1]}.{hmac.new(secret, text.encode('ascii'), hashlib.sha256).hexdigest()}"
            for text in pseudonyms
        ]

    def _secret(self) -> bytes:
        path, known = self.hub.home.keys / _KEY_FILE, self._fingerprint()
        if not path.exists():
            if known:
                raise PseudonymSecretError(
                    "Le secret des pseudonymes cles/pseudonymes est perdu : avec un autre, une personne déjà connue en "
                    "deviendrait deux. Remettez-le d'après la sauvegarde, puis relancez (docs/guides/exploitation.md)."
                )
            write_once(path, f"{secrets.token_hex(32)}\n".encode())
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
        made = hashlib.sha256(secret).hexdigest()
        if known and not hmac.compare_digest(known, made):
            raise PseudonymSecretError(
                "Le secret des pseudonymes cles/pseudonymes n'est plus celui avec lequel les dépôts précédents ont été "
                "préparés. Remettez l'ancien d'après la sauvegarde, puis relancez (docs/guides/exploitation.md)."
            )
        if not known:
            with self.hub.registry.change() as change:
                change.journal(ACTOR, MADE, _KEY_FILE, empreinte=made)
        return secret

    def _fingerprint(self) -> str | None:
        """SHA-256 of the secret in use, as the journal knows it; None before its first use."""
        lines = select(Journal.details).where(Journal.action == MADE).order_by(Journal.numero.desc()).limit(1)
        with self.hub.registry.read() as session:
            found = session.execute(lines).scalar_one_or_none()
        return str(json.loads(found)["empreinte"]) if found else None


def rekey_table(engine: DuckDBPyConnection, relation: str, table: str, rekeying: Rekeying) -> None:
    """No pseudonym of a centre is left in `relation`, which holds rows of the extract `table`."""
    for column, (kind, _) in TABLES[table].fields().items():
        if isinstance(kind, Pseudonym):
            name = quoted(column)
            found = engine.execute(
                f"SELECT DISTINCT {name} FROM {relation} WHERE starts_with({name}, '{_CENTRE}.') ORDER BY {name}"
            ).fetchall()
            given = [text for (text,) in found]
            if given:
                pairs = list(zip(given, rekeying.rekey(given), strict=True))
                load_rows(engine, "pseudonymes", {"recu": "VARCHAR", "garde": "VARCHAR"}, pairs)
                engine.execute(f"UPDATE {relation} SET {name} = garde FROM pseudonymes WHERE {name} = recu")
                engine.execute("DROP TABLE pseudonymes")

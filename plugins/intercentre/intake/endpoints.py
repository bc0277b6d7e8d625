"""The registry of centres' endpoints: a TOML file, one entry per centre; secrets stay in the environment or a file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from intercentre.core.hub import Hub
from intercentre.core.settings import SettingsError
from intercentre.intake.transfer import is_usable_token
from schemas.nomenclatures import nomenclature

_PERIOD = "{periode}"
_KEYS = {"url", "jeton_variable", "jeton_fichier"}


@dataclass(frozen=True)
class Endpoint:
    """Where a centre's deposits are pulled from.

    url             address with `{periode}` where the period stands
    jeton_variable  environment variable that holds the token, INTERCENTRE_JETON_<CENTRE> by default
    jeton_fichier   file that holds the token instead (a container's secret)
    """

    centre: str
    url: str
    jeton_variable: str
    jeton_fichier: str = ""

    def token(self, environment: Mapping[str, str]) -> str:
        """The token; raises SettingsError when neither the file nor the variable gives one that can be sent."""
        if self.jeton_fichier and Path(self.jeton_fichier).exists():
            token, place = Path(self.jeton_fichier).read_text(encoding="utf-8", errors="replace"), "son fichier"
        else:
            token, place = environment.get(self.jeton_variable, ""), self.jeton_variable
        token = token.strip()
        if not token:
            raise SettingsError(f"Le jeton du centre {self.centre} manque : {place} n'en donne aucun.")
        if not is_usable_token(token):
            raise SettingsError(f"Le jeton du centre {self.centre} ({place}) contient un caractère inadmissible.")
        return token


def read_endpoints(hub: Hub) -> dict[str, Endpoint]:
    """Centre code → endpoint; a centre without an entry deposits by itself. Raises SettingsError for a wrong file."""
    path = Path(hub.settings.centres) if hub.settings.centres else hub.home.root / "centres.toml"
    if not path.exists():
        return {}
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"Le registre des centres {path.name} n'est pas un fichier TOML lisible.") from error
    entries = content.pop("centres", {})
    if content or not isinstance(entries, dict):
        raise SettingsError(f"Registre des centres {path.name} : seules des tables [centres.<CODE>] sont attendues.")
    return {centre: _endpoint(centre, entry) for centre, entry in sorted(entries.items())}


def _endpoint(centre: str, entry: Any) -> Endpoint:
    if centre not in nomenclature("centre").entries:
        raise SettingsError(f"Registre des centres : {centre} n'est pas un centre connu.")
    if not isinstance(entry, dict) or not all(isinstance(value, str) for value in entry.values()):
        raise SettingsError(f"Registre des centres, {centre} : une table de textes est attendue.")
    if unknown := sorted(set(entry) - _KEYS):
        raise SettingsError(f"Registre des centres, {centre} : réglage inconnu : {', '.join(unknown)}.")
    if not _is_address(entry.get("url", "")):
        raise SettingsError(
            f"Registre des centres, {centre} : url attendue, http ou https, avec {_PERIOD}, sans compte ni espace."
        )
    return Endpoint(
        centre=centre,
        url=entry["url"],
        jeton_variable=entry.get("jeton_variable", f"INTERCENTRE_JETON_{centre}"),
        jeton_fichier=entry.get("jeton_fichier", ""),
    )


def _is_address(url: str) -> bool:
    """True for an address that a transfer can use; an account in it would take the place of the token."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  (raises ValueError when it is none)
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and parts.username is None
        and _PERIOD in parts.path + parts.query
        and url.isprintable()
        and " " not in url
    )

"""The registry of centres' endpoints: a TOML file, one entry per centre; secrets stay in the environment or a file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from intercentre.core.hub import Hub
from intercentre.core.settings import SettingsError

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
        """The token; raises SettingsError when neither the file nor the variable gives one."""
        if self.jeton_fichier and Path(self.jeton_fichier).exists():
            return Path(self.jeton_fichier).read_text(encoding="utf-8").strip()
        token = environment.get(self.jeton_variable, "")
        if not token:
            raise SettingsError(f"Le jeton du centre {self.centre} manque : {self.jeton_variable} n'est pas défini.")
        return token


def read_endpoints(hub: Hub) -> dict[str, Endpoint]:
    """Centre code → endpoint; a centre without an entry deposits by itself. Raises SettingsError for a wrong file."""
    path = Path(hub.settings.centres) if hub.settings.centres else hub.home.root / "centres.toml"
    if not path.exists():
        return {}
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("centres", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"Le registre des centres {path.name} n'est pas un fichier TOML lisible.") from error
    return {centre: _endpoint(centre, entry) for centre, entry in sorted(entries.items())}


def _endpoint(centre: str, entry: Mapping[str, str]) -> Endpoint:
    unknown = set(entry) - _KEYS
    if unknown or not str(entry.get("url", "")).startswith(("http://", "https://")):
        raise SettingsError(
            f"Registre des centres, {centre} : url (http ou https) attendue ; inconnu : {unknown or '-'}."
        )
    return Endpoint(
        centre=centre,
        url=entry["url"],
        jeton_variable=entry.get("jeton_variable", f"INTERCENTRE_JETON_{centre}"),
        jeton_fichier=entry.get("jeton_fichier", ""),
    )

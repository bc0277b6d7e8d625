"""Settings of one installation, read once from the environment (INTERCENTRE_*); policy is in the nomenclatures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from intercentre.core.refusal import Refusal

_PREFIX = "INTERCENTRE_"
# INTERCENTRE_JETON is a depositor's token, INTERCENTRE_JETON_<CENTRE> are the centres', INTERCENTRE_IMAGE_* compose's.
_OTHERS = (f"{_PREFIX}JETON_", f"{_PREFIX}IMAGE_")


class SettingsError(Refusal):
    """A setting is unknown or cannot be read; the message names it, never its value."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between two installations.

    home                 folder of the hub's data (INTERCENTRE_HOME, ./var)
    registre_url         SQLAlchemy URL of the registry; empty: SQLite in home
    registre_url_fichier file that holds the URL (a secret of the container); wins over registre_url
    centres              TOML of the centres' endpoints; empty: home/centres.toml
    collecte_octets_max  largest deposit taken in, bytes
    collecte_delai_s     longest time for one collection, seconds
    collecte_essais      tries before a collection is recorded as failed
    quorum               centres that must have voted before a round can be decided
    delai_jours          days that a round stays open; afterwards silence is agreement
    depot_delai_jours    days after the end of a period for its deposits, where calendrier_depot.csv says nothing
    duree_depots_jours   days that raw deposits are kept (Z0)
    portail_url          address of the portal as people open it, for Airflow's menu; empty: not shown there
    airflow_url          base URL of Airflow's API, for the portal; empty: the portal runs alone
    airflow_compte, airflow_mot_de_passe_fichier  the portal's service account there
    """

    home: Path = Path("var")
    registre_url: str = ""
    registre_url_fichier: str = ""
    centres: str = ""
    collecte_octets_max: int = 200_000_000
    collecte_delai_s: int = 120
    collecte_essais: int = 4
    quorum: int = 5
    delai_jours: int = 10
    depot_delai_jours: int = 30
    duree_depots_jours: int = 90
    portail_url: str = ""
    airflow_url: str = ""
    airflow_compte: str = ""
    airflow_mot_de_passe_fichier: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """The settings that `environment` gives; raises SettingsError for an unknown or unreadable one."""
        known = {f"{_PREFIX}{field.name.upper()}": field for field in fields(cls)}
        values: dict[str, object] = {}
        for name, text in environment.items():
            if not name.startswith(_PREFIX) or name == f"{_PREFIX}JETON" or name.startswith(_OTHERS):
                continue
            if name not in known:
                raise SettingsError(f"Réglage inconnu : {name}.")
            values[known[name].name] = _read(name, text, type(known[name].default))
        return cls(**values)  # type: ignore[arg-type]

    @property
    def registry_url(self) -> str:
        """The registry's URL, from the secret file, the setting or the home, in this order."""
        if self.registre_url_fichier:
            return Path(self.registre_url_fichier).read_text(encoding="utf-8").strip()
        return self.registre_url or f"sqlite:///{self.home.resolve() / 'registre.sqlite'}"


def _read(name: str, text: str, kind: type) -> object:
    if kind is int:
        if not text.isascii() or not text.isdigit():
            raise SettingsError(f"Réglage {name} : un nombre entier est attendu.")
        return int(text)
    return Path(text) if issubclass(kind, Path) else text

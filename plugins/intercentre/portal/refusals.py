"""Refusals of the portal: a status, a French sentence, nothing else."""

from __future__ import annotations

from collections.abc import Mapping

TITLES = {
    400: "Demande incomplète",
    401: "Connexion nécessaire",
    403: "Accès refusé",
    404: "Page introuvable",
    405: "Action impossible à cette adresse",
    409: "Action impossible à ce stade",
    413: "Fichier trop grand",
    415: "Type de contenu non admis",
    422: "Demande incomplète",
    429: "Trop d'essais",
    500: "Le portail a rencontré une difficulté",
    503: "Service momentanément indisponible",
}
SENTENCES = {
    403: "Votre compte ne donne pas accès à cette page.",
    404: "Cette page n'existe pas, ou elle n'est pas à votre disposition.",
    405: "Cette adresse existe, mais pas pour cette action.",
    500: "Votre demande n'a pas pu aboutir. L'incident est enregistré ; réessayez dans quelques minutes.",
}


class RefusalError(Exception):
    """A request is refused; `message` is French, says what to do, and is safe to show."""

    def __init__(self, status: int, message: str = "", *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.message = message or SENTENCES.get(status, "Votre demande n'a pas pu aboutir.")
        self.headers = dict(headers or {})

    @property
    def title(self) -> str:
        return TITLES.get(self.status, "Demande refusée")


class AuthenticationError(RefusalError):
    """Nobody in force is asking; `suite` is the page to return to after the login."""

    def __init__(self, message: str = "Connectez-vous avec le jeton de votre compte.", *, suite: str = "/") -> None:
        super().__init__(401, message, headers={"WWW-Authenticate": 'Bearer realm="intercentre"'})
        self.suite = suite

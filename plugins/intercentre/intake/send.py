"""Depositing at a hub from elsewhere, through its API: what `intercentre deposer` does."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from intercentre.core.packing import zip_folder
from intercentre.core.refusal import Refusal
from intercentre.intake.transfer import is_usable_token

_PATH = "api/v1/depots"
_CONNECT_S, _ANSWER_S = 10.0, 300.0  # the answer comes when the deposit is judged
_SENTENCES = {
    401: "Le hub ne reconnaît pas ce jeton. Vérifiez INTERCENTRE_JETON, ou demandez un nouveau jeton à l'exploitant.",
    403: "Ce compte n'a pas le droit de déposer. Employez le jeton du compte de votre centre.",
    404: "Il n'y a pas de hub à cette adresse. Vérifiez l'adresse, sans rien après le nom du site.",
    413: "Le fichier dépasse la taille admise par le hub. Vérifiez l'export, ou demandez de relever la limite.",
    422: "Le hub n'a pas pu prendre ce fichier.",
    429: "Trop d'essais. Attendez quelques minutes, puis recommencez.",
}
_UNAVAILABLE = "Le hub est momentanément indisponible (réponse {status}). Votre fichier n'est pas déposé ; réessayez."
_UNEXPECTED = "Le hub a répondu de façon inattendue (réponse {status}). Vérifiez l'adresse."


class SendError(Refusal):
    """The deposit was not taken in; the message is French and says what to do."""


def send(depot: Path, adresse: str, token: str, periode: str | None) -> tuple[str, str]:
    """The hub at `adresse` has the deposit; returns its receipt (JSON text) and the address of the verdict.

    depot    a file, or a folder (made into a ZIP first)
    adresse  https://hub.example; the token goes there and nowhere else, no redirection is followed
    raises   SendError
    """
    if not (depot.is_file() or depot.is_dir()):
        raise SendError(f"{depot} n'existe pas.")
    if not is_usable_token(token):
        raise SendError("Le jeton contient un caractère inadmissible. Copiez-le de nouveau, sans espace ni retour.")
    url = _deposit_address(adresse)
    with tempfile.TemporaryDirectory() as scratch:
        package = depot
        if depot.is_dir():
            package = Path(scratch) / f"{depot.resolve().name or 'depot'}.zip"
            zip_folder(depot, package)
        response = _post(url, token, package, {"periode": periode} if periode else {})
    return _read(response, url)


def _deposit_address(adresse: str) -> str:
    try:
        parts = urlsplit(adresse)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        usable = False
    if not usable:
        raise SendError("Adresse attendue sous la forme https://hub.example.")
    return f"{adresse.rstrip('/')}/{_PATH}"


def _post(url: str, token: str, package: Path, fields: Mapping[str, str]) -> requests.Response:
    try:
        with requests.Session() as session, package.open("rb") as stream:
            session.auth = _bearer(token)  # set, so that no .netrc takes its place
            return session.post(
                url,
                data=fields,
                files={"fichier": (package.name, stream, "application/octet-stream")},
                headers={"Accept": "application/json"},
                timeout=(_CONNECT_S, _ANSWER_S),
                allow_redirects=False,
            )
    except requests.exceptions.SSLError as error:
        raise SendError("La connexion au hub n'est pas sûre : son certificat est refusé.") from error
    except requests.Timeout as error:
        raise SendError(
            "Le hub n'a pas répondu à temps. Déposez de nouveau : un fichier déjà reçu n'est pas compté deux fois."
        ) from error
    except requests.RequestException as error:
        raise SendError("Le hub est injoignable. Vérifiez l'adresse et votre connexion, puis réessayez.") from error


def _bearer(token: str) -> Any:
    def sign(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {token}"
        return request

    return sign


def _read(response: requests.Response, url: str) -> tuple[str, str]:
    content = _json(response)
    status = response.status_code
    if status >= 500:
        raise SendError(_UNAVAILABLE.format(status=status))
    if status not in (200, 201):
        sentence = _SENTENCES.get(status, _UNEXPECTED.format(status=status))
        raise SendError(f"{sentence} {_said(content)}".rstrip())
    receipt, verdict = content.get("recepisse"), content.get("verdict")
    if not isinstance(receipt, dict) or not isinstance(verdict, str):
        raise SendError(_UNEXPECTED.format(status=status))
    return json.dumps(receipt, ensure_ascii=False, indent=1), urljoin(url, verdict)


def _said(content: Mapping[str, Any]) -> str:
    """The hub's own sentence, when it gave one."""
    error = content.get("erreur")
    said = error.get("message") if isinstance(error, dict) else None
    return said if isinstance(said, str) and said.isprintable() else ""


def _json(response: requests.Response) -> dict[str, Any]:
    try:
        content = response.json()
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}

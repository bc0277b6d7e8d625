"""What a person sends: small forms, and files streamed to disk within a bound."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.concurrency import run_in_threadpool

from intercentre.portal.deposit_form import FormReader
from intercentre.portal.guard import Visitor
from intercentre.portal.refusals import RefusalError
from intercentre.portal.sessions import same
from intercentre.portal.words import taille

FORM_MAX = 64 * 1024
_ENVELOPE = 64 * 1024  # the multipart form around the file
_DRAIN = 2  # bodies up to this many times the bound are read to their end, so that a browser shows the refusal
_NAME_MAX = 120


@dataclass(frozen=True)
class Upload:
    """A file as received, in a scratch folder that ends with the request; `fields` are the form's other answers."""

    path: Path
    name: str
    octets: int
    fields: Mapping[str, str] = field(default_factory=dict)


async def read_body(request: Request, most: int = FORM_MAX) -> bytes:
    """The whole body of a small request; raises RefusalError 413 beyond `most` bytes."""
    parts, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            raise RefusalError(413, "Votre réponse est trop longue. Raccourcissez-la.")
        parts.append(chunk)
    return b"".join(parts)


async def read_form(request: Request, visitor: Visitor) -> dict[str, list[str]]:
    """The answers of a plain form sent by this visitor's own page; raises RefusalError 403, 413."""
    answers = await read_answers(request)
    check_csrf(visitor, answers.get("csrf", [""])[0])
    return answers


async def read_answers(request: Request) -> dict[str, list[str]]:
    """The answers of a plain form, whoever sent it."""
    body = await read_body(request)
    return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=200)


def check_csrf(visitor: Visitor, token: str) -> None:
    """Refuse a form that did not come from the visitor's own page. A bearer token is no cookie: nothing to forge."""
    if visitor.csrf is not None and not same(visitor.csrf, token):
        raise RefusalError(403, "Ce formulaire a expiré. Rechargez la page et recommencez.")


@asynccontextmanager
async def receive_upload(request: Request, work: Path, most: int) -> AsyncIterator[Upload]:
    """The request's one file, on disk in `work`: field `fichier` of a form, or the whole body.

    raises  RefusalError  413 beyond `most` bytes, 422 without a file, 400 for a form that cannot be read
    """
    await _refuse_early(request, most)
    await run_in_threadpool(work.mkdir, parents=True, exist_ok=True)
    folder = Path(await run_in_threadpool(tempfile.mkdtemp, dir=work, prefix="envoi-"))
    try:
        kind, options = parse_options_header(request.headers.get("content-type", ""))
        if kind == b"multipart/form-data":
            yield await _read_multipart(request, folder, most, options.get(b"boundary", b""))
        else:
            yield await _read_raw(request, folder, most)
    finally:
        await run_in_threadpool(shutil.rmtree, folder, ignore_errors=True)


async def _read_raw(request: Request, folder: Path, most: int) -> Upload:
    path = folder / "envoi"
    with path.open("wb") as stream:
        size = 0
        async for chunk in _bounded(request, most, most):
            size += len(chunk)
            await run_in_threadpool(stream.write, chunk)
    _, options = parse_options_header(request.headers.get("content-disposition", ""))
    name = options.get(b"filename", b"").decode("utf-8", "replace")
    return Upload(path, clean_name(name or "depot.zip"), size)


async def _read_multipart(request: Request, folder: Path, most: int, boundary: bytes) -> Upload:
    path = folder / "envoi"
    try:
        form = FormReader(boundary, path)
        try:
            async for chunk in _bounded(request, most + _ENVELOPE, most):
                await run_in_threadpool(form.write, chunk)
            await run_in_threadpool(form.close)
        finally:
            form.abandon()
    except FormParserError as error:
        raise RefusalError(400, "Le formulaire n'a pas pu être lu. Rechargez la page et recommencez.") from error
    if form.name is None:
        raise RefusalError(422, "Choisissez d'abord un fichier (champ « fichier »).")
    if form.octets > most:
        raise too_large(most)
    return Upload(path, clean_name(form.name), form.octets, form.fields)


async def _bounded(request: Request, most: int, announced: int) -> AsyncIterator[bytes]:
    """The body's chunks; raises RefusalError 413 once it is over `most` bytes, after a moderate rest was read away."""
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most * _DRAIN:
            break
        if size <= most:
            yield chunk
    if size > most:
        raise too_large(announced)


async def _refuse_early(request: Request, most: int) -> None:
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length) > most * _DRAIN + _ENVELOPE:
        raise too_large(most)


def too_large(most: int) -> RefusalError:
    """The refusal of a file beyond the bound, which it states."""
    return RefusalError(
        413,
        f"Ce fichier dépasse la taille admise ({taille(most)}). Vérifiez l'export ; si cette taille est normale, "
        "demandez à l'exploitant de relever la limite. Votre dépôt précédent reste en vigueur.",
    )


def clean_name(name: str) -> str:
    """A file's own name, without folders nor control characters, short enough to show."""
    base = re.split(r"[/\\]", name)[-1]
    return re.sub(r"[\x00-\x1f\x7f\"<>]", "", base).strip()[-_NAME_MAX:] or "depot.zip"

"""One HTTP request to a simulated centre, from its line to the last byte of its answer."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, NamedTuple, cast

from intercentre.simulation.packing import Packed

if TYPE_CHECKING:
    from intercentre.simulation.server import CentreServer

_PATH = re.compile(r"/([A-Z]{2,12})/depots/(\d{4}(?:-T[1-4])?)\.zip")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_SLOW_PIECE, _SLOW_PIECES, _SLOW_PAUSE_S = 256, 60, 0.1  # bytes at least; pieces at most; seconds between two
_LOGIN_PAGE = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Connexion</title></head>
<body><h1>Connexion</h1><p>Votre session a expiré (centre simulé).</p></body></html>
"""


class Request(NamedTuple):
    """What was asked and what was answered; `octets` of the body were to be sent, `statut` 0 when nothing was."""

    centre: str
    periode: str
    plage: str
    statut: int
    octets: int


class RequestHandler(BaseHTTPRequestHandler):
    """GET and HEAD of deposits, `/sante` and a page that says that the centres are simulated."""

    protocol_version = "HTTP/1.1"
    server_version = "CentreSimule"
    sys_version = ""
    timeout = 30

    @property
    def site(self) -> CentreServer:
        return cast("CentreServer", getattr(self.server, "site"))  # noqa: B009  (set on the server)

    def do_GET(self) -> None:
        """Answer one request."""
        path = self.path.partition("?")[0]
        match = _PATH.fullmatch(path)
        if match and match[1] in self.site.centres():
            self._deposit(match[1], match[2])
        elif path == "/sante":
            self._answer(HTTPStatus.OK, b'{"etat": "ok", "donnees": "simulees"}', "application/json")
        elif path == "/":
            self._answer(HTTPStatus.OK, self._index().encode(), "text/html; charset=utf-8")
        else:
            self._plain(HTTPStatus.NOT_FOUND)

    def do_HEAD(self) -> None:
        """The same without the body."""
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the base class's name)
        """Say nothing: the site keeps its own record."""

    def _deposit(self, centre: str, periode: str) -> None:
        incident = self.site.incident(centre)
        kind = incident.kind if incident else ""
        asked = (centre, periode)
        if kind == "absent":
            self.close_connection = True
            self.site.record(Request(centre, periode, "", 0, 0))
        elif kind == "503":
            self._plain(HTTPStatus.SERVICE_UNAVAILABLE, asked=asked)
        elif kind == "401" or not self.site.allows(centre, self.headers.get("Authorization", "")):
            self._plain(HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": 'Bearer realm="depots"'}, asked)
        elif kind == "html":
            self._answer(HTTPStatus.OK, _LOGIN_PAGE.encode(), "text/html; charset=utf-8", asked=asked)
        elif kind == "vide":
            self._answer(HTTPStatus.OK, b"", "application/zip", asked=asked)
        else:
            self._send_deposit(asked, kind)

    def _send_deposit(self, asked: tuple[str, str], kind: str) -> None:
        packed = self.site.deposit(*asked)
        if packed is None:
            self._plain(HTTPStatus.NOT_FOUND, asked=asked)
            return
        common = {"ETag": packed.etag, "Accept-Ranges": "bytes"}
        if packed.etag in (tag.strip() for tag in self.headers.get("If-None-Match", "").split(",")):
            self._answer(HTTPStatus.NOT_MODIFIED, b"", None, common, asked=asked)
            return
        total = len(packed.octets)
        wanted = self._range(packed)
        if wanted is None:
            self._answer(HTTPStatus.OK, packed.octets, "application/zip", common, kind, asked)
        elif not wanted:
            unsatisfied = {"Content-Range": f"bytes */{total}"}
            self._plain(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, unsatisfied, asked)
        else:
            common["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{total}"
            body = packed.octets[wanted.start : wanted.stop]
            self._answer(HTTPStatus.PARTIAL_CONTENT, body, "application/zip", common, kind, asked)

    def _range(self, packed: Packed) -> range | None:
        """The bytes asked for; None for the whole file, an empty range when it cannot be satisfied."""
        match = _RANGE.fullmatch(self.headers.get("Range", ""))
        if match is None or not (match[1] or match[2]):
            return None
        if self.headers.get("If-Range", packed.etag) != packed.etag:
            return None
        total = len(packed.octets)
        if not match[1]:
            return range(max(0, total - int(match[2])), total) if int(match[2]) else range(0)
        return range(int(match[1]), min(total, int(match[2]) + 1) if match[2] else total)

    def _plain(
        self, status: HTTPStatus, headers: Mapping[str, str] | None = None, asked: tuple[str, str] | None = None
    ) -> None:
        self._answer(status, f"{status.value}\n".encode(), "text/plain; charset=utf-8", headers, asked=asked)

    def _answer(
        self,
        status: HTTPStatus,
        body: bytes,
        content_type: str | None,
        headers: Mapping[str, str] | None = None,
        kind: str = "",
        asked: tuple[str, str] | None = None,
    ) -> None:
        """Status, headers and body; `asked` (centre, period) is recorded before the first byte leaves."""
        sent = 0 if self.command == "HEAD" else len(body) // 2 if kind == "coupe" else len(body)
        if asked is not None:
            self.site.record(Request(*asked, self.headers.get("Range", ""), status.value, sent))
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if content_type is not None:
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
        try:
            self.end_headers()
            self._send(body[:sent], slowly=kind == "lent")
        except OSError:  # the client left: that is its right
            self.close_connection = True
        if kind == "coupe":
            self.close_connection = True

    def _send(self, body: bytes, *, slowly: bool) -> None:
        if not slowly:
            self.wfile.write(body)
            return
        piece = max(_SLOW_PIECE, -(-len(body) // _SLOW_PIECES))
        for start in range(0, len(body), piece):
            self.wfile.write(body[start : start + piece])
            if self.site.stopping.wait(_SLOW_PAUSE_S):
                self.close_connection = True
                return

    def _index(self) -> str:
        items = "".join(f"<li>{html.escape(centre)}</li>" for centre in self.site.centres())
        return (
            '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Centres simulés</title></head><body>'
            "<h1>Centres simulés</h1><p>Ces centres sont simulés : leurs dépôts ne décrivent aucune personne réelle."
            f"</p><ul>{items}</ul></body></html>"
        )

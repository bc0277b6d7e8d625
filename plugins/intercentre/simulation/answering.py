"""One HTTP request to a simulated centre, from its line to the last byte of its answer."""

from __future__ import annotations

import html
import re
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, NamedTuple, cast

from intercentre.simulation.packing import Packed

if TYPE_CHECKING:
    from intercentre.simulation.server import CentreServer

_PATH = re.compile(r"/([A-Z]{2,12})/depots/(\d{4}(?:-T[1-4])?)\.zip")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_SLOW_PIECE, _SLOW_PAUSE_S = 256, 0.1
_LOGIN_PAGE = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Connexion</title></head>
<body><h1>Connexion</h1><p>Votre session a expiré (centre simulé).</p></body></html>
"""


class Request(NamedTuple):
    """What was asked and what was answered; `octets` were sent of the body."""

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

    @property
    def site(self) -> CentreServer:
        return cast("CentreServer", getattr(self.server, "site"))  # noqa: B009  (set on the server)

    def do_GET(self) -> None:
        """Answer one request."""
        path = self.path.partition("?")[0]
        match = _PATH.fullmatch(path)
        if match:
            self._deposit(match[1], match[2])
        elif path == "/sante":
            self._answer(HTTPStatus.OK, b'{"etat": "ok", "donnees": "simulees"}', "application/json")
        elif path == "/":
            self._answer(HTTPStatus.OK, self._index().encode(), "text/html; charset=utf-8")
        else:
            self._plain(HTTPStatus.NOT_FOUND)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the base class's name)
        """Say nothing: the site keeps its own record."""

    def _deposit(self, centre: str, periode: str) -> None:
        status, sent = self._serve_deposit(centre, periode)
        self.site.record(Request(centre, periode, self.headers.get("Range", ""), status, sent))

    def _serve_deposit(self, centre: str, periode: str) -> tuple[int, int]:
        """(status, bytes of the body sent); status 0 when nothing was answered."""
        if centre not in self.site.centres():
            return self._plain(HTTPStatus.NOT_FOUND)
        incident = self.site.incident(centre)
        kind = incident.kind if incident else ""
        if kind == "absent":
            self.close_connection = True
            return 0, 0
        if kind == "503":
            return self._plain(HTTPStatus.SERVICE_UNAVAILABLE)
        if kind == "401" or not self.site.allows(centre, self.headers.get("Authorization", "")):
            return self._plain(HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": 'Bearer realm="depots"'})
        if kind == "html":
            return self._answer(HTTPStatus.OK, _LOGIN_PAGE.encode(), "text/html; charset=utf-8")
        if kind == "vide":
            return self._answer(HTTPStatus.OK, b"", "application/zip")
        packed = self.site.deposit(centre, periode)
        if packed is None:
            return self._plain(HTTPStatus.NOT_FOUND)
        return self._send_deposit(packed, kind)

    def _send_deposit(self, packed: Packed, kind: str) -> tuple[int, int]:
        common = {"ETag": packed.etag, "Accept-Ranges": "bytes"}
        if packed.etag in (tag.strip() for tag in self.headers.get("If-None-Match", "").split(",")):
            return self._answer(HTTPStatus.NOT_MODIFIED, b"", None, common)
        total = len(packed.octets)
        wanted = self._range(packed)
        if wanted is None:
            return self._answer(HTTPStatus.OK, packed.octets, "application/zip", common, kind)
        if not wanted:
            return self._plain(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, {"Content-Range": f"bytes */{total}"})
        common["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{total}"
        body = packed.octets[wanted.start : wanted.stop]
        return self._answer(HTTPStatus.PARTIAL_CONTENT, body, "application/zip", common, kind)

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

    def _plain(self, status: HTTPStatus, headers: dict[str, str] | None = None) -> tuple[int, int]:
        return self._answer(status, f"{status.value}\n".encode(), "text/plain; charset=utf-8", headers)

    def _answer(
        self,
        status: HTTPStatus,
        body: bytes,
        content_type: str | None,
        headers: dict[str, str] | None = None,
        kind: str = "",
    ) -> tuple[int, int]:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if content_type is not None:
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return status, 0
        try:
            return status, self._send(body, kind)
        except OSError:  # the client left: that is its right
            self.close_connection = True
            return status, 0

    def _send(self, body: bytes, kind: str) -> int:
        if kind == "coupe":
            half = len(body) // 2
            self.wfile.write(body[:half])
            self.close_connection = True
            return half
        if kind != "lent":
            self.wfile.write(body)
            return len(body)
        for start in range(0, len(body), _SLOW_PIECE):
            self.wfile.write(body[start : start + _SLOW_PIECE])
            if self.site.stopping.wait(_SLOW_PAUSE_S):
                self.close_connection = True
                return min(len(body), start + _SLOW_PIECE)
        return len(body)

    def _index(self) -> str:
        items = "".join(f"<li>{html.escape(centre)}</li>" for centre in self.site.centres())
        return (
            '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Centres simulés</title></head><body>'
            "<h1>Centres simulés</h1><p>Ces centres sont simulés : leurs dépôts ne décrivent aucune personne réelle."
            f"</p><ul>{items}</ul></body></html>"
        )

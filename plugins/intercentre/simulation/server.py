"""The centres as real HTTP endpoints: a token each, entity tags, ranges, and failures on demand."""

from __future__ import annotations

import hmac
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from intercentre.simulation.answering import Request, RequestHandler
from intercentre.simulation.incidents import Incident, Incidents
from intercentre.simulation.packing import Packed, pack
from schemas.exchanges.manifest import MANIFEST_NAME


class CentreServer:
    """Serves `<folder>/<CENTRE>/<PERIODE>/` as `GET /<CENTRE>/depots/<PERIODE>.zip`; a context manager.

    jetons     centre → token that the hub must bear; a centre without a token is not served at all
    incidents  centre → what goes wrong there (see incidents.py); `fail` and `repair` change it while running
    requests   what was asked and answered, in order
    raises     ValueError for an unknown incident, OSError when the address is taken
    """

    def __init__(
        self,
        folder: Path,
        jetons: Mapping[str, str],
        incidents: Mapping[str, str] | None = None,
        *,
        hote: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.folder = folder
        self._tokens = dict(jetons)
        self._incidents = Incidents(incidents or {})
        self._packed: dict[tuple[str, str], Packed] = {}
        self._lock = threading.Lock()
        self._log: list[Request] = []
        self._server = _Server((hote, port), RequestHandler)
        self._server.site = self
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Base address, without a final slash."""
        host, port = self._server.server_address[:2]
        return f"http://{host if isinstance(host, str) else host.decode()}:{port}"

    def endpoint(self, centre: str) -> str:
        """The address of a centre's deposits, with `{periode}` where the period stands."""
        return f"{self.url}/{centre}/depots/{{periode}}.zip"

    @property
    def requests(self) -> tuple[Request, ...]:
        with self._lock:
            return tuple(self._log)

    def counts(self, centre: str) -> Counter[int]:
        """How many answers of each status the centre gave."""
        return Counter(request.statut for request in self.requests if request.centre == centre)

    def fail(self, centre: str, incident: str) -> None:
        """From now on this goes wrong at the centre; raises ValueError for an unknown incident."""
        self._incidents.set(centre, incident)

    def repair(self, centre: str) -> None:
        """From now on nothing goes wrong at the centre."""
        self._incidents.clear(centre)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Nothing listens any more; a second call does nothing."""
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._thread = None
        self._incidents.stop()
        self._server.server_close()

    def serve_forever(self) -> None:
        """Serve in this thread until it is interrupted; nothing listens afterwards."""
        try:
            self._server.serve_forever(poll_interval=0.2)
        finally:
            self._incidents.stop()
            self._server.server_close()

    # What the handler asks.

    def centres(self) -> tuple[str, ...]:
        return tuple(sorted(self._tokens))

    def allows(self, centre: str, authorization: str) -> bool:
        """Whether the header bears the centre's token."""
        token = self._tokens.get(centre)
        kind, _, given = authorization.partition(" ")
        return token is not None and kind.lower() == "bearer" and hmac.compare_digest(given.encode(), token.encode())

    def incident(self, centre: str) -> Incident | None:
        return self._incidents.next(centre)

    def deposit(self, centre: str, periode: str) -> Packed | None:
        """The archive of one deposit; None when the centre has none for this period. Packed anew when files change."""
        folder = self.folder / centre / periode
        if not (folder / MANIFEST_NAME).is_file():
            return None
        with self._lock:
            packed = pack(folder, self._packed.get((centre, periode)))
            self._packed[centre, periode] = packed
            return packed

    def record(self, request: Request) -> None:
        with self._lock:
            self._log.append(request)

    @property
    def stopping(self) -> threading.Event:
        return self._incidents.stopping


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    site: CentreServer


def serve(
    folder: Path,
    *,
    hote: str = "127.0.0.1",
    port: int = 0,
    jetons: Mapping[str, str],
    incidents: Mapping[str, str] | None = None,
    ready: Callable[[str], None],
) -> None:
    """The centres answer until the process is interrupted (Ctrl-C); `ready` is told the base address once they do.

    raises  ValueError (message in French) for an unknown incident, OSError when the address is taken
    """
    server = CentreServer(folder, jetons, incidents, hote=hote, port=port)
    with suppress(KeyboardInterrupt):
        ready(server.url)
        server.serve_forever()

"""The portal as a process: ready, answering, stopped cleanly."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import httpx
import pytest

from intercentre.core.hub import Hub
from intercentre.portal import run

PROGRAM = textwrap.dedent("""
    import sys
    from pathlib import Path
    from intercentre.core.hub import Hub
    from intercentre.core.settings import Settings
    from intercentre.portal import run
    run(Hub(Settings(home=Path(sys.argv[1]))), "127.0.0.1", 0, ready=lambda url: print(url, flush=True))
""")


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_process_says_where_it_answers_and_stops_when_told(tmp_path: Path, how: signal.Signals) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("INTERCENTRE_")}
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "maison")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:")
            answer = httpx.get(f"{address}/sante", timeout=10)
            assert (answer.status_code, answer.json()["statut"]) == (200, "ok")
            assert "server" not in answer.headers
            asked = httpx.head(f"{address}/connexion", timeout=10)
            assert (asked.status_code, asked.content) == (200, b"")
            assert int(asked.headers["content-length"]) > 1000  # that of the page which GET gives
            process.send_signal(how)
            _, errors = process.communicate(timeout=15)
        finally:
            process.kill()
    assert errors == ""
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{address}/sante", timeout=2)


def test_a_taken_port_is_told(hub: Hub) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            run(hub, "127.0.0.1", taken.getsockname()[1])

"""Real processes and real databases: eight votes at once, two publications at once, a process that is killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from intercentre.access import sql
from intercentre.concertation import open_round, round_status
from intercentre.core.hub import Hub
from intercentre.core.registry.store import verify_journal
from intercentre.core.registry.tables import Journal, Publication, Voix
from intercentre.core.settings import Settings
from intercentre.release import publish, verify_release
from schemas.exchanges.agreement import RoundState
from tests.unit.processes import run_together

pytestmark = pytest.mark.slow

INSTANT = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)
CENTRES = ("CAI", "CERAIC", "CIMB", "CRIBW", "CRIC", "CRILUX", "CRIPEL", "CRVI")

HUB = """
from datetime import UTC, datetime
from pathlib import Path
from intercentre.core.hub import Hub
from intercentre.core.settings import Settings
hub = Hub(Settings(home=Path(sys.argv[1]), registre_url=sys.argv[2]), now=lambda: datetime(2026, 10, 12, 9, tzinfo=UTC))
hub.registry
"""
VOTE = (
    HUB
    + """
from intercentre.concertation import cast_vote
from schemas.exchanges.agreement import Vote
go()
print(cast_vote(hub, sys.argv[3], sys.argv[4], Vote(avis="approuve"), "compte-" + sys.argv[4].lower()))
"""
)
PUBLISH = (
    HUB
    + """
from intercentre.release import PublicationRefusee, publish
go()
try:
    print(publish(hub, "2026-T3", approbateur=sys.argv[3]).name)
except PublicationRefusee as refusal:
    print("refusée :", refusal)
"""
)


@pytest.fixture
def stage(tmp_path: Path, registry_url: str, desk: Any) -> tuple[Hub, list[str]]:
    """A hub on the database in turn, and the words by which another process opens the same one."""
    settings = Settings(home=tmp_path / "hub", registre_url=registry_url)
    hub = desk.prepare(Hub(settings, now=lambda: INSTANT))
    return hub, [str(settings.home), registry_url]


def count(hub: Hub, table: Any) -> int:
    with hub.registry.read() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def test_from_votes_to_answers(stage: tuple[Hub, list[str]]) -> None:
    """Eight processes vote at the same moment, two publish: one decision, one release, one chain."""
    hub, words = stage
    tour = open_round(hub, "2026-T3")
    printed = run_together(VOTE, [[*words, tour, centre] for centre in CENTRES])
    assert sorted(line.strip() for line in printed) == ["accorde", *["ouvert"] * 7]
    assert count(hub, Voix) == 8
    status = round_status(hub, tour)
    assert (status.etat, status.votes_exprimes, status.decide_le) == (RoundState.ACCORDE, 8, INSTANT)

    printed = run_together(PUBLISH, [[*words, "premier"], [*words, "second"]])
    assert "2026-T3.1\n" in printed
    assert all(line == "2026-T3.1\n" or "vient d'être faite par ailleurs" in line for line in printed)
    assert count(hub, Publication) == 1
    folder = publish(hub, "2026-T3", approbateur="troisieme")
    assert verify_release(folder) == []
    assert [path.name for path in folder.parent.iterdir() if path.is_dir()] == ["2026-T3.1"]
    assert sql(hub, "SELECT valeur FROM indicateurs WHERE indicateur = 'I21' AND territoire = 'CAI'")[1] == [(6.0,)]
    with hub.registry.read() as session:
        actions = session.execute(select(Journal.action).order_by(Journal.numero)).scalars().all()
    assert list(actions) == ["tour_ouvert", *["voix_emise"] * 8, "tour_accorde", "publication_faite"]
    assert verify_journal(hub.registry) == (11, None)
    hub.registry.engine.dispose()


@pytest.mark.parametrize("step", ["write_sums", "seal", "place_folder", "record"])
def test_a_process_killed_while_it_publishes(tmp_path: Path, desk: Any, step: str) -> None:
    """SIGKILL just after a step: the next publication ends with one whole release."""
    hub = desk.prepare(Hub(Settings(home=tmp_path / "hub"), now=lambda: INSTANT))
    desk.agree(hub)
    program = (
        "import sys\n"
        + HUB
        + f"""
import time
from intercentre.release import publishing
step = publishing.{step}
def stop(*words, **named):
    found = step(*words, **named)
    print("là", flush=True)
    time.sleep(60)
    return found
publishing.{step} = stop
publishing.publish(hub, "2026-T3", approbateur="tué")
"""
    )
    words = [sys.executable, "-c", program, str(tmp_path / "hub"), hub.settings.registry_url]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "là\n"
        process.send_signal(signal.SIGKILL)
        assert process.wait(10) == -signal.SIGKILL
    assert count(hub, Publication) == 0
    started = time.monotonic()
    folder = publish(hub, "2026-T3", approbateur="suivant")
    assert time.monotonic() - started < 20  # no lock outlives the process
    assert folder.name == "2026-T3.1"
    assert verify_release(folder) == []
    assert count(hub, Publication) == 1
    assert verify_journal(hub.registry)[1] is None
    whole_before = step in ("place_folder", "record")
    approver = '"approbateur": "tué"' if whole_before else '"approbateur": "suivant"'
    assert approver in (folder / "MANIFEST.json").read_text()

"""Opening the registry, and changing it: a change of state and its journal line are one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, func, make_url, select, text
from sqlalchemy.orm import Session

from intercentre.core.registry.tables import Journal

FIRST_LINK = "0" * 64


@dataclass(frozen=True)
class Registry:
    """The registry of one hub."""

    engine: Engine
    now: Callable[[], datetime]

    @classmethod
    def open(cls, url: str, now: Callable[[], datetime]) -> Registry:
        """The registry at `url`, created or migrated where needed."""
        from intercentre.core.registry.migration import migrate

        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        migrate(engine)
        return cls(engine, now)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for reading; nothing that it changes is kept."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def change(self) -> Iterator[Transaction]:
        """A transaction: everything in the block and its journal lines are kept together, or not at all."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            _serialise(session)
            yield Transaction(session, self.now())


@dataclass(frozen=True)
class Transaction:
    """An open change. Writers are serialised, so the chain has one end and `instant` is the change's own."""

    session: Session
    instant: datetime

    def journal(self, acteur: str, action: str, objet: str, **details: Any) -> None:
        """Write one line of the journal; `details` are identifiers and counts, never a cell value."""
        last = self.session.execute(select(Journal).order_by(Journal.numero.desc()).limit(1)).scalar_one_or_none()
        line = Journal(
            numero=last.numero + 1 if last else 1,
            instant=self.instant.isoformat(),
            acteur=acteur,
            action=action,
            objet=objet,
            details=json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str),
            sha256_precedent=last.sha256 if last else FIRST_LINK,
        )
        line.sha256 = link(line)
        self.session.add(line)
        self.session.flush()

    def next_number(self, column: Any) -> int:
        """One more than the greatest value of an integer column."""
        return int(self.session.execute(select(func.coalesce(func.max(column), 0))).scalar_one()) + 1


def link(line: Journal) -> str:
    """SHA-256 of a journal line and of the link before it."""
    content = [line.sha256_precedent, line.numero, line.instant, line.acteur, line.action, line.objet, line.details]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def verify_journal(registry: Registry) -> tuple[int, int | None]:
    """Number of lines, and the number of the first one that does not hold (None when the chain is whole)."""
    previous, expected = FIRST_LINK, 0
    with registry.read() as session:
        lines = select(Journal).order_by(Journal.numero).execution_options(yield_per=1000)
        for line in session.execute(lines).scalars():
            expected += 1
            if (line.numero, line.sha256_precedent, line.sha256) != (expected, previous, link(line)):
                return expected, line.numero
            previous = line.sha256
    return expected, None


def missing_anchors(registry: Registry, releases: Path) -> list[str]:
    """The releases whose signed manifest names a link that the journal no longer has: its end was cut or rewritten.

    releases  folder of the releases; each MANIFEST.json holds in `journal_sha256` the last link when it was made
    """
    manifests = sorted(releases.glob("*/MANIFEST.json"))
    anchors = {path.parent.name: json.loads(path.read_text(encoding="utf-8"))["journal_sha256"] for path in manifests}
    with registry.read() as session:
        known = set(session.scalars(select(Journal.sha256).where(Journal.sha256.in_(anchors.values()))))
    return [version for version, anchor in anchors.items() if anchor not in known]


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where SQLAlchemy says, not where the driver guesses
    connection.execute("PRAGMA busy_timeout=30000")  # first: the next lines may have to wait for another process
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin_sqlite(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")


def _serialise(session: Session) -> None:
    """One writer at a time, from before the first read: a chain cannot have two ends."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("ROLLBACK")
        session.connection().exec_driver_sql("BEGIN IMMEDIATE")
    else:
        session.execute(text("SELECT pg_advisory_xact_lock(7365)"))

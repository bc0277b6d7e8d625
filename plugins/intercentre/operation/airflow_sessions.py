"""Airflow's database sessions on SQLite: the audit line of a request never blocks the server's event loop.

Airflow 3.3 commits the audit line of every changing request on the event loop itself. On SQLite that commit waits for
the one writer; when the writer is another request, its own commit waits for the event loop, and the server stands
still until SQLite gives up. Here such a line is written by a thread of its own, in order, while the loop goes on.
PostgreSQL has no such single writer and does without (docker-compose.yml).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

AUDIT_TABLE = "log"
_log = logging.getLogger(__name__)
_writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal-airflow")


class LoopFriendlySession(Session):
    """A session whose commit of nothing but audit lines, on an event loop, is handed to the writing thread."""

    def commit(self) -> None:
        lines = [row for row in self.new if getattr(row, "__tablename__", None) == AUDIT_TABLE]
        if lines and len(lines) == len(self.new) and not (self.dirty or self.deleted) and _on_event_loop():
            for line in lines:
                self.expunge(line)
            _writer.submit(_write, self.bind, lines)
        super().commit()


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """The maker that `[database] sql_alchemy_session_maker` names; options as Airflow's own."""
    return sessionmaker(engine, class_=LoopFriendlySession, autoflush=False, expire_on_commit=False)


def _on_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _write(engine: Engine | Connection | None, lines: Sequence[object]) -> None:
    try:
        with Session(engine) as session:
            session.add_all(lines)
            session.commit()
    except SQLAlchemyError:
        _log.exception("Audit lines of Airflow could not be written")

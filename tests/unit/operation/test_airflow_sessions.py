"""An event loop that writes an audit line is not held up by another writer, and the line is not lost."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from intercentre.operation.airflow_sessions import make_sessions

BUSY_S = 1.0


class Base(DeclarativeBase):
    """Two tables as Airflow has them: audit lines, and all else."""


class Line(Base):
    __tablename__ = "log"
    number: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str]


class Run(Base):
    __tablename__ = "dag_run"
    number: Mapped[int] = mapped_column(primary_key=True)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return tmp_path / "airflow.sqlite"


@pytest.fixture
def engine(base: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{base}", connect_args={"check_same_thread": False, "timeout": BUSY_S})
    with closing(sqlite3.connect(base)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    Base.metadata.create_all(made)
    yield made
    made.dispose()


def commit_while_locked(base: Path, sessions: Callable[[], Session], *rows: Base) -> float:
    """Seconds that the commit of `rows` on an event loop took while another writer held the base."""

    async def commit() -> float:
        with sessions() as session:
            session.add_all(rows)
            began = time.monotonic()
            session.commit()
            return time.monotonic() - began

    with closing(sqlite3.connect(base, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        try:
            return asyncio.run(commit())
        finally:
            writer.execute("ROLLBACK")


def events(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return [line.event for line in session.query(Line).order_by(Line.number)]


def wait_for_events(engine: Engine, wanted: list[str]) -> None:
    deadline = time.monotonic() + 10
    while events(engine) != wanted:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_an_ordinary_session_holds_up_the_loop(engine: Engine, base: Path) -> None:
    with pytest.raises(OperationalError, match="locked"):
        commit_while_locked(base, sessionmaker(engine), Line(event="trigger_dag_run"))


def test_an_audit_line_does_not_and_is_written_afterwards(engine: Engine, base: Path) -> None:
    sessions = make_sessions(engine)
    assert commit_while_locked(base, sessions, Line(event="premier")) < BUSY_S / 2
    wait_for_events(engine, ["premier"])
    assert commit_while_locked(base, sessions, Line(event="second"), Line(event="troisième")) < BUSY_S / 2
    wait_for_events(engine, ["premier", "second", "troisième"])


def test_anything_else_is_committed_at_once_or_not_at_all(engine: Engine, base: Path) -> None:
    with pytest.raises(OperationalError, match="locked"):
        commit_while_locked(base, make_sessions(engine), Line(event="avec le reste"), Run())
    assert events(engine) == []


def test_outside_an_event_loop_nothing_is_put_off(engine: Engine) -> None:
    with make_sessions(engine)() as session:
        session.add(Line(event="ordonnanceur"))
        session.commit()
        assert events(engine) == ["ordonnanceur"]

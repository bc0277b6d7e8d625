"""What each process of the hub is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from intercentre.operation.layout import Layout, plan

PERSON = {
    "PATH": "/usr/bin",
    "LANG": "fr_BE.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "1",
    "AIRFLOW_CONFIG": "/ailleurs/airflow.cfg",
    "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
    "INTERCENTRE_QUORUM": "6",
    "INTERCENTRE_JETON_CAI": "secret-du-centre",
    "no_proxy": "example.be",
}


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return plan(tmp_path / "maison", 8101, 8202, PERSON)


def test_bytecode_is_never_switched_off_and_another_airflow_does_not_count(layout: Layout) -> None:
    environment = layout.environment
    assert "PYTHONDONTWRITEBYTECODE" not in environment
    assert "AIRFLOW_CONFIG" not in environment
    assert environment["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"


def test_the_persons_own_settings_reach_the_tasks(layout: Layout) -> None:
    environment = layout.environment
    assert environment["INTERCENTRE_QUORUM"] == "6"
    assert environment["INTERCENTRE_JETON_CAI"] == "secret-du-centre"
    assert environment["INTERCENTRE_HOME"] == str(layout.home.root)
    assert environment["LANG"] == "fr_BE.UTF-8"


def test_the_hub_speaks_to_itself_without_a_proxy(layout: Layout) -> None:
    assert layout.environment["no_proxy"] == "example.be,127.0.0.1,localhost"
    assert layout.environment["NO_PROXY"] == layout.environment["no_proxy"]


def test_one_set_of_secrets_for_every_component(layout: Layout) -> None:
    commands = {command.name: command for command in layout.commands()}
    assert set(commands) == {"portail", "api-server", "scheduler", "dag-processor"}
    for name in ("AIRFLOW__API_AUTH__JWT_SECRET", "AIRFLOW__API__SECRET_KEY", "AIRFLOW__CORE__FERNET_KEY"):
        assert len({command.environment[name] for command in commands.values()}) == 1
        assert len(layout.environment[name]) >= 32


def test_only_the_portal_gets_the_service_account(layout: Layout) -> None:
    given = {command.name: "INTERCENTRE_AIRFLOW_COMPTE" in command.environment for command in layout.commands()}
    assert given == {"portail": True, "api-server": False, "scheduler": False, "dag-processor": False}


def test_airflow_listens_on_this_machine_only_and_calls_nobody(layout: Layout) -> None:
    environment = layout.environment
    assert environment["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert environment["AIRFLOW__API__PORT"] == "8202"
    assert environment["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:8202/execution/"
    assert environment["AIRFLOW__CORE__LOAD_EXAMPLES"] == "False"
    assert environment["AIRFLOW__USAGE_DATA_COLLECTION__ENABLED"] == "False"


def test_no_secret_stands_in_a_command_line(layout: Layout) -> None:
    secrets = (layout.secrets.jwt, layout.secrets.api_key, layout.secrets.fernet, "secret-du-centre")
    for command in [*layout.commands(), layout.migration()]:
        assert not any(secret in argument for secret in secrets for argument in command.arguments)


def test_the_code_folders_come_first(layout: Layout) -> None:
    root = Path(__file__).parents[3]
    assert layout.environment["PYTHONPATH"] == f"{root}:{root / 'plugins'}"
    assert layout.airflow.dags == root / "dags"

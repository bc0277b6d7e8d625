"""The environment of Airflow's processes: one place, mirrored by docker-compose.yml. No airflow.cfg is edited."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from intercentre.operation.approvals import SERVICE
from intercentre.operation.credentials import AirflowSecrets

ADMINISTRATOR = "admin"


@dataclass(frozen=True)
class AirflowPlaces:
    """Where Airflow lives on this machine.

    home      its own folder (AIRFLOW_HOME)
    dags      folder of the DAG files
    plugins   folder of the plugin
    logs      folder of the tasks' logs
    port      TCP port of the API server, on this machine only
    """

    home: Path
    dags: Path
    plugins: Path
    logs: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def airflow_environment(places: AirflowPlaces, secrets: AirflowSecrets, parallelism: int = 4) -> dict[str, str]:
    """Variables that api-server, scheduler and dag-processor all get; the same secrets for every one of them."""
    return _identity(places, secrets) | _pace(parallelism) | _silence(places)


def _identity(places: AirflowPlaces, secrets: AirflowSecrets) -> dict[str, str]:
    return {
        "AIRFLOW_HOME": str(places.home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(places.dags),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(places.plugins),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": "Europe/Brussels",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{places.url}/execution/",
        "AIRFLOW__CORE__FERNET_KEY": secrets.fernet,
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{ADMINISTRATOR}:admin,{SERVICE}:op",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(secrets.passwords_file),
        # Writers of the one file wait for each other; sqlite3's own 5 s are too short on a busy machine.
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{places.home / 'airflow.sqlite'}?timeout=60",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_SESSION_MAKER": "intercentre.operation.airflow_sessions.make_sessions",
        "AIRFLOW__API__BASE_URL": places.url,
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(places.port),
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API__SECRET_KEY": secrets.api_key,
        "AIRFLOW__API__INSTANCE_NAME": "Intercentre",
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.jwt,
    }


def _pace(parallelism: int) -> dict[str, str]:
    """Two cores are enough; a task whose scheduler died runs again within half a minute, not five."""
    return {
        "AIRFLOW__CORE__PARALLELISM": str(parallelism),
        "AIRFLOW__CORE__MAX_ACTIVE_RUNS_PER_DAG": "4",
        "AIRFLOW__CORE__MIN_SERIALIZED_DAG_UPDATE_INTERVAL": "10",
        # A supervisor that misses the end of its task looks again after this time, with its slot taken meanwhile.
        "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "15",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "60",
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.5",
        "AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC": "2",
        "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "15",
        "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "5",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC": "5",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",
    }


def _silence(places: AirflowPlaces) -> dict[str, str]:
    """No message to anybody outside, warnings only in the logs."""
    return {
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "SCARF_ANALYTICS": "false",
        "PYTHONWARNINGS": "ignore::DeprecationWarning",
        "GX_ANALYTICS_ENABLED": "false",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(places.logs),
        "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(places.logs / "dag_processor"),
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
        "AIRFLOW__LOGGING__UVICORN_LOGGING_LEVEL": "WARNING",
        "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
    }

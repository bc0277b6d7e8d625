"""The production form keeps its word, read without an engine: health, secrets, doors, settings, the guide."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from intercentre.core.hub import Hub
from intercentre.core.settings import Settings
from intercentre.intake import read_endpoints
from intercentre.operation.airflow_environment import AirflowPlaces, airflow_environment
from intercentre.operation.credentials import AirflowSecrets
from schemas.nomenclatures import nomenclature

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/guides/exploitation.md").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
HUB = [name for name, service in SERVICES.items() if "IMAGE_HUB" in service["image"]]
AIRFLOW = [name for name, service in SERVICES.items() if "AIRFLOW__CORE__EXECUTOR" in service.get("environment", {})]
WITH_TASKS = ("scheduler", "worker")
SETTINGS = {f"INTERCENTRE_{field.name.upper()}" for field in fields(Settings)}

# One machine and the containers differ in these only: where things lie, and that secrets come from files.
OF_THE_IMAGE = {
    "AIRFLOW_HOME",
    "AIRFLOW__CORE__DAGS_FOLDER",
    "AIRFLOW__CORE__PLUGINS_FOLDER",
    "AIRFLOW__CORE__LOAD_EXAMPLES",
    "AIRFLOW__LOGGING__BASE_LOG_FOLDER",
    "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY",
    "GX_ANALYTICS_ENABLED",
    "PYTHONWARNINGS",
    "SCARF_ANALYTICS",
}
BY_COMMAND = {
    "AIRFLOW__CORE__FERNET_KEY",
    "AIRFLOW__API__SECRET_KEY",
    "AIRFLOW__API_AUTH__JWT_SECRET",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN",
}
BY_THE_ENTRY_POINT = {"AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"}
BY_ARGUMENT = {"AIRFLOW__API__HOST", "AIRFLOW__API__PORT"}
ON_SQLITE_ONLY = {"AIRFLOW__DATABASE__SQL_ALCHEMY_SESSION_MAKER"}
OTHER_VALUE = {"AIRFLOW__CORE__EXECUTOR", "AIRFLOW__CORE__EXECUTION_API_SERVER_URL", "AIRFLOW__API__BASE_URL"}


def one_machine() -> dict[str, str]:
    """What Airflow's processes are given by `make run`."""
    nowhere = Path("nulle-part")
    secrets = AirflowSecrets("", "", "", nowhere, nowhere, "")
    return airflow_environment(AirflowPlaces(nowhere, nowhere, nowhere, nowhere, 1), secrets)


def environment(name: str) -> dict[str, Any]:
    found: dict[str, Any] = SERVICES[name].get("environment", {})
    return found


def secrets_made() -> set[str]:
    """Names of the files that docker/secrets.sh creates."""
    script = (ROOT / "docker/secrets.sh").read_text(encoding="utf-8")
    loops = dict(re.findall(r"for (nom|centre) in ([^;]+);", script.replace("\\\n", " ")))
    alone = set(re.findall(r"^creer (\w+) ", script, re.MULTILINE))
    return alone | set(loops["nom"].split()) | {f"jeton_{centre}" for centre in loops["centre"].split()}


def test_the_services_are_those_of_a_hub() -> None:
    assert set(SERVICES) == {
        *("postgres", "initialisation", "api-server", "scheduler", "dag-processor", "portail"),
        *("redis", "worker", "centres"),
    }
    profiles = {name: service["profiles"] for name, service in SERVICES.items() if "profiles" in service}
    assert profiles == {"redis": ["celery"], "worker": ["celery"], "centres": ["demonstration"]}


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_has_a_health_check_or_runs_once(name: str) -> None:
    service = SERVICES[name]
    if name == "initialisation":
        assert service["restart"] == "no"
        assert "healthcheck" not in service
    else:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_bounded_and_its_logs_too(name: str) -> None:
    service = SERVICES[name]
    assert service["mem_limit"]
    assert service["cpus"]
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}


@pytest.mark.parametrize("name", SERVICES)
def test_images_are_named_by_a_variable_with_a_default(name: str) -> None:
    assert re.fullmatch(r"\$\{INTERCENTRE_IMAGE_[A-Z]+:-[a-z]+:[0-9.]+\}", SERVICES[name]["image"])


@pytest.mark.parametrize("name", HUB)
def test_the_hub_s_processes_can_do_no_more_than_they_need(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service


def test_nothing_runs_before_the_databases_have_their_schema() -> None:
    for name in set(HUB) - {"initialisation", "centres"}:
        conditions = {on: what["condition"] for on, what in SERVICES[name]["depends_on"].items()}
        assert conditions["postgres"] == "service_healthy"
        assert conditions["initialisation"] == "service_completed_successfully"


def test_secrets_are_files_that_the_script_makes() -> None:
    declared = COMPOSE["secrets"]
    assert {name: secret["file"] for name, secret in declared.items()} == {n: f"./secrets/{n}" for n in declared}
    assert set(declared) <= secrets_made()
    used = {secret for service in SERVICES.values() for secret in service.get("secrets", [])}
    assert used == set(declared)


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_is_in_the_environment(name: str) -> None:
    secret = re.compile(r"PASSWORD|MOT_DE_PASSE|JETON|TOKEN|SECRET|FERNET|SQL_ALCHEMY_CONN|BROKER_URL|REGISTRE_URL")
    by_file = re.compile(r"(_FILE|_FICHIER|_CMD)$")
    for variable, value in environment(name).items():
        assert not secret.search(variable) or by_file.search(variable), variable
        assert "://" not in str(value) or "@" not in str(value), variable


@pytest.mark.parametrize("name", SERVICES)
def test_a_secret_that_the_environment_names_is_given_to_the_service(name: str) -> None:
    named = set()
    for value in environment(name).values():
        named |= set(re.findall(r"^/run/secrets/(\w+)$|lire-secret\.sh (\w+)$", str(value)))
    assert {first or second for first, second in named} <= set(SERVICES[name].get("secrets", []))


def test_only_the_two_doors_are_open_and_on_this_machine_only() -> None:
    doors = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert doors == {
        "api-server": ["${AIRFLOW_ADRESSE:-127.0.0.1:8080}:8080"],
        "portail": ["${PORTAIL_ADRESSE:-127.0.0.1:8000}:8000"],
    }
    assert [name for name, service in SERVICES.items() if "host" in str(service.get("network_mode", ""))] == []


def test_the_databases_have_no_way_out() -> None:
    assert COMPOSE["networks"]["donnees"] == {"internal": True}
    for name in ("postgres", "redis", "initialisation", "dag-processor"):
        assert SERVICES[name]["networks"] == ["donnees"]


def test_the_portal_believes_the_addresses_that_its_own_bridge_hands_on() -> None:
    subnet = COMPOSE["networks"]["hub"]["ipam"]["config"][0]["subnet"]
    assert environment("portail")["FORWARDED_ALLOW_IPS"] == subnet
    assert subnet.startswith("${RESEAU_HUB:-10.")


@pytest.mark.parametrize("name", SERVICES)
def test_settings_are_known_to_the_hub(name: str) -> None:
    ours = {variable for variable in environment(name) if variable.startswith("INTERCENTRE_")}
    assert ours <= SETTINGS
    if name in (*AIRFLOW, "portail"):
        assert "INTERCENTRE_REGISTRE_URL_FICHIER" in ours


def test_policy_can_be_set_for_the_portal_and_the_tasks_alike() -> None:
    policy = {f"INTERCENTRE_{field.name.upper()}" for field in fields(Settings) if field.type == "int"}
    assert len(policy) > 5
    for name in ("portail", *WITH_TASKS):
        given = environment(name)
        assert {variable: given[variable] for variable in policy} == dict.fromkeys(policy)


def test_airflow_is_set_as_on_one_machine() -> None:
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert {name for name in OF_THE_IMAGE if f"{name}=" not in image} == set()
    entry_point = (ROOT / "docker/entree.sh").read_text(encoding="utf-8")
    assert {name for name in BY_THE_ENTRY_POINT if name not in entry_point} == set()
    elsewhere = OF_THE_IMAGE | BY_THE_ENTRY_POINT | BY_ARGUMENT | BY_COMMAND | ON_SQLITE_ONLY | OTHER_VALUE
    expected = {name: value for name, value in one_machine().items() if name not in elsewhere}
    assert len(expected) > 15
    for name in AIRFLOW:
        given = environment(name)
        assert {variable: given.get(variable) for variable in expected} == expected
        assert {variable for variable in BY_COMMAND if f"{variable}_CMD" not in given} == set()
        assert {variable for variable in OTHER_VALUE if variable not in given} == set()


def test_all_of_airflow_s_processes_are_given_the_same() -> None:
    assert set(AIRFLOW) == {"initialisation", "api-server", "scheduler", "dag-processor", "worker"}
    common = [
        {key: value for key, value in environment(name).items() if key != "INTERCENTRE_CENTRES"} for name in AIRFLOW
    ]
    assert all(one == common[0] for one in common)


@pytest.mark.parametrize("name", WITH_TASKS)
def test_tasks_have_the_centres_registry_and_every_token(name: str) -> None:
    place, _, file = environment(name)["INTERCENTRE_CENTRES"].rpartition("/")
    assert f"./docker/centres:{place}:ro" in SERVICES[name]["volumes"]
    assert file == "${CENTRES_FICHIER:-centres.toml}"
    assert {f"jeton_{centre}" for centre in nomenclature("centre").entries} <= set(SERVICES[name]["secrets"])


def test_the_demonstration_knows_the_eight_simulated_centres_by_their_secrets() -> None:
    hub = Hub(Settings(centres=str(ROOT / "docker/centres/demonstration.toml")))
    endpoints = read_endpoints(hub)
    assert set(endpoints) == set(nomenclature("centre").entries)
    for centre, endpoint in endpoints.items():
        assert endpoint.url == f"http://centres:8100/{centre}/depots/{{periode}}.zip"
        assert endpoint.jeton_fichier == f"/run/secrets/jeton_{centre}"
    assert set(SERVICES["centres"]["secrets"]) == {f"jeton_{centre}" for centre in endpoints}


def test_the_model_of_the_registry_is_read() -> None:
    assert set(read_endpoints(Hub(Settings(centres=str(ROOT / "docker/centres/modele.toml"))))) == {"CAI", "CRIC"}


def test_the_image_takes_only_what_it_runs() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    taken = {line[1:] for line in lines if line.startswith("!")}
    assert "*" in lines
    assert [name for name in taken if not (ROOT / name).exists()] == []
    assert {name for name in taken if "secret" in name} == {"docker/lire-secret.sh"}
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert {"/secrets/", "/.env", "/docker/centres/centres.toml"} <= set(ignored)


def test_the_guide_has_every_setting_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(INTERCENTRE_\w+)` \| ([^|]+) \|", GUIDE, re.MULTILINE))
    defaults = {f"INTERCENTRE_{field.name.upper()}": field.default for field in fields(Settings)}
    assert set(rows) == set(defaults)
    for name, default in defaults.items():
        shown = rows[name].strip().strip("`").replace(" ", "").replace("\u202f", "")
        assert shown == (str(default) if default != "" else "vide"), name


def test_the_guide_names_every_service_and_secret_to_keep() -> None:
    assert [name for name in SERVICES if f"`{name}`" not in GUIDE] == []
    for word in ("docker/secrets.sh", "cles/", "pg_dump", "CENTRES_FICHIER", "PORTAIL_ADRESSE", "RESEAU_HUB"):
        assert word in GUIDE

"""A program, not a module: Airflow reads the plugin and the DAGs here, and what it found is printed as JSON.

It runs in a process of its own, in the very environment that the hub gives to Airflow, so that nothing of Airflow
enters the tests' own process. With a centre code as argument, the registry of centres has that one more.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import sys
from pathlib import Path
from typing import Any

HEAVY = {"duckdb", "great_expectations", "pandas", "pyrage", "openpyxl", "xlsxwriter", "cryptography.hazmat.bindings"}


def main() -> None:
    logging.disable(logging.CRITICAL)
    stems = module_stems()
    plugin = load_plugins()
    stolen = [name for name in stems if is_ours(importlib.import_module(name))]
    if len(sys.argv) > 1:
        add_centre(sys.argv[1])
    before = set(sys.modules)
    dags, errors = read_dags()
    heavy = sorted(name for name in set(sys.modules) - before if name in HEAVY or name.startswith("intercentre."))
    top_level = sorted(name for name, module in sys.modules.items() if "." not in name and is_ours(module))
    facts = {
        "plugin": plugin,
        "noms_de_la_bibliotheque_standard": sorted(stems),
        "modules_voles": stolen,
        "modules_de_premier_niveau": top_level,
        "erreurs": errors,
        "modules_lourds": heavy,
        "dags": {dag.dag_id: describe(dag) for dag in dags},
    }
    print(json.dumps(facts, ensure_ascii=False))


def package() -> Path:
    return Path(os.environ["AIRFLOW__CORE__PLUGINS_FOLDER"]) / "intercentre"


def module_stems() -> set[str]:
    """Names of the standard library that a file of the package bears, and three more that one could come to bear."""
    files = {path.stem for path in package().rglob("*.py")}
    return (files & set(sys.stdlib_module_names)) | {"statistics", "secrets", "calendar"}


def is_ours(module: Any) -> bool:
    file = getattr(module, "__file__", None)
    return bool(file) and package() in Path(file).parents and module.__name__ != "intercentre"


def load_plugins() -> dict[str, Any]:
    from airflow import plugins_manager

    plugins_manager.ensure_plugins_loaded()
    plugins, errors = plugins_manager._get_plugins()
    ours = [plugin for plugin in plugins if plugin.name == "intercentre"]
    return {"charges": len(ours), "erreurs": errors, "vues": [view for one in ours for view in one.external_views]}


def add_centre(code: str) -> None:
    from dataclasses import replace

    import schemas.nomenclatures as lists

    known = lists.nomenclature("centre")
    model = next(iter(known.entries.values()))
    more = replace(known, entries={**known.entries, code: replace(model, code=code, libelle=code)})
    lists.nomenclature = lambda name: more if name == "centre" else known


def read_dags() -> tuple[list[Any], dict[str, str]]:
    from airflow.dag_processing.dagbag import DagBag
    from airflow.serialization.serialized_objects import DagSerialization

    folder = os.environ["AIRFLOW__CORE__DAGS_FOLDER"]
    sys.path.append(folder)
    bag = DagBag(folder)
    for dag in bag.dags.values():
        DagSerialization.to_dict(dag)
    return list(bag.dags.values()), bag.import_errors


def describe(dag: Any) -> dict[str, Any]:
    timetable = dag.timetable
    condition = getattr(timetable, "asset_condition", None)
    return {
        "nom": dag.dag_display_name,
        "doc": dag.doc_md,
        "tags": sorted(dag.tags),
        "declencheur": condition.name if condition else getattr(timetable, "expression", ""),
        "fuseau": str(getattr(timetable, "timezone", "")),
        "partition": type(timetable).__name__ == "PartitionedAssetTimetable",
        "en_meme_temps": dag.max_active_runs,
        "rattrapage": dag.catchup,
        "taches": {task.task_id: describe_task(task) for task in dag.tasks},
    }


def describe_task(task: Any) -> dict[str, Any]:
    kwargs = getattr(task, "partial_kwargs", {})

    def told(name: str) -> Any:
        return kwargs[name] if name in kwargs else getattr(task, name)

    callbacks = told("on_failure_callback") or []
    return {
        "nom": task.task_display_name,
        "apres": sorted(task.upstream_task_ids),
        "essais": told("retries"),
        "pause_s": told("retry_delay").total_seconds(),
        "en_cas_d_echec": [one.__name__ for one in (callbacks if isinstance(callbacks, list) else [callbacks])],
        "annonce": [asset.name for asset in told("outlets") or []],
        "priorite": told("priority_weight"),
    }


main()

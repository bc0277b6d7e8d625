"""A program, not a module: runs DAGs one after the other in this process with `dag.test()`; prints how each ended.

BROKEN_ROOM in the environment, `<module>.<function> <message>`: that function of a room fails, its message in the fault
and in its cause.
"""

from __future__ import annotations

import importlib
import json
import os
import sys


def main(dag_ids: list[str]) -> None:
    if broken := os.environ.get("BROKEN_ROOM"):
        break_room(*broken.split(" ", 1))
    from airflow.dag_processing.dagbag import DagBag

    folder = os.environ["AIRFLOW__CORE__DAGS_FOLDER"]
    sys.path.append(folder)
    bag = DagBag(folder, bundle_name="dags-folder")
    states = {dag_id: str(bag.dags[dag_id].test().state) for dag_id in dag_ids}
    print("\n" + json.dumps(states))


def break_room(function: str, message: str) -> None:
    def broken(*_given: object) -> None:
        try:
            raise ValueError(message)
        except ValueError as error:
            raise OSError(message) from error

    module, _, name = function.rpartition(".")
    setattr(importlib.import_module(module), name, broken)


main(sys.argv[1:])

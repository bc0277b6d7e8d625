"""A program, not a module: calls what one task does, for a run that an asset started; prints how it ended."""

from __future__ import annotations

import os
import sys
from types import SimpleNamespace


def main(dag_id: str, task_id: str, period: str) -> None:
    from airflow.dag_processing.dagbag import DagBag
    from airflow.sdk.exceptions import AirflowException

    folder = os.environ["AIRFLOW__CORE__DAGS_FOLDER"]
    sys.path.append(folder)
    task = DagBag(folder, bundle_name="dags-folder").dags[dag_id].get_task(task_id)
    run = SimpleNamespace(run_type="asset_triggered", partition_key=period)
    try:
        task.python_callable(dag_run=run)  # type: ignore[attr-defined]
    except AirflowException as error:
        print(f"\n{type(error).__name__}: {error}")
    else:
        print("\ndone")


main(*sys.argv[1:])

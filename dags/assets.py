"""What the DAGs say to one another, always for one period (the partition key), and what all their tasks share."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import Asset, CronTriggerTimetable, PartitionedAssetTimetable
from airflow.sdk import task as airflow_task
from airflow.sdk.exceptions import AirflowException, AirflowFailException

if TYPE_CHECKING:
    from intercentre.core.hub import Hub
    from schemas.period import Period

COLLECTE_DUE = Asset("collecte_due")
DEPOT_ACCEPTE = Asset("depot_accepte")
COMMUN = Asset("tables_communes")
OBSERVATIONS = Asset("observations_protegees")
ACCORD = Asset("accord_des_centres")
PUBLICATION = Asset("publication_signee")


def at(cron: str) -> CronTriggerTimetable:
    """A run at these hours of Brussels; none at once for an hour that was missed."""
    return CronTriggerTimetable(cron, timezone="Europe/Brussels", run_immediately=timedelta(0))


def each_period_of(asset: Asset) -> PartitionedAssetTimetable:
    """A run for each period for which `asset` is announced."""
    return PartitionedAssetTimetable(assets=asset)


class Refused(AirflowFailException):
    """The hub declined, and says why in French: the task fails at once, and is not tried again as after a fault."""


class Fault(AirflowException):
    """Something broke: of what kind and where, never what it said."""


def task(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Airflow's own `task`, for bodies whose faults may quote a cell: its log, which people read, must not."""

    def decorate(body: Callable[..., Any]) -> Any:
        @functools.wraps(body)
        def guarded(*given: Any, **named: Any) -> Any:
            try:
                return body(*given, **named)
            except AirflowException:  # the DAG's own words
                raise
            except Exception as error:  # noqa: BLE001  (whatever it is, Airflow would log what it says)
                raise _without_cells(error) from None

        return airflow_task(**options)(guarded)

    return decorate


def _without_cells(error: Exception) -> AirflowException:
    """What may be said of an exception; `nature` is its kind, for the journal."""
    from intercentre.core.faults import describe
    from intercentre.core.refusal import Refusal

    told = Refused(str(error)) if isinstance(error, Refusal) else Fault(describe(error))
    told.nature = type(error).__name__
    return told


def open_hub() -> Hub:
    from intercentre.core.hub import Hub

    return Hub.from_environment()


@contextmanager
def alone_on(dag_run: Any) -> Iterator[tuple[Hub, Period]]:
    """The hub and the run's period, with nobody else at work on the period's tables."""
    from intercentre.core.exclusive import exclusive

    hub, period = open_hub(), period_of(dag_run)
    with exclusive(hub, period):
        yield hub, period


def period_of(dag_run: Any) -> Period:
    """The run's period: its partition key, else the last quarter that was over when the run was due."""
    from schemas.period import Period

    if dag_run.partition_key:
        return Period.parse(dag_run.partition_key)
    return Period.quarter_of(dag_run.run_after.date()).previous()


def must_act(dag_run: Any, ti: Any) -> bool:
    """Whether to act even where nothing seems to be left to do: a person asked, or an earlier try broke off."""
    return dag_run.run_type != "asset_triggered" or ti.try_number > 1


def journal_failure(context: Any) -> None:
    """A task that gave up has its line in the journal: what kind of fault, never its message."""
    from intercentre.operation.incidents import record_failure

    task, run, error = context["task_instance"], context["dag_run"], context.get("exception")
    kind = getattr(error, "nature", type(error).__name__)
    record_failure(open_hub(), task.dag_id, task.task_id, task.try_number, run.partition_key, kind)


DEFAULTS = {
    "owner": "DISCRI",
    "retries": 2,
    "retry_delay": timedelta(seconds=5),
    "on_failure_callback": journal_failure,
}

# Collections go before the computing that they announce: what finishes together is then harmonised together.
BEFORE_ALL_ELSE = {"priority_weight": 10}

"""Concertation : un tour est ouvert sur les chiffres protégés ; les centres votent dans le portail, entre égaux.

Le tour s'ouvre de lui-même quand les dépôts de tous les centres sont dans les chiffres. Pour ne plus attendre un
centre absent, lancez ce DAG à la main pour la période : le tour s'ouvre alors sur les dépôts présents. À la main aussi,
un tour rejeté ou resté sans quorum est repris sur les mêmes chiffres.
"""

from airflow.sdk import DAG
from airflow.sdk.exceptions import AirflowSkipException
from assets import DEFAULTS, OBSERVATIONS, alone_on, each_period_of, task


@task(task_display_name="Ouvrir le tour")
def ouvrir(dag_run):
    from intercentre.concertation import is_complete, open_round

    with alone_on(dag_run) as (hub, period):
        by_itself = dag_run.run_type == "asset_triggered"
        if by_itself and not is_complete(hub, period):
            raise AirflowSkipException("Des centres sont encore attendus.")
        return open_round(hub, period, reprise=not by_itself)


with DAG(
    "concertation",
    dag_display_name="4. Concertation des centres",
    doc_md=__doc__,
    schedule=each_period_of(OBSERVATIONS),
    default_args=DEFAULTS,
    max_active_runs=1,
    tags=["4 concertation"],
):
    ouvrir()

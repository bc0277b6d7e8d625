"""Harmonisation : dès qu'un dépôt est accepté, les tables communes de sa période sont refaites, puis contrôlées.

Les dépôts qui finissent ensemble sont réunis en une fois : les annonces suivantes ne trouvent plus rien à faire.
"""

from airflow.sdk import DAG
from airflow.sdk.exceptions import AirflowSkipException
from assets import COMMUN, DEFAULTS, DEPOT_ACCEPTE, alone_on, each_period_of, must_act, task


@task(task_display_name="Réunir les centres")
def harmoniser(dag_run, ti):
    from intercentre.gates import has_passed
    from intercentre.harmonisation import harmonise, is_harmonised

    with alone_on(dag_run) as (hub, period):
        if not must_act(dag_run, ti) and is_harmonised(hub, period) and has_passed(hub, period, "tables_communes"):
            raise AirflowSkipException("Ces dépôts sont déjà harmonisés.")
        return str(harmonise(hub, period))


@task(task_display_name="Contrôler les tables communes", outlets=[COMMUN])
def controler(dag_run):
    from intercentre.gates import check_common

    with alone_on(dag_run) as (hub, period):
        return str(check_common(hub, period))


with DAG(
    "harmonisation",
    dag_display_name="2. Harmonisation",
    doc_md=__doc__,
    schedule=each_period_of(DEPOT_ACCEPTE),
    default_args=DEFAULTS,
    max_active_runs=1,
    tags=["2 harmonisation"],
):
    harmoniser() >> controler()

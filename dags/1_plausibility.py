"""Plausibilité : ce qu'un dépôt accepté a de surprenant, à côté des dépôts précédents et des autres centres.

Les chiffres n'attendent pas ces questions ; DISCRI les lit pendant que les centres s'accordent.
"""

from airflow.sdk import DAG
from assets import DEFAULTS, OBSERVATIONS, each_period_of, open_hub, period_of, task


@task(task_display_name="Questionner les dépôts", priority_weight=0)
def questionner(dag_run):
    from intercentre.plausibility import check_unjudged

    return check_unjudged(open_hub(), period_of(dag_run))


with DAG(
    "plausibilite",
    dag_display_name="1. Plausibilité des dépôts",
    doc_md=__doc__,
    schedule=each_period_of(OBSERVATIONS),
    default_args=DEFAULTS,
    max_active_runs=1,
    tags=["1 dépôts"],
):
    questionner()

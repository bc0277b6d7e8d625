"""Indicateurs : calcul sur les tables communes, puis secret statistique avant que personne ne lise les chiffres."""

from airflow.sdk import DAG, task
from assets import COMMUN, DEFAULTS, OBSERVATIONS, each_period_of, open_hub, period_of


@task(task_display_name="Calculer les indicateurs")
def calculer(dag_run):
    from intercentre.indicators import compute_indicators

    return str(compute_indicators(open_hub(), period_of(dag_run)))


@task(task_display_name="Protéger les petits effectifs", outlets=[OBSERVATIONS])
def proteger(dag_run):
    from intercentre.disclosure import protect_observations

    return str(protect_observations(open_hub(), period_of(dag_run)))


with DAG(
    "indicateurs",
    dag_display_name="3. Indicateurs et secret statistique",
    doc_md=__doc__,
    schedule=each_period_of(COMMUN),
    default_args=DEFAULTS,
    max_active_runs=1,
    tags=["3 indicateurs"],
):
    calculer() >> proteger()

"""Indicateurs : calcul, contrôle des chiffres, puis secret statistique avant que personne ne lise les chiffres."""

from airflow.sdk import DAG
from airflow.sdk.exceptions import AirflowSkipException
from assets import COMMUN, DEFAULTS, OBSERVATIONS, alone_on, each_period_of, task


@task(task_display_name="Calculer les indicateurs")
def calculer(dag_run):
    from intercentre.core.passage import passage, require_passed
    from intercentre.indicators import compute_indicators
    from schemas.gates import Gate

    with alone_on(dag_run) as (hub, period):
        if dag_run.run_type == "asset_triggered" and passage(hub, period, Gate.TABLES_COMMUNES) is None:
            raise AirflowSkipException("D'autres dépôts ont été harmonisés depuis : leur contrôle relancera le calcul.")
        require_passed(hub, period, "tables_communes")
        return str(compute_indicators(hub, period))


@task(task_display_name="Contrôler les chiffres")
def controler(dag_run):
    from intercentre.gates import check_observations

    with alone_on(dag_run) as (hub, period):
        return str(check_observations(hub, period))


@task(task_display_name="Protéger les petits effectifs", outlets=[OBSERVATIONS])
def proteger(dag_run):
    from intercentre.core.passage import require_passed
    from intercentre.disclosure import protect_observations

    with alone_on(dag_run) as (hub, period):
        require_passed(hub, period, "observations")
        return str(protect_observations(hub, period))


@task(task_display_name="Relever les anomalies")
def relever(dag_run):
    from intercentre.concertation import note_anomalies

    with alone_on(dag_run) as (hub, period):
        return str(note_anomalies(hub, period))


with DAG(
    "indicateurs",
    dag_display_name="3. Indicateurs et secret statistique",
    doc_md=__doc__,
    schedule=each_period_of(COMMUN),
    default_args=DEFAULTS,
    max_active_runs=1,
    tags=["3 indicateurs"],
):
    calculer() >> controler() >> proteger() >> relever()

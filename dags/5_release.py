"""Publication : après l'accord des centres et un bon à publier humain, la publication est signée, puis vérifiée.

Sans réponse dans les quatorze jours, la réponse est non.
"""

from datetime import timedelta

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import DAG
from airflow.sdk.exceptions import AirflowException, AirflowSkipException
from assets import ACCORD, DEFAULTS, PUBLICATION, alone_on, each_period_of, must_act, open_hub, period_of, task


@task(task_display_name="Constater l'accord")
def constater(dag_run, ti):
    from intercentre.operation.approvals import agreed_round

    if (tour := agreed_round(open_hub(), period_of(dag_run), again=must_act(dag_run, ti))) is None:
        raise AirflowSkipException("Pas d'accord des centres qui attende une publication.")
    return tour


@task(task_display_name="Publier", outlets=[PUBLICATION])
def publier(reponse, dag_run, ti):
    from intercentre.operation.approvals import approver
    from intercentre.release import publish

    with alone_on(dag_run) as (hub, period):
        tour = ti.xcom_pull("constater")
        return publish(hub, period, approbateur=approver(hub, reponse), tour_id=tour).name


@task(task_display_name="Consigner la réponse", trigger_rule="all_done")
def consigner(ti):
    from intercentre.operation.approvals import record_answer

    record_answer(open_hub(), ti.xcom_pull("constater"), ti.xcom_pull("bon_a_publier"))


@task(task_display_name="Vérifier la publication")
def verifier(version):
    from intercentre.release import verify_release

    if problems := verify_release(open_hub().home.releases / version):
        raise AirflowException(f"La publication {version} ne se vérifie pas : {len(problems)} problèmes.")


with DAG(
    "publication",
    dag_display_name="5. Publication",
    doc_md=__doc__,
    schedule=each_period_of(ACCORD),
    default_args=DEFAULTS,
    max_active_runs=1,
    tags=["5 publication"],
):
    bon = ApprovalOperator(
        task_id="bon_a_publier",
        task_display_name="Bon à publier",
        subject="Bon à publier : {{ dag_run.partition_key }}",
        body="Tour {{ ti.xcom_pull('constater') }} : les centres se sont accordés, le procès-verbal est au portail. "
        "« Approve » signe et publie ; « Reject » ne publie rien.",
        defaults="Reject",
        response_timeout=timedelta(days=14),
    )
    publication = publier(bon.output)
    constater() >> bon >> publication >> consigner()
    verifier(publication)

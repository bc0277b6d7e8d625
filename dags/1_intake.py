"""Dépôts : chaque centre est collecté, vérifié et préparé par son propre DAG ; aucun n'attend les autres."""

import os

from airflow.sdk import DAG
from airflow.sdk.exceptions import AirflowException, AirflowSkipException
from assets import BEFORE_ALL_ELSE, COLLECTE_DUE, DEFAULTS, DEPOT_ACCEPTE, at, each_period_of, open_hub, period_of, task

from schemas.nomenclatures import nomenclature


@task(task_display_name="Annoncer la période attendue", outlets=[COLLECTE_DUE])
def annoncer(dag_run, outlet_events):
    outlet_events[COLLECTE_DUE].add_partitions(str(period_of(dag_run)))


@task(task_display_name="Collecter le dépôt")
def collecter(centre, dag_run):
    from intercentre.intake import collect, read_endpoints

    if (endpoint := read_endpoints(open_hub()).get(centre)) is None:
        raise AirflowSkipException("Ce centre dépose lui-même.")
    collection = collect(open_hub(), endpoint, period_of(dag_run), endpoint.token(os.environ))
    if collection.constat is not None:
        raise AirflowException(f"{collection.constat.code} : la collecte du dépôt a échoué.")
    return collection.depot_id


@task(task_display_name="Vérifier et préparer le dépôt", outlets=[DEPOT_ACCEPTE])
def traiter(depot_id):
    from intercentre.staging import stage_deposit
    from intercentre.validation import validate_deposit

    validate_deposit(open_hub(), depot_id)
    if not stage_deposit(open_hub(), depot_id):
        raise AirflowSkipException("Dépôt refusé : il ne compte pas, le précédent reste en vigueur.")


with DAG(
    "calendrier",
    dag_display_name="1. Calendrier des collectes",
    doc_md="Chaque matin, la période attendue est annoncée : les collectes de tous les centres partent.",
    schedule=at("0 6 * * *"),
    default_args=DEFAULTS,
    tags=["1 dépôts"],
):
    annoncer()

for code, entry in nomenclature("centre").entries.items():
    with DAG(
        f"collecte_{code.lower()}",
        dag_display_name=f"1. Dépôt de {entry.libelle}",
        doc_md=f"Collecte, vérification et préparation du dépôt de {entry.facts['denomination']}.",
        schedule=each_period_of(COLLECTE_DUE),
        default_args=DEFAULTS | BEFORE_ALL_ELSE,
        max_active_runs=1,
        tags=["1 dépôts", code],
    ):
        traiter(collecter(code))

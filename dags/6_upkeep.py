"""Entretien : arrivées du dossier d'échange, tours échus, accords non transmis, conservation, journal."""

from airflow.sdk import DAG
from airflow.sdk.exceptions import AirflowException, AirflowSkipException
from assets import ACCORD, DEFAULTS, DEPOT_ACCEPTE, at, open_hub, task


@task(task_display_name="Prendre les arrivées")
def prendre():
    from intercentre.intake import take_arrivals
    from intercentre.operation.pending import by_centre, pending_deposits

    taken = [receipt.depot_id for receipt in take_arrivals(open_hub())]
    return by_centre(open_hub(), [*taken, *pending_deposits(open_hub())])


@task(task_display_name="Vérifier et préparer", outlets=[DEPOT_ACCEPTE])
def traiter(depots, outlet_events):
    from intercentre.operation.pending import period_to_refresh
    from intercentre.staging import stage_deposit
    from intercentre.validation import validate_deposit

    periods = set()
    for depot_id in depots:
        validate_deposit(open_hub(), depot_id)
        if stage_deposit(open_hub(), depot_id):
            periods.add(period_to_refresh(open_hub(), depot_id))
    if not (changed := sorted(map(str, periods - {None}))):
        raise AirflowSkipException("Aucun chiffre ne change.")
    outlet_events[DEPOT_ACCEPTE].add_partitions(changed)


@task(task_display_name="Reprendre les harmonisations manquées", outlets=[DEPOT_ACCEPTE])
def reprendre(outlet_events):
    from intercentre.harmonisation import periods_behind

    if not (behind := periods_behind(open_hub())):
        raise AirflowSkipException("Tous les dépôts acceptés sont dans les tables communes.")
    outlet_events[DEPOT_ACCEPTE].add_partitions([str(period) for period in behind])


@task(task_display_name="Ouvrir et clore les tours", outlets=[ACCORD])
def clore(outlet_events):
    from intercentre.concertation import close_due_rounds, open_round
    from intercentre.operation.approvals import agreements_to_announce
    from intercentre.operation.pending import periods_without_round

    for period in periods_without_round(open_hub()):
        open_round(open_hub(), period)
    close_due_rounds(open_hub())
    if agreed := agreements_to_announce(open_hub()):
        outlet_events[ACCORD].add_partitions([str(period) for period in agreed])
    else:
        raise AirflowSkipException("Aucun accord à transmettre.")


@task(task_display_name="Effacer les octets échus")
def effacer():
    from intercentre.intake import forget_raw_deposits

    return forget_raw_deposits(open_hub())


@task(task_display_name="Vérifier le journal")
def controler():
    from intercentre.core.registry.store import verify_journal

    lines, broken = verify_journal(open_hub().registry)
    if broken is not None:
        raise AirflowException(f"La chaîne du journal est rompue à la ligne {broken}.")
    return lines


with DAG(
    "arrivees",
    dag_display_name="6. Arrivées du dossier d'échange",
    doc_md="Prend ce qui a été posé dans `arrivees/`, et reprend ce qu'un arrêt a laissé en chemin.",
    schedule=at("*/15 * * * *"),
    default_args=DEFAULTS,
    max_active_runs=1,
    tags=["6 entretien"],
):
    traiter.expand(depots=prendre())
    reprendre()

with DAG(
    "entretien",
    dag_display_name="6. Entretien quotidien",
    doc_md=__doc__,
    schedule=at("0 5 * * *"),
    default_args=DEFAULTS,
    max_active_runs=1,
    tags=["6 entretien"],
):
    clore()
    effacer()
    controler()

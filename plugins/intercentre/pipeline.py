"""The whole way in one process, without Airflow: the body of `intercentre executer`, called by cli.py alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from intercentre.core.hub import Hub
from intercentre.core.refusal import Refusal
from intercentre.core.settings import Settings
from intercentre.core.stages import STAGES
from schemas.exchanges.agreement import Opinion, RoundState, Vote
from schemas.exchanges.manifest import SIMULATION
from schemas.exchanges.receipt import Receipt
from schemas.exchanges.verdict import OFFICIAL_SOURCE
from schemas.nomenclatures import nomenclature
from schemas.period import Period, PeriodError

if TYPE_CHECKING:
    from intercentre.core.expectations import Ask

ACTOR = "commande"
Judge = Callable[[str], tuple[str, bool]]
"""Name of a deposit → the sentence of its verdict, and whether it counts."""


class PipelineError(Refusal):
    """The way cannot be followed to its end; the message is French."""


def run(
    hub: Hub,
    *,
    depots: Path | None,
    periode: Period | None,
    until: str,
    simulated_agreement: bool,
    progress: Callable[[str], None],
    beside: Executor | None = None,
) -> str:
    """Take the deposits in and go as far as `until`; returns a French summary for the person.

    periode  release period; None: the last one among the deposits in the folder, or in the registry
    beside   a second process (core.companion) that takes half of the work; None: all is done in this one
    raises   PipelineError when there is nothing to work on, when the period is not over, and when an agreement is to be
             simulated over what real centres deposited
    """
    taken = list(find_deposits(depots)) if depots else []
    if depots and not taken:
        raise PipelineError(f"aucun dépôt dans {depots} (attendu : <CENTRE>/<PERIODE> ou <CENTRE>/<PERIODE>.zip).")
    release_period = periode or _last_period(hub, [period for _, period, _ in taken])
    if release_period.fin > hub.today():
        raise PipelineError(f"{release_period.libelle} : la période n'est pas terminée.")
    if beside and taken:
        beside.submit(_nothing)  # it starts now, and is ready when the deposits are
    verdicts = take_in(hub, taken, progress, beside)
    lines = [f"Période {release_period.libelle} : {len(verdicts)} dépôts, {sum(verdicts)} acceptés."]
    reached = STAGES.index(until)
    if simulated_agreement and reached >= STAGES.index("concertation"):
        _refuse_real_centres(hub)
    if reached >= STAGES.index("harmonisation"):
        lines += _compute(hub, release_period, reached, progress, _asked_of(beside))
    if reached >= STAGES.index("concertation"):
        lines += _agree_and_publish(hub, release_period, until, simulated_agreement, progress)
    return "\n".join(lines)


def run_beside(
    hub: Hub,
    *,
    depots: Path | None,
    periode: Period | None,
    until: str,
    simulated_agreement: bool,
    progress: Callable[[str], None],
) -> str:
    """`run`, with a second process that has Great Expectations ready by the time the gates ask for it."""
    from intercentre.core.companion import companion
    from intercentre.core.expectations import load

    with companion(load if STAGES.index(until) >= STAGES.index("harmonisation") else _nothing) as beside:
        return run(
            hub,
            depots=depots,
            periode=periode,
            until=until,
            simulated_agreement=simulated_agreement,
            progress=progress,
            beside=beside,
        )


def find_deposits(folder: Path) -> Iterator[tuple[str, Period, Path]]:
    """(centre, period, path) of each deposit under `folder`, in the order of periods, then centres."""
    found = []
    for centre in nomenclature("centre").entries:
        for source in sorted((folder / centre).glob("*")):
            try:
                period = Period.parse(source.name.removesuffix(".zip"))
            except PeriodError:
                continue
            found.append((period, centre, source))
    for period, centre, source in sorted(found):
        yield centre, period, source


def take_in(
    hub: Hub,
    taken: Iterable[tuple[str, Period, Path]],
    progress: Callable[[str], None],
    beside: Executor | None = None,
) -> list[bool]:
    """The deposits, and what lies in the drop folder, are in custody, judged and staged; True for each one that counts.

    They are received in order. Two centres are judged at a time, the deposits of one centre after each other and the
    earlier periods first, since a deposit is judged beside the one before it.
    """
    from intercentre.intake import receive_deposit, take_arrivals

    received: dict[str, list[Receipt]] = {}
    for centre, period, source in taken:
        receipt = receive_deposit(hub, source, centre=centre, periode=period, canal="commande", acteur=ACTOR)
        received.setdefault(centre, []).append(receipt)
    for receipt in take_arrivals(hub):
        received.setdefault(receipt.centre, []).append(receipt)
    waiting = deque(in_order(receipts) for receipts in received.values())
    here = partial(_judge, hub)
    there = partial(_judge_there, beside, hub.settings) if beside else here
    with ThreadPoolExecutor(1) as second:
        counted = second.submit(_judge_all, waiting, there, progress)
        return _judge_all(waiting, here, progress) + counted.result()


def _judge_all(waiting: deque[list[Receipt]], judge: Judge, progress: Callable[[str], None]) -> list[bool]:
    """Judge centre after centre until none is waiting; what fails here leaves nothing for the others to begin."""
    counted = []
    try:
        while waiting:
            for receipt in waiting.popleft():
                sentence, counts = judge(receipt.depot_id)
                progress(f"{receipt.centre} {receipt.periode} : {sentence}")
                counted.append(counts)
    finally:
        waiting.clear()
    return counted


def in_order(receipts: Iterable[Receipt]) -> list[Receipt]:
    """The receipts of one centre by the end of their periods, then as they came."""
    return sorted(receipts, key=lambda receipt: Period.parse(receipt.periode).fin)


def _judge(hub: Hub, depot_id: str) -> tuple[str, bool]:
    from intercentre.staging import stage_deposit
    from intercentre.validation import validate_deposit

    verdict = validate_deposit(hub, depot_id)
    return verdict.sentence, stage_deposit(hub, depot_id)


def _judge_there(beside: Executor, settings: Settings, depot_id: str) -> tuple[str, bool]:
    return beside.submit(_judge_at, settings, depot_id).result()


@cache
def _hub_at(settings: Settings) -> Hub:
    """The hub as the second process opens it, once."""
    return Hub(settings)


def _judge_at(settings: Settings, depot_id: str) -> tuple[str, bool]:
    return _judge(_hub_at(settings), depot_id)


def _nothing() -> None:
    """What starts the second process."""


def _asked_of(beside: Executor | None) -> Ask:
    from intercentre.core.expectations import evaluate

    if beside is None:
        return evaluate
    return lambda database, checks: beside.submit(evaluate, database, list(checks)).result()


def _compute(hub: Hub, periode: Period, reached: int, progress: Callable[[str], None], ask: Ask) -> list[str]:
    from intercentre.concertation import note_anomalies
    from intercentre.disclosure import protect_observations
    from intercentre.gates import check_common, check_observations
    from intercentre.harmonisation import harmonise
    from intercentre.indicators import compute_indicators

    steps = (
        ("harmonisation", harmonise, "Tables communes"),
        ("harmonisation", partial(check_common, ask=ask), "Contrôle des tables communes"),
        ("indicateurs", compute_indicators, "Observations"),
        ("indicateurs", partial(check_observations, ask=ask), "Contrôle des chiffres"),
        ("protection", protect_observations, "Observations protégées"),
    )
    lines = []
    for name, step, label in steps:
        if STAGES.index(name) <= reached:
            progress(f"{label.lower()}…")
            lines.append(f"{label} : {step(hub, periode)}")
    if reached >= STAGES.index("protection"):
        note_anomalies(hub, periode)
    return lines


def _agree_and_publish(
    hub: Hub, periode: Period, until: str, simulated: bool, progress: Callable[[str], None]
) -> list[str]:
    from intercentre.concertation import open_round, round_status
    from intercentre.release import publish

    tour_id = open_round(hub, periode)
    if simulated and round_status(hub, tour_id).etat is RoundState.OUVERT:
        progress("accord simulé des huit centres…")
        agree_simulated(hub, tour_id)
    status = round_status(hub, tour_id)
    lines = [f"Tour {tour_id} : {status.etat.libelle}."]
    if until == "concertation":
        return lines
    if status.etat is not RoundState.ACCORDE:
        return [*lines, "La suite attend l'accord des centres (portail, page Concertation)."]
    progress("publication…")
    return [*lines, f"Publication : {publish(hub, periode, approbateur=ACTOR)}"]


def _refuse_real_centres(hub: Hub) -> None:
    """No vote is made up over what real centres deposited; raises PipelineError naming them."""
    from sqlalchemy import select

    from intercentre.core.registry.tables import Depot

    theirs = Depot.prepare, Depot.centre_code != OFFICIAL_SOURCE, Depot.logiciel.is_distinct_from(SIMULATION)
    with hub.registry.read() as session:
        centres = session.execute(select(Depot.centre_code).where(*theirs).distinct()).scalars().all()
    if centres:
        raise PipelineError(
            f"--accord-simule ne fait voter que sur des données simulées ; celles de {', '.join(sorted(centres))} n'en "
            "sont pas. Les centres votent au portail."
        )


def agree_simulated(hub: Hub, tour_id: str) -> None:
    """Every centre that has said nothing approves; what a centre has said stands, its reservation above all."""
    from intercentre.concertation import cast_vote, round_status

    for place in round_status(hub, tour_id).places:
        if not place.has_spoken:
            said = Vote(avis=place.avis or Opinion.APPROUVE, motif=place.motif, indicateurs=place.indicateurs)
            vote = said if place.repris else Vote(avis=Opinion.APPROUVE, motif="Accord simulé")
            cast_vote(hub, tour_id, place.centre, vote, "accord-simule")


def _last_period(hub: Hub, periods: list[Period]) -> Period:
    if periods:
        return max(periods)
    from sqlalchemy import select

    from intercentre.core.registry.tables import Depot

    with hub.registry.read() as session:
        known = (
            session.execute(select(Depot.periode).where(Depot.centre_code != OFFICIAL_SOURCE).distinct())
            .scalars()
            .all()
        )
    if not known:
        raise PipelineError("le hub n'a encore aucun dépôt : indiquez --depots.")
    return max(Period.parse(text) for text in known)

"""The portal's calls to the other rooms, all of them: imported when called, on behalf of a person."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from intercentre.core.faults import describe
from intercentre.core.registry.tables import Depot
from intercentre.portal.accounts import Role
from intercentre.portal.refusals import RefusalError
from intercentre.portal.reminders import HARMONISATION, PUBLICATION, Call, Reminders
from schemas.exchanges.agreement import RoundState, Vote
from schemas.exchanges.verdict import Verdict
from schemas.indicators import definitions
from schemas.period import Period

if TYPE_CHECKING:
    from intercentre.concertation import FollowedAnomaly
    from intercentre.core.hub import Hub
    from intercentre.gates import GateRecord
    from intercentre.harmonisation.corrections import WithoutEffect
    from intercentre.portal.accounts import Account
    from schemas.exchanges.receipt import Receipt
    from schemas.findings import Finding
    from schemas.gates import Gate

_log = logging.getLogger("intercentre.portal")


@dataclass(frozen=True)
class TakenIn:
    """A deposit in custody; `verdict` is None when the check could not be carried out (nothing is lost)."""

    recepisse: Receipt
    verdict: Verdict | None
    to_harmonise: bool = False


def receive(hub: Hub, source: Path, nom: str, account: Account, periode: Period | None, canal: str) -> Receipt:
    """The file is in custody under the account's own centre; returns its signed receipt.

    raises  RefusalError 422  intake refuses it (its message is French)
    """
    from intercentre.intake import IntakeError, receive_deposit

    if account.centre is None:
        raise RefusalError(403, "Seul un centre dépose des fichiers.")
    try:
        return receive_deposit(
            hub, source, centre=account.centre, periode=periode, canal=canal, acteur=account.nom, fichier=nom
        )
    except IntakeError as error:
        raise RefusalError(422, str(error)) from error


def judge(hub: Hub, receipt: Receipt) -> TakenIn:
    """The deposit has its verdict, and its rows are staged when it is accepted. One that was judged stays as it is."""
    import duckdb
    from sqlalchemy.exc import SQLAlchemyError

    from intercentre.staging import stage_deposit
    from intercentre.validation import validate_deposit

    row = find_deposit(hub, receipt.depot_id)
    try:
        verdict = Verdict.model_validate_json(row.verdict) if row.verdict else validate_deposit(hub, row.depot_id)
        staged = verdict.is_accepted and not row.prepare and stage_deposit(hub, row.depot_id)
    except (OSError, RuntimeError, duckdb.Error, SQLAlchemyError) as error:
        # The bytes are in custody and the receipt is due: a check that broke down is done again, not the deposit.
        _log.error("controle interrompu, %s : %s", row.depot_id, describe(error))
        with hub.registry.change() as change:
            change.journal("portail", "controle_interrompu", row.depot_id, cause=type(error).__name__)
        return TakenIn(receipt, None)
    return TakenIn(receipt, verdict, to_harmonise=staged)


def harmonise_later(reminders: Reminders, taken: TakenIn) -> None:
    """Airflow knows of a deposit that counts from now on."""
    from intercentre.operation.pending import period_to_refresh

    depot_id = taken.recepisse.depot_id
    periode = period_to_refresh(reminders.hub, depot_id) if taken.to_harmonise else None
    if periode is not None:
        reminders.tell(Call(HARMONISATION, str(periode), depot_id))


def find_deposit(hub: Hub, depot_id: str) -> Depot:
    """The row of a deposit; raises RefusalError 404."""
    with hub.registry.read() as session:
        row = session.execute(select(Depot).where(Depot.depot_id == depot_id)).scalar_one_or_none()
    if row is None:
        raise RefusalError(404)
    return row


def plausibility_page(hub: Hub, depot_id: str) -> Path | None:
    from intercentre.plausibility import find_page

    return find_page(hub, depot_id)


def plausibility_findings(hub: Hub, depot_id: str) -> tuple[Finding, ...] | None:
    """What is asked of the centre beside its earlier deposits and the others; None before that was looked at."""
    from intercentre.plausibility import read_findings

    return read_findings(hub, depot_id)


def gate_records(hub: Hub) -> list[GateRecord]:
    """What was said of each period at its two gates, the latest period first."""
    from intercentre.gates import list_records

    return list_records(hub)


def gate_page(hub: Hub, periode: Period, porte: Gate) -> Path | None:
    from intercentre.gates import find_page

    return find_page(hub, periode, porte)


def render_report(verdict: Verdict) -> str:
    """The verdict as one HTML file that stands alone."""
    from intercentre.validation import render_html

    return str(render_html(verdict))


def vote(hub: Hub, tour_id: str, account: Account, given: Vote) -> RoundState:
    """The vote of the account's centre is cast; raises RefusalError 403, 404 or 409."""
    from intercentre.concertation import ConcertationRefusee, cast_vote

    if account.centre is None:
        raise RefusalError(403, "Seul un centre donne son avis.")
    try:
        return cast_vote(hub, tour_id, account.centre, given, account.nom)
    except ConcertationRefusee as error:
        raise RefusalError(409, str(error)) from error


def indicators_of(hub: Hub, periode: str) -> list[tuple[str, str]]:
    """Code and name of the indicators that the period's figures hold, in order; none before there are figures."""
    from intercentre.concertation.figures import indicators

    if not (hub.home.protected(periode) / "observations.parquet").is_file():
        return []
    known = definitions()
    return [(code, known[code].titre if code in known else "") for code in sorted(indicators(hub, periode))]


def anomalies_for(hub: Hub, periode: Period, account: Account) -> list[FollowedAnomaly]:
    """The anomalies that are this account's business: all, those of its centre, or none for an authority."""
    from intercentre.concertation import followed_anomalies

    if account.role is Role.AUTORITE:
        return []
    return followed_anomalies(hub, periode, account.centre)


def idle_corrections(hub: Hub, periode: Period, account: Account) -> list[WithoutEffect]:
    """The accepted corrections without effect that are this account's business, as for anomalies."""
    from intercentre.harmonisation.corrections import corrections_without_effect

    return [] if account.role is Role.AUTORITE else corrections_without_effect(hub, periode, account.centre)


def answer_anomaly(hub: Hub, periode: Period, anomalie_id: str, motif: str, account: Account) -> None:
    """A centre has explained the anomaly, or DISCRI has closed it; raises RefusalError 403 or 409."""
    from intercentre.concertation import ConcertationRefusee, close_anomaly, explain_anomaly

    try:
        if account.centre is not None:
            explain_anomaly(hub, periode, anomalie_id, account.centre, motif, account.nom)
        elif account.role is Role.DISCRI:
            close_anomaly(hub, periode, anomalie_id, motif, account.nom)
        else:
            raise RefusalError(403, "Un centre explique une anomalie, DISCRI la clôt.")
    except ConcertationRefusee as error:
        raise RefusalError(409, str(error)) from error


def publish_later(reminders: Reminders, tour_id: str, periode: str) -> None:
    """Airflow knows that the centres agreed: the release waits for its last approval."""
    reminders.tell(Call(PUBLICATION, periode, tour_id))

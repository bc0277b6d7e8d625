"""What becomes of an anomaly: a centre explains it, DISCRI closes it, and it opens again when it comes back.

Every step is a row that stays as it was written; the state follows from the rows and from the figures.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from intercentre.concertation.anomalies import read_anomalies
from intercentre.concertation.detection import Anomaly
from intercentre.concertation.refusal import ConcertationRefusee
from intercentre.concertation.votes import names_a_person, on_one_line
from intercentre.core.french import utc
from intercentre.core.hub import Hub
from intercentre.core.registry.tables import SuiteAnomalie
from schemas.anomalies import CLOSED, EXPLAINED, OPEN, REOPENED
from schemas.period import Period

LONGEST = 600  # characters of a reason, as of a vote


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `etat` is expliquee or close; `centre` is None for DISCRI; `periode` is that of the anomaly."""

    anomalie_id: str
    periode: str
    empreinte: str
    etat: str
    centre: str | None
    motif: str
    ecrite_le: datetime


@dataclass(frozen=True, slots=True)
class FollowedAnomaly:
    """An anomaly as it stands; `suite` are the steps on the same subject, the earliest first."""

    anomalie: Anomaly
    suite: tuple[Step, ...] = ()

    @property
    def is_closed(self) -> bool:
        return self.anomalie.etat == CLOSED


def follow(anomaly: Anomaly, steps: Sequence[Step]) -> FollowedAnomaly:
    """The anomaly in the state that the steps on its subject, the earliest first, leave it in.

    A step counts as long as the figures say the same: with another sentence or in a later period the anomaly is open
    anew, and `rouverte` where the subject had been closed. Steps on later periods say nothing of this one.
    """
    last = Period.parse(anomaly.periode).fin
    known = tuple(one for one in steps if Period.parse(one.periode).fin <= last)
    own = [one for one in known if (one.anomalie_id, one.empreinte) == (anomaly.anomalie_id, fingerprint(anomaly))]
    before = REOPENED if any(one.etat == CLOSED for one in known) else OPEN
    etat = own[-1].etat if own else before
    return FollowedAnomaly(replace(anomaly, etat=etat), known)


def fingerprint(anomaly: Anomaly) -> str:
    """SHA-256 of what the anomaly says: other figures are another question."""
    return hashlib.sha256(anomaly.phrase.encode()).hexdigest()


def followed_anomalies(hub: Hub, periode: Period | str, centre: str | None = None) -> list[FollowedAnomaly]:
    """The anomalies of the period that concern `centre`, or all of them, as they stand."""
    found = read_anomalies(hub, periode, centre)
    with hub.registry.read() as session:
        steps = _steps(session, {one.sujet for one in found})
    return [follow(one, steps[one.sujet]) for one in found]


def explain_anomaly(hub: Hub, periode: Period | str, anomalie_id: str, centre: str, motif: str, compte: str) -> None:
    """The centre's explanation is written down; raises ConcertationRefusee: not its anomaly, closed, or no reason."""
    one = _found(followed_anomalies(hub, periode, centre), anomalie_id)
    if one.is_closed:
        raise ConcertationRefusee("Cette anomalie est close : elle se rouvrira si les chiffres la montrent de nouveau.")
    _write(hub, one.anomalie, EXPLAINED, centre, motif, compte)


def close_anomaly(hub: Hub, periode: Period | str, anomalie_id: str, motif: str, compte: str) -> None:
    """DISCRI's closing is written down; raises ConcertationRefusee: unknown, closed already, or no reason."""
    one = _found(followed_anomalies(hub, periode), anomalie_id)
    if one.is_closed:
        raise ConcertationRefusee("Cette anomalie est déjà close.")
    _write(hub, one.anomalie, CLOSED, None, motif, compte)


def _write(hub: Hub, anomaly: Anomaly, etat: str, centre: str | None, motif: str, compte: str) -> None:
    said = on_one_line(motif)
    if not said or len(said) > LONGEST:
        raise ConcertationRefusee(f"Dites en une phrase ce qui s'est passé, en {LONGEST} caractères au plus.")
    if names_a_person(said):
        raise ConcertationRefusee("N'écrivez ni adresse électronique ni numéro qui désigne une personne.")
    with hub.registry.change() as change:
        change.session.add(
            SuiteAnomalie(
                numero=change.next_number(SuiteAnomalie.numero),
                sujet=anomaly.sujet,
                anomalie_id=anomaly.anomalie_id,
                periode=anomaly.periode,
                empreinte=fingerprint(anomaly),
                etat=etat,
                centre_code=centre,
                motif=said,
                ecrite_le=change.instant,
                compte=compte,
            )
        )
        change.session.flush()
        change.journal(compte, f"anomalie_{etat}", anomaly.anomalie_id, centre=centre)


def _found(known: Iterable[FollowedAnomaly], anomalie_id: str) -> FollowedAnomaly:
    for one in known:
        if one.anomalie.anomalie_id == anomalie_id:
            return one
    raise ConcertationRefusee("Cette anomalie n'est plus relevée, ou ne concerne pas votre centre.")


def _steps(session: Session, subjects: Iterable[str]) -> defaultdict[str, list[Step]]:
    """Subject → its steps, in the order in which they were written."""
    found: defaultdict[str, list[Step]] = defaultdict(list)
    rows = select(SuiteAnomalie).where(SuiteAnomalie.sujet.in_(subjects)).order_by(SuiteAnomalie.numero)
    for row in session.scalars(rows):
        at = utc(row.ecrite_le)
        step = Step(row.anomalie_id, row.periode, row.empreinte, row.etat, row.centre_code, row.motif, at)
        found[row.sujet].append(step)
    return found

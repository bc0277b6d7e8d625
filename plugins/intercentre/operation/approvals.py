"""The last gate: which agreement waits for its « bon à publier », that it was asked for, and what was answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Journal, Publication, Tour
from schemas.exchanges.agreement import RoundState
from schemas.period import Period

ACTOR = "airflow"
SERVICE = "portail"
NOBODY = "personne"
_ASKED = "bon_a_publier_demande"


class NotAPersonError(RuntimeError):
    """An account that is no person's gave the last approval."""


def agreements_to_announce(hub: Hub) -> list[Period]:
    """Periods whose centres agreed and whose approval nobody was asked for: Airflow was down, or silence decided."""
    with hub.registry.read() as session:
        periods = sorted({Period.parse(text) for text in session.execute(select(Tour.periode)).scalars()})
        return [period for period in periods if (tour := _agreed(session, period)) and not _was_asked(session, tour)]


def agreed_round(hub: Hub, periode: Period, *, again: bool) -> str | None:
    """The round to approve for release; the journal says that the approval was asked for.

    None when the period's last round is not an agreement or is released already, or when the approval was asked for
    before and `again` is False.
    """
    with hub.registry.change() as change:
        tour = _agreed(change.session, periode)
        if tour is None or (_was_asked(change.session, tour) and not again):
            return None
        change.journal(ACTOR, _ASKED, tour.tour_id, periode=str(periode))
        return tour.tour_id


def _agreed(session: Session, periode: Period) -> Tour | None:
    rounds = select(Tour).where(Tour.periode == str(periode)).order_by(Tour.ouvert_le.desc(), Tour.tour_id.desc())
    last = session.execute(rounds.limit(1)).scalar_one_or_none()
    if last is None or last.etat != RoundState.ACCORDE:
        return None
    released = session.execute(select(Publication.version).where(Publication.tour_id == last.tour_id)).first()
    return None if released else last


def _was_asked(session: Session, tour: Tour) -> bool:
    line = select(Journal.numero).where(Journal.action == _ASKED, Journal.objet == tour.tour_id)
    return session.execute(line.limit(1)).first() is not None


def approver(hub: Hub, answer: Mapping[str, Any]) -> str:
    """Who gave the go; raises NotAPersonError when it was the portal's own account, which speaks for nobody."""
    name = str((answer.get("responded_by_user") or {"name": NOBODY})["name"])
    if name in (NOBODY, SERVICE, hub.settings.airflow_compte):
        raise NotAPersonError(
            "Le bon à publier est donné par une personne, jamais par le compte de service du portail."
        )
    return name


def record_answer(hub: Hub, tour_id: str | None, answer: Mapping[str, Any] | None) -> None:
    """The journal says who gave the release the go, or refused it; silence until the deadline is a refusal too.

    answer  what Airflow's approval returned: chosen_options, responded_by_user; None when nothing was asked
    """
    if tour_id is None or answer is None:
        return
    person = answer.get("responded_by_user") or {"name": NOBODY}
    given = "donne" if answer["chosen_options"] == ["Approve"] else "refuse"
    with hub.registry.change() as change:
        change.journal(ACTOR, f"bon_a_publier_{given}", tour_id, par=person["name"])

"""Whether the common tables of a period still are what deposits in force and accepted corrections would give."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from intercentre.harmonisation.corrections import accepted_corrections
from intercentre.harmonisation.deposits import accepted_deposits, centres_in_force, official_deposits
from schemas.period import Period

if TYPE_CHECKING:
    from intercentre.core.hub import Hub

DONE = "harmonisation_faite"


def is_harmonised(hub: Hub, periode: Period | str) -> bool:
    """True when the period's common tables were last made from the very deposits and corrections in force now.

    Several deposits accepted at once announce themselves one by one; the first announcement served does for all.
    """
    from sqlalchemy import select

    from intercentre.core.registry.tables import Journal

    period = Period.parse(str(periode))
    with hub.registry.read() as session:
        lines = select(Journal.details).where(Journal.action == DONE, Journal.objet == str(period))
        last = session.execute(lines.order_by(Journal.numero.desc()).limit(1)).scalar_one_or_none()
    if last is None or not hub.home.common(period).is_dir():
        return False
    deposits = accepted_deposits(hub)
    made_from, details = [centre.depot for centre in centres_in_force(deposits, period)], json.loads(last)
    in_force = {
        "depots": [depot.depot_id for depot in made_from if depot],
        "depots_officiels": [deposit.depot_id for deposit in official_deposits(deposits, period)],
        "corrections": [one.correction_id for one in accepted_corrections(hub)],
    }
    return bool(details.items() >= in_force.items())


def periods_behind(hub: Hub) -> list[Period]:
    """Quarters with an accepted deposit whose common tables are not what the deposits in force would give, in order.

    Nobody may have been told of their last deposit: the machine stopped, or Airflow was down when it came.
    """
    quarters = {deposit.periode for deposit in accepted_deposits(hub) if deposit.periode.is_quarter}
    return [period for period in sorted(quarters) if not is_harmonised(hub, period)]

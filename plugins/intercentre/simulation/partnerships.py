"""T13: with whom the centre works: communes under convention, CPAS, Forem, operators, others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from intercentre.simulation.chance import between, stream, weighted
from intercentre.simulation.facts import Fact, numbered
from intercentre.simulation.operators import Operator
from intercentre.simulation.people import Window
from intercentre.simulation.population import lasting_communes
from intercentre.simulation.view import Cell

_COMMUNE_SHARE, _CPAS_SHARE, _OPERATOR_SHARE = 0.6, 0.45, 0.5
_ENDED_SHARE = 0.12
_SUBJECT = {"FLE": "FLE", "ALPHA": "FLE", "CITOYENNETE": "CITOYENNETE", "ISP": "ISP_FOREM"}
_OTHER = weighted(ECOLE=4, SANTE=3, LOGEMENT=3, JUSTICE=1, AUTRE=2)


def partnership_facts(graine: int, centre: str, operators: Sequence[Operator], window: Window) -> list[Fact]:
    """The centre's partnerships since the start of the history; some end on the way."""
    rng = stream(graine, "partenariats", centre)
    partners = list(_partners(rng, centre, operators, window))
    return list(numbered("PA", "partenariat_id", (_fact(rng, window, *partner) for partner in partners)))


def _partners(
    rng: Random, centre: str, operators: Sequence[Operator], window: Window
) -> Iterator[tuple[str, str, str | None, str | None]]:
    """(partenaire_type, objet, commune, operator)."""
    for commune in lasting_communes(centre, window.fin).values:
        if rng.random() < _COMMUNE_SHARE:
            yield "COMMUNE", "CONVENTION_COMMUNE", commune, None
        if rng.random() < _CPAS_SHARE:
            yield "CPAS", "PIIS_CPAS" if rng.random() < 0.7 else "ORIENTATION", commune, None
    yield "FOREM", "ISP_FOREM", None, None
    for operator in operators:
        if operator.arret is None and rng.random() < _OPERATOR_SHARE:
            yield "OPERATEUR", _SUBJECT.get(operator.axes[0], "AUTRE"), None, operator.numero
    for _ in range(rng.randint(2, 6)):
        yield _OTHER.draw(rng), "ORIENTATION" if rng.random() < 0.6 else "AUTRE", None, None


def _fact(rng: Random, window: Window, partner: str, subject: str, commune: str | None, operator: str | None) -> Fact:
    early = rng.random() < 0.7
    start = window.debut - timedelta(days=rng.randint(1, 1800)) if early else between(rng, window.debut, window.fin)
    row: dict[str, Cell] = {
        "partenaire_type": partner,
        "commune_refnis": commune,
        "operateur_id": operator,
        "objet": subject,
        "date_debut": start,
        "date_fin": None,
        "formalise": subject == "CONVENTION_COMMUNE" or rng.random() < 0.7,
    }
    noted = max(start, window.debut)
    return Fact("partenariat", noted, row, _ending(rng, noted, window.fin))


def _ending(rng: Random, noted: date, last: date) -> tuple[tuple[date, dict[str, Cell]], ...]:
    if rng.random() >= _ENDED_SHARE or (last - noted).days < 200:
        return ()
    ended = between(rng, noted + timedelta(days=180), last)
    return ((ended, {"date_fin": ended}),)

"""The page of a gate for DISCRI: what stops the period, what is to be explained, what holds. No script."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from intercentre.core.french import french_day, french_number
from intercentre.core.looks import Look
from intercentre.core.pages import page_environment
from intercentre.core.style import stylesheet
from intercentre.gates.judgement import Outcome, State
from schemas.gates import Expectation, Gate
from schemas.period import Period

if TYPE_CHECKING:
    from intercentre.gates.documents import GateRecord

_TEMPLATES = Path(__file__).with_name("templates")
_PLURAL = 2  # French takes the plural from two
_SHOWN = 50  # places listed under one expectation
_LEADS = {
    Gate.TABLES_COMMUNES: "Avant que les tables communes de la période ne servent aux indicateurs.",
    Gate.OBSERVATIONS: "Avant que les chiffres de la période ne soient protégés, puis soumis aux centres.",
}
_STATUS = {"propose": "proposé", "adopte": "adopté"}


def look_of(outcome: Outcome) -> Look:
    """Word, icon and tone of an outcome."""
    if outcome.etat is State.TENUE:
        return Look("Tenue", "oui", "ok")
    if outcome.etat is State.SANS_OBJET:
        return Look("Rien à comparer", "vide", "neutre")
    return Look("Arrête la suite", "non", "refus") if outcome.stops else Look("À expliquer", "question", "info")


def shown_limits(one: Expectation) -> str:
    """« 0 ligne », « de −5 à 60 % », « au moins 1 chiffre »."""
    low, high = (None if limit is None else _number(limit) for limit in (one.minimum, one.maximum))
    last = one.minimum if one.maximum is None else one.maximum
    unit = f"\u00a0{one.unite if abs(last or 0) >= _PLURAL else one.unite.removesuffix('s')}" if one.unite else ""
    if low is None:
        return f"au plus {high}{unit}"
    if high is None:
        return f"au moins {low}{unit}"
    return f"{low}{unit}" if low == high else f"de {low} à {high}{unit}"


def render_page(record: GateRecord, outcomes: Sequence[Outcome]) -> str:
    """The page as HTML that stands alone: nothing to fetch, fit for printing."""
    environment = page_environment(_TEMPLATES)
    environment.filters |= {"jour": french_day, "bornes": shown_limits, "valeur": _number, "look": look_of}
    text = environment.get_template("porte.html").render(
        bilan=record,
        periode=Period.parse(record.periode),
        objet=_LEADS[record.porte],
        arrets=[one for one in outcomes if one.stops],
        questions=[one for one in outcomes if one.etat is State.ROMPUE and not one.stops],
        toutes=outcomes,
        montrees=_SHOWN,
        statuts=_STATUS,
        style=stylesheet(),
    )
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip()) + "\n"


def _number(value: float) -> str:
    return french_number(value, 0 if value == int(value) else 1).replace("-", "−")

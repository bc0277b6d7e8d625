"""The catalogue of indicators as a page that stands alone: definition, worked example, chart, cautions of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from intercentre.core.pages import page_environment
from intercentre.core.style import stylesheet
from intercentre.documentation.indicator_charts import (
    ExampleFigure,
    WorkedExample,
    category_name,
    chart_of,
    place_name,
    shown,
)
from intercentre.documentation.indicator_pages import MEASURES, PROTECTION, STATES
from schemas.exchanges.release import TOTAL
from schemas.extracts import VERSION_CONTRAT
from schemas.indicators import Definition, breakdowns, definitions
from schemas.period import Period

_LAYOUTS = Path(__file__).with_name("layouts")
_PLACES = {
    "region": "région",
    "province": "province",
    "arrondissement": "arrondissement",
    "centre": "centre",
    "commune": "commune",
}
_LONGEST = 30  # characters of a label in a chart on a screen of 320 px
_PERIODS = {"T": "trimestre", "A": "année"}
_VIEWS = {
    "calendrier": "ce qui a lieu pendant la période",
    "cohorte": "ce que deviennent ceux qui entrent dans la période, une fois observés assez longtemps",
}


def indicators_page(examples: Mapping[str, WorkedExample]) -> str:
    """Every indicator by decree mission, with an anchor per code; raises KeyError for one without an example."""
    missions: dict[str, list[dict[str, Any]]] = {}
    for one in definitions().values():
        missions.setdefault(one.missions[0], []).append(_indicator(one, examples[one.code]))
    environment = page_environment(_LAYOUTS)
    environment.filters["court"] = shortened
    text = environment.get_template("indicateurs.html").render(
        page="indicateurs", version=VERSION_CONTRAT, style=stylesheet(), missions=sorted(missions.items())
    )
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip()) + "\n"


def shortened(label: str) -> str:
    """A label that a narrow drawing can hold; the table under it has it whole."""
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1].rstrip()}…"


def _indicator(one: Definition, example: WorkedExample) -> dict[str, Any]:
    return {
        "code": one.code,
        "titre": one.titre,
        "question": one.question,
        "lecture": one.lecture.strip(),
        "faits": list(_facts(one)),
        "pieges": one.pieges,
        "maturite": one.maturite,
        "secret": PROTECTION[one.secret],
        "calcul": example.calcul,
        "rapporte": one.denominateur is not None,
        "chiffres": [_row(figure, one.unit_of(figure.dimension)) for figure in example.chiffres],
        "graphique": chart_of(one, example),
    }


def _facts(one: Definition) -> Iterable[tuple[str, str]]:
    yield "Mesure", f"{MEASURES[one.mesure]}, en {one.unite}"
    yield "Numérateur", one.numerateur
    yield "Dénominateur", one.denominateur or "sans objet"
    yield "Vue", _VIEWS[one.vue]
    yield "Ventilations", ", ".join(breakdowns()[name].titre for name in one.dimensions) or "total seul"
    yield "Territoires", ", ".join(_PLACES[name] for name in (*one.territoires, *one.territoires_totaux))
    yield "Périodes", ", ".join(_PERIODS[name] for name in one.periodes)
    yield "Missions", ", ".join(one.missions)
    yield "Référence", one.reference
    yield "Définition", f"version {one.version}, {STATES[one.statut]} ; {one.decision}"


def _row(figure: ExampleFigure, unite: str) -> dict[str, str]:
    value = ExampleFigure(figure.periode, figure.territoire, figure.dimension, figure.modalite, figure.valeur)
    return {
        "periode": Period.parse(figure.periode).libelle,
        "territoire": place_name(figure.territoire),
        "ventilation": "" if figure.dimension == TOTAL else category_name(figure.dimension, figure.modalite),
        "valeur": shown(value, unite) if figure.est_dite else "non calculée",
        "numerateur": _count(figure.numerateur),
        "denominateur": _count(figure.denominateur),
    }


def _count(value: float | None) -> str:
    return "" if value is None else shown(ExampleFigure("2026", "", TOTAL, TOTAL, value), "").strip("\u00a0")

"""The chart of an indicator's worked example: which of its figures are shown, how long each bar is, what it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from intercentre.core.french import french_number
from schemas.exchanges.release import TOTAL
from schemas.indicators import REGION, Definition, breakdowns
from schemas.nomenclatures import nomenclature
from schemas.period import Period

_WIDEST = 100  # % of the drawing; label and figure stand above the bar, on a line each: no screen cuts them
_WHOLE = 100.0  # of a share
_LONGEST = 26  # characters of a figure in the drawing, on a screen of 320 px
_ROW = 66  # height of a bar with its label, px


@dataclass(frozen=True, slots=True)
class ExampleFigure:
    """One figure of a worked example, as a person worked it out; None where the example does not say it.

    est_dite  whether the example says the value, be it that there is none
    """

    periode: str
    territoire: str
    dimension: str
    modalite: str
    valeur: float | None
    numerateur: float | None = None
    denominateur: float | None = None
    est_dite: bool = True


@dataclass(frozen=True, slots=True)
class WorkedExample:
    """An invented case of an indicator: how it is worked out, and the figures that come of it."""

    calcul: str
    chiffres: tuple[ExampleFigure, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """`largeur` is in % of the drawing, `haut` in px; `est_sujet`: what the chart is about, not what it is beside."""

    libelle: str
    texte: str
    largeur: float
    haut: int
    est_sujet: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """One message: the figures of one period, by place or by category."""

    titre: str
    description: str
    hauteur: int
    fond: float
    barres: tuple[Bar, ...]


def chart_of(definition: Definition, example: WorkedExample) -> Chart:
    """The chart of the example's own figures; raises ValueError when it has no value at all."""
    figures, by_place = _chosen(example.chiffres)
    scale = _scale(definition, figures)
    bars = tuple(
        Bar(
            place_name(one.territoire) if by_place else category_name(one.dimension, one.modalite),
            _beside(one, definition.unit_of(one.dimension)),
            round(_WIDEST * max(one.valeur or 0, 0) / scale, 2),
            _ROW * at,
            one.territoire == REGION or not by_place,
        )
        for at, one in enumerate(figures)
    )
    first = figures[0]
    along = "par territoire" if by_place else _along(first)
    listed = " ; ".join(
        f"{bar.libelle} : {shown(one, definition.unit_of(one.dimension))}"
        for bar, one in zip(bars, figures, strict=True)
    )
    extent = "" if definition.unite != "%" else f" L'échelle va de 0 à {_number(scale)} %."
    return Chart(
        titre=f"{definition.titre}, {Period.parse(first.periode).libelle}, {along}",
        description=f"Exemple inventé. {listed}.{extent}",
        hauteur=_ROW * len(bars),
        fond=_WIDEST if definition.unite == "%" and scale <= _WHOLE else 0,
        barres=bars,
    )


def place_name(code: str) -> str:
    """A territory as a person names it."""
    if code == REGION:
        return "Région de langue française"
    centre = nomenclature("centre").entries.get(code)
    if centre is not None:
        return centre.libelle
    return _places().get(code, code)


def category_name(dimension: str, modalite: str) -> str:
    """A category of a breakdown as a person names it."""
    return breakdowns()[dimension].labels.get(modalite, modalite)


def shown(figure: ExampleFigure, unite: str) -> str:
    """« 33,3 % (1 sur 3) », « 12 dossiers »; « sans réponse » where there is no value."""
    if figure.valeur is None:
        return "sans réponse"
    value = f"{_number(figure.valeur)}\u00a0{unite}"
    if figure.numerateur is None or figure.denominateur is None:
        return value
    return f"{value} ({_number(figure.numerateur)} sur {_number(figure.denominateur)})"


def _beside(figure: ExampleFigure, unite: str) -> str:
    """The figure as the drawing can hold it: what it is made of stands in the table where there is no room."""
    text = shown(figure, unite)
    return text if len(text) <= _LONGEST else text.split(" (")[0]


def _chosen(figures: Sequence[ExampleFigure]) -> tuple[list[ExampleFigure], bool]:
    """The figures of the chart and whether they are compared by place; else by category of one breakdown."""
    known = [one for one in figures if one.valeur is not None]
    if not known:
        raise ValueError("a worked example without any value")
    totals = [one for one in known if one.dimension == TOTAL]
    periods = Counter(one.periode for one in totals)
    if totals:
        most = max(periods, key=lambda period: (periods[period], period))
        here = [one for one in totals if one.periode == most]
        if len(here) > 1:
            return sorted(here, key=lambda one: _place_rank(one.territoire)), True
    parts = Counter((one.periode, one.territoire, one.dimension) for one in known if one.dimension != TOTAL)
    if not parts:
        return totals[:1], True
    widest = max(parts, key=lambda group: (parts[group], group[1] == REGION))
    if parts[widest] < 2 and totals:
        return totals[:1], True
    order = list(breakdowns()[widest[2]].labels)
    group = [one for one in known if (one.periode, one.territoire, one.dimension) == widest]
    return sorted(group, key=lambda one: order.index(one.modalite) if one.modalite in order else len(order)), False


def _along(figure: ExampleFigure) -> str:
    title = breakdowns()[figure.dimension].titre
    return f"{place_name(figure.territoire)}, selon : {title[0].lower()}{title[1:]}"


def _scale(definition: Definition, figures: Sequence[ExampleFigure]) -> float:
    most = max(one.valeur or 0 for one in figures)
    return max(_WHOLE, most) if definition.unite == "%" else most or 1.0


def _place_rank(code: str) -> tuple[int, str]:
    """The region first, then the larger places, then the smaller: an order of territory, never of figures."""
    return (0 if code == REGION else 1 if not code.isdigit() else 2 if code.endswith("000") else 3, code)


@cache
def _places() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for entry in nomenclature("commune").entries.values():
        names |= {
            entry.facts["province_code"]: f"Province : {entry.facts['province']}",
            entry.facts["arrondissement_code"]: f"Arrondissement : {entry.facts['arrondissement']}",
        }
    return names | {entry.code: entry.libelle for entry in nomenclature("commune").entries.values()}


def _number(value: float) -> str:
    return french_number(value, 0 if round(value, 6) == int(value) else 1 if abs(value) >= 1 else 2)

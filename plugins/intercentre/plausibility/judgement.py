"""What the measures of a deposit say beside its expectations, and the questions to its centre that follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from intercentre.core.french import french_count, french_day, french_number
from intercentre.plausibility.bounds import Bounds
from intercentre.plausibility.expectations import Expectation
from intercentre.plausibility.measures import Figure, Measure, Values
from intercentre.plausibility.refusal import PlausibilityError
from schemas.findings import Finding
from schemas.plausibility import Kind, Thresholds
from schemas.rules.catalogue import finding

_EPOCH = date(1970, 1, 1)
_DAYS_OF_A_MONTH = 30.44
_ON_THE_TABLE = (Kind.LIGNES, Kind.ACTIVITE, Kind.INDICATEUR, Kind.STOCK)


class State(StrEnum):
    """What an expectation comes to."""

    DANS = "dans les bornes"
    HORS = "hors des bornes"
    SANS_OBJET = "trop peu de lignes pour juger"
    NON_COMPARE = "rien à quoi comparer"


@dataclass(frozen=True, slots=True)
class Outcome:
    """An expectation, the value measured, and what comes of it."""

    attente: Expectation
    valeur: float | None
    etat: State


def judge_outcomes(expectations: Iterable[Expectation], values: Values, kept: Mapping[str, bool]) -> list[Outcome]:
    """What each expectation comes to; `kept` is what Great Expectations says, by key.

    raises  PlausibilityError when its answer is not that of the figure measured directly: one of the two is wrong
    """
    outcomes = [_outcome(one, values[one.mesure], kept) for one in expectations]
    apart = [
        one.attente.cle
        for one in outcomes
        if one.valeur is not None
        and one.attente.bornes is not None
        and one.attente.bornes.hold(one.valeur) is not kept[one.attente.cle]
    ]
    if apart:
        raise PlausibilityError(f"Great Expectations et la mesure directe se contredisent : {', '.join(apart)}.")
    return outcomes


def _outcome(expectation: Expectation, value: float | None, kept: Mapping[str, bool]) -> Outcome:
    if expectation.bornes is None:
        state = State.NON_COMPARE
    elif value is None:
        state = State.SANS_OBJET
    else:
        state = State.DANS if kept[expectation.cle] else State.HORS
    return Outcome(expectation, value, state)


def findings_of(
    outcomes: Sequence[Outcome], thresholds: Thresholds, files: Mapping[str, str | None]
) -> tuple[Finding, ...]:
    """One question for each cause: the categories of a column together, and nothing that another rule already asks.

    files  table → its file, as the verdict names it
    """
    out = [one for one in outcomes if one.etat is State.HORS]
    asked = {(one.attente.regle, one.attente.mesure.table) for one in out}
    findings = []
    for outcome in out:
        rule, measure = thresholds.regles[outcome.attente.regle], outcome.attente.mesure
        if any((code, measure.table) in asked for code in rule.eclipse):
            continue
        column = None if rule.mesure in _ON_THE_TABLE else _column(measure)
        findings.append(
            finding(
                outcome.attente.regle,
                table=measure.table,
                fichier=files.get(measure.table),
                colonne=column,
                **_facts(outcome, out),
            )
        )
    return tuple(dict.fromkeys(findings))


def _column(measure: Measure) -> str | None:
    """The column that is asked about: of a total the one that is added up, not the one that dates it."""
    return measure.champ.removeprefix("total_") if measure.champ and measure.figure is Figure.TOTAL else measure.colonne


def _facts(outcome: Outcome, out: Sequence[Outcome]) -> dict[str, Any]:
    """What the messages may say: counts and shares of the whole table, never a value of a row."""
    measure, bounds = outcome.attente.mesure, outcome.attente.bornes
    if outcome.attente.regionale or bounds is None:
        return {"part": measure.libelle}
    same = [
        one
        for one in out
        if (one.attente.regle, one.attente.mesure.table, one.attente.mesure.colonne)
        == (outcome.attente.regle, measure.table, measure.colonne)
    ]
    observed = shown_value(measure, outcome.valeur)
    if measure.figure is Figure.MEDIAN and outcome.valeur is not None and bounds.attendu is not None:
        observed = f"{french_number(round(abs(outcome.valeur - bounds.attendu) / _DAYS_OF_A_MONTH))} mois"
    return {
        "part": measure.libelle,
        "observe": observed,
        "attendu": shown_bounds(measure, bounds),
        "nombre": french_count(len(same), "modalité concernée", "modalités concernées"),
    }


def shown_value(measure: Measure, value: float | None) -> str:
    """A value of a measure as a person reads it; a median by its month, since its day may be that of one row."""
    if value is None:
        return "—"
    if measure.figure is Figure.SHARE:
        return f"{french_number(value, 1)}\u00a0%"
    if measure.figure is Figure.MEDIAN:
        return french_day((_EPOCH + timedelta(days=int(value))).replace(day=1)).removeprefix("1er ")
    return french_number(value)


def shown_bounds(measure: Measure, bounds: Bounds) -> str:
    """« 190 à 230 », « au moins 80,0 % », « au plus 20,0 % »."""
    low, high = shown_value(measure, bounds.minimum), shown_value(measure, bounds.maximum)
    if bounds.minimum is None:
        return f"au plus {high}"
    if bounds.maximum is None:
        return f"au moins {low}"
    if bounds.minimum == bounds.maximum:
        return low
    return f"{low} à {high}"

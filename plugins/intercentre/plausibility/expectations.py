"""Expectations made from the thresholds and from earlier deposits, with the fingerprint of all they rest on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from intercentre.plausibility.bounds import Bounds, bounds_from
from intercentre.plausibility.history import Staged, same_season
from intercentre.plausibility.measures import Figure, Measure, Values, measures_of
from schemas.period import Period
from schemas.plausibility import Kind, Rule, Thresholds


@dataclass(frozen=True, slots=True)
class Expectation:
    """One measure and the bounds that a rule gives it; without bounds there is nothing to compare with.

    regionale  bounds come from other centres: they are used, and shown to nobody
    """

    regle: str
    mesure: Measure
    bornes: Bounds | None
    regionale: bool = False

    @property
    def cle(self) -> str:
        """What names it, in our files and in Great Expectations' own."""
        return f"{self.regle}:{self.mesure.nom}"


@dataclass(frozen=True, slots=True)
class Reference:
    """Earlier deposits and what was measured in each, the latest last; the other centres in the order of rank."""

    anterieurs: Sequence[tuple[Staged, Values]]
    autres: Sequence[tuple[Staged, Values]]


def all_measures(thresholds: Thresholds) -> tuple[Measure, ...]:
    """Every measure of every rule, once."""
    return tuple(dict.fromkeys(one for rule in thresholds.regles.values() for one in measures_of(rule, thresholds)))


def regional_measures(thresholds: Thresholds) -> tuple[Measure, ...]:
    """The measures for which the other centres are looked at."""
    rules = (rule for rule in thresholds.regles.values() if rule.mesure is Kind.REGION)
    return tuple(dict.fromkeys(one for rule in rules for one in measures_of(rule, thresholds)))


def expectations_for(periode: Period, reference: Reference, thresholds: Thresholds) -> list[Expectation]:
    """Every expectation on a deposit of `periode`, in the order of rules; the deposit itself has no part in them."""
    made = []
    for code, rule in thresholds.regles.items():
        for measure in measures_of(rule, thresholds):
            bounds = _bounds(rule, measure, reference, periode, thresholds)
            made.append(Expectation(code, measure, bounds, rule.mesure is Kind.REGION))
    return made


def _bounds(
    rule: Rule, measure: Measure, reference: Reference, periode: Period, thresholds: Thresholds
) -> Bounds | None:
    if rule.mesure is Kind.NOUVEAUX:
        seen = any(deposit.holds(measure.table) for deposit, _ in reference.anterieurs)
        return bounds_from([], rule, thresholds.historique_min, is_count=True) if seen else None
    if rule.mesure is Kind.REGION:
        history = _values(reference.autres, measure)
        enough = len(history) >= thresholds.centres_min
        return bounds_from(history, rule, thresholds.historique_min, is_count=False) if enough else None
    history = _history(reference, measure, periode, thresholds, seasonal=rule.saison)[-(rule.etalons_max or 0) :]
    is_count = measure.figure in (Figure.ROWS, Figure.TOTAL)
    bounds = bounds_from(history, rule, thresholds.historique_min, is_count=is_count)
    if rule.mesure is Kind.LIGNES and bounds is not None and history[-1] > 0:
        return replace(bounds, minimum=max(1, bounds.minimum or 0))  # a table that had rows does not lose them all
    return bounds


def _history(
    reference: Reference, measure: Measure, periode: Period, thresholds: Thresholds, *, seasonal: bool
) -> list[float]:
    if seasonal:
        season = {one.depot_id for one in same_season([deposit for deposit, _ in reference.anterieurs], periode)}
        values = _values((pair for pair in reference.anterieurs if pair[0].depot_id in season), measure)
        if len(values) >= thresholds.historique_min:
            return values
    return _values(reference.anterieurs, measure)


def _values(deposits: Iterable[tuple[Staged, Values]], measure: Measure) -> list[float]:
    return [value for _, values in deposits if (value := values[measure]) is not None]


def describe(expectation: Expectation) -> dict[str, object]:
    """An expectation as it is stored; what comes from other centres is left out."""
    bounds = expectation.bornes
    shown = bounds is not None and not expectation.regionale
    return {
        "cle": expectation.cle,
        "regle": expectation.regle,
        "table": expectation.mesure.table,
        "colonne": expectation.mesure.colonne,
        "origine": "region" if expectation.regionale else "centre",
        "comparable": bounds is not None,
        "minimum": bounds.minimum if bounds and shown else None,
        "maximum": bounds.maximum if bounds and shown else None,
        "etalons": bounds.etalons if bounds and shown else None,
    }


def fingerprint(expectations: Sequence[Expectation], reference: Reference, thresholds: Thresholds) -> str:
    """SHA-256 of the bounds, the thresholds and the deposits they come from.

    The bounds of the region are covered through their deposits, never as numbers: a hash of few numbers can be undone.
    """
    content = {
        "seuils": thresholds.model_dump(mode="json"),
        "anterieurs": [deposit.depot_id for deposit, _ in reference.anterieurs],
        "autres": [deposit.depot_id for deposit, _ in reference.autres],
        "attentes": [describe(one) for one in expectations],
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()

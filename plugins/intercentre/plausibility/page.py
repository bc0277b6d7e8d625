"""The page for DISCRI: what is asked of the centre, then every figure beside what was expected. No script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from intercentre.core.french import french_count
from intercentre.core.looks import SEVERITY_LOOKS, Look
from intercentre.core.pages import page_environment
from intercentre.core.style import stylesheet
from intercentre.plausibility.evidence import Evidence
from intercentre.plausibility.history import Staged
from intercentre.plausibility.judgement import Outcome, State, shown_bounds, shown_value
from schemas.extracts import TABLES
from schemas.findings import Finding, FindingCode, Severity
from schemas.nomenclatures import nomenclature
from schemas.plausibility import Thresholds
from schemas.rules.catalogue import catalogue

_TEMPLATES = Path(__file__).with_name("templates")
_JUDGED = (State.HORS, State.DANS)
_ICON_AND_TONE = {State.DANS: ("oui", "ok"), State.HORS: ("question", "info")}
_NOTHING_JUDGED = ("vide", "neutre")


@dataclass(frozen=True, slots=True)
class Line:
    """One figure as the page shows it."""

    mesure: str
    observe: str
    attendu: str
    look: Look
    regle: str


@dataclass(frozen=True, slots=True)
class Section:
    """The figures of one table: those that were judged, and those that could not be."""

    nom: str
    titre: str
    jugees: tuple[Line, ...]
    autres: tuple[Line, ...]


def render_page(evidence: Evidence) -> str:
    """The page as HTML that stands alone: nothing to fetch, fit for printing."""
    template = page_environment(_TEMPLATES).get_template("plausibilite.html")
    return template.render(
        evidence=evidence,
        depot=evidence.depot,
        centre=_centre(evidence.depot.centre_code),
        constats=_with_entries(evidence.constats, Severity.A_EXPLIQUER),
        informations=_with_entries(evidence.constats, Severity.INFORMATION),
        sections=sections(evidence.bilan),
        comparaison=comparison(evidence.anterieurs, evidence.seuils),
        region=region(evidence.autres, evidence.seuils),
        regles=[(code, catalogue()[code].title, rule) for code, rule in evidence.seuils.regles.items()],
        evaluees=sum(one.etat in _JUDGED for one in evidence.bilan),
        dans=sum(one.etat is State.DANS for one in evidence.bilan),
        looks=SEVERITY_LOOKS,
        style=stylesheet(),
    )


def _with_entries(findings: Iterable[Finding], severity: Severity) -> list[tuple[Finding, FindingCode]]:
    return [(found, catalogue()[found.code]) for found in findings if found.severite is severity]


def sections(outcomes: Iterable[Outcome]) -> tuple[Section, ...]:
    """The figures table by table, in the order of the contract."""
    by_table: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_table.setdefault(outcome.attente.mesure.table, []).append(outcome)
    return tuple(_section(name, by_table[name]) for name in TABLES if name in by_table)


def comparison(earlier: Sequence[Staged], limits: Thresholds) -> str:
    """With what the deposit is compared, in one or two sentences."""
    if not earlier:
        return (
            "C'est le premier dépôt de ce centre : il n'y a rien à quoi le comparer. Seules la limite commune des "
            "valeurs inconnues et la bande régionale sont jugées."
        )
    periods = ", ".join(str(one.periode) for one in earlier)
    count = french_count(len(earlier), "dépôt accepté", "dépôts acceptés")
    said = f"Ce dépôt est comparé à {count} du centre ({periods})."
    if len(earlier) <= limits.historique_min:
        return f"{said} C'est encore peu : les bornes sont larges, autour du dernier dépôt, là où les valeurs manquent."
    return f"{said} Les bornes viennent de la médiane de ces dépôts et de leur dispersion habituelle."


def region(others: int, limits: Thresholds) -> str:
    """Whether there is a regional band, and what of it is shown."""
    if others < limits.centres_min:
        return (
            f"Pas de comparaison régionale : il faut les dépôts d'au moins {limits.centres_min} autres centres, "
            f"il y en a {others}."
        )
    return (
        f"La bande régionale vient des derniers dépôts de {others} autres centres ; seul « dans » ou « hors » de la "
        "bande est dit, jamais leurs valeurs."
    )


def _section(name: str, outcomes: Sequence[Outcome]) -> Section:
    return Section(
        name,
        f"Table {name} ({TABLES[name].contrat.numero})",
        tuple(_line(one) for one in outcomes if one.etat in _JUDGED),
        tuple(_line(one) for one in outcomes if one.etat not in _JUDGED),
    )


def _line(outcome: Outcome) -> Line:
    expectation = outcome.attente
    measure, bounds = expectation.mesure, expectation.bornes
    expected = "—" if bounds is None else shown_bounds(measure, bounds)
    state = str(outcome.etat)
    if expectation.regionale:
        expected = "bande régionale"
        state = state.replace("des bornes", "de la bande").replace("les bornes", "la bande")
    label = f"{measure.libelle} (région)" if expectation.regionale else measure.libelle
    observed = "—" if expectation.regionale else shown_value(measure, outcome.valeur)
    look = Look(state, *_ICON_AND_TONE.get(outcome.etat, _NOTHING_JUDGED))
    return Line(label, observed, expected, look, expectation.regle)


def _centre(code: str) -> str:
    entry = nomenclature("centre").entries.get(code)
    return entry.facts["denomination"] if entry else code

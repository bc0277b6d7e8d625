"""The stage: an accepted deposit is compared, its evidence is kept, its centre is asked what is not plain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from intercentre.core.engine import open_engine, without_progress
from intercentre.core.files import new_folder
from intercentre.core.hub import Hub
from intercentre.plausibility.documents import read_document, write_evidence
from intercentre.plausibility.evaluate import evaluate
from intercentre.plausibility.evidence import Evidence
from intercentre.plausibility.expectations import (
    Reference,
    all_measures,
    expectations_for,
    fingerprint,
    regional_measures,
)
from intercentre.plausibility.history import (
    Staged,
    earlier_deposits,
    find_staged,
    other_centres,
    staged_deposits,
)
from intercentre.plausibility.judgement import State, findings_of, judge_outcomes
from intercentre.plausibility.measures import Frame, Measure, Rows, Values, create_views, measure_deposit
from intercentre.plausibility.refusal import PlausibilityError
from schemas.findings import Finding
from schemas.period import Period
from schemas.plausibility import Thresholds, thresholds

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ACTOR = "plausibilite"


def check_plausibility(hub: Hub, depot_id: str) -> Path:
    """The folder of evidence of an accepted deposit, made anew; the same deposits give the same bytes.

    gx.json       what Great Expectations answered, booleans only
    attentes.json the expectations, the deposits they come from and their fingerprint
    constats.json the questions to the centre (`a_expliquer`), and what it may want to know (`information`)
    page.html     the whole in French, for DISCRI

    raises  NotStaged; PlausibilityError when something could not be evaluated: said in the journal, nothing is kept
    """
    limits = thresholds()
    deposits = staged_deposits(hub)
    judged = find_staged(deposits, depot_id)
    try:
        evidence = _judge(hub, judged, deposits, limits)
    except PlausibilityError:
        with hub.registry.change() as change:
            change.journal(ACTOR, "plausibilite_en_defaut", depot_id)
        raise
    folder = evidence_folder(hub, depot_id)
    with new_folder(folder) as scratch:
        write_evidence(scratch, evidence)
    _record(hub, evidence)
    return folder


def check_unjudged(hub: Hub, periode: Period | str) -> list[str]:
    """Every staged deposit of the period has its evidence; returns those that were judged now, in order.

    raises  PlausibilityError when something could not be evaluated; the deposits before it keep their evidence
    """
    waiting = [
        one.depot_id
        for one in sorted(staged_deposits(hub), key=lambda one: one.rank)
        if str(one.periode) == str(periode) and not evidence_folder(hub, one.depot_id).exists()
    ]
    for depot_id in waiting:
        check_plausibility(hub, depot_id)
    return waiting


def evidence_folder(hub: Hub, depot_id: str) -> Path:
    """Z1: the evidence on the plausibility of one deposit."""
    return hub.home.root / "z1" / "plausibilite" / depot_id


def find_page(hub: Hub, depot_id: str) -> Path | None:
    """The file of the page for DISCRI; None while the deposit has not been through the stage."""
    path = evidence_folder(hub, depot_id) / "page.html"
    return path if path.exists() else None


def read_findings(hub: Hub, depot_id: str) -> tuple[Finding, ...] | None:
    """The questions that the stage put to the centre; None while the deposit has not been through it."""
    path = evidence_folder(hub, depot_id) / "constats.json"
    return read_document(path).constats if path.exists() else None


def _judge(hub: Hub, judged: Staged, deposits: list[Staged], limits: Thresholds) -> Evidence:
    measures = all_measures(limits)
    reference = _reference(judged, deposits, limits, measures)
    frame = _frame(judged, [deposit for deposit, _ in reference.anterieurs])
    expectations = [
        one for one in expectations_for(judged.periode, reference, limits) if _concerns(one.mesure, judged, reference)
    ]
    measured = list(dict.fromkeys(one.mesure for one in expectations))
    with _workspace(hub) as work:
        database = work / "mesures.duckdb"
        _prepare(database, measured, frame)
        results = evaluate(database, expectations)
    with open_engine() as engine:
        values = measure_deposit(engine, measured, frame)
    kept = {key: bool(result["success"]) for key, result in results.items()}
    outcomes = judge_outcomes(expectations, values, kept)
    return Evidence(
        depot=judged,
        anterieurs=tuple(deposit for deposit, _ in reference.anterieurs),
        autres=len(reference.autres),
        seuils=limits,
        empreinte=fingerprint(expectations, reference, limits),
        resultats=results,
        bilan=tuple(outcomes),
        constats=findings_of(outcomes, limits, _files(hub, judged.depot_id)),
    )


def _concerns(measure: Measure, judged: Staged, reference: Reference) -> bool:
    """Whether the centre deposits the table, now or before; one that it never had is no question."""
    if judged.holds(measure.table):
        return True
    had = any(deposit.holds(measure.table) for deposit, _ in reference.anterieurs)
    return had and (judged.dossier / f"{measure.table}.parquet").exists()


def _frame(judged: Staged, earlier: list[Staged]) -> Frame:
    """The judged deposit, its stock counted on the day on which the deposit before counted its own."""
    before = earlier[-1].periode.fin if earlier else judged.periode.previous().fin
    return Frame(judged.dossier, judged.periode, before, tuple(one.dossier for one in earlier))


def _reference(judged: Staged, deposits: list[Staged], limits: Thresholds, measures: Iterable[Measure]) -> Reference:
    earlier = earlier_deposits(deposits, judged, limits.historique_max)
    others = other_centres(deposits, judged)
    own = [one for one in measures if one.lignes is not Rows.NEVER_SEEN]
    with open_engine() as engine:
        return Reference(
            [(one, _measured(engine, own, one)) for one in earlier],
            [(one, _measured(engine, regional_measures(limits), one)) for one in others],
        )


def _measured(engine: DuckDBPyConnection, measures: Iterable[Measure], deposit: Staged) -> Values:
    """The values of an earlier deposit; None where it does not hold the table."""
    asked = list(measures)
    held = [one for one in asked if deposit.holds(one.table)]
    return dict.fromkeys(asked) | measure_deposit(engine, held, Frame(deposit.dossier, deposit.periode))


@contextmanager
def _workspace(hub: Hub) -> Iterator[Path]:
    hub.home.work.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=hub.home.work, prefix="plausibilite-") as folder:
        yield Path(folder)


def _prepare(database: Path, measures: Iterable[Measure], frame: Frame) -> None:
    """A DuckDB file of views on the staged rows: closed before anyone else opens it."""
    import duckdb

    try:
        with without_progress(duckdb.connect(str(database))) as engine:
            create_views(engine, measures, frame)
    except duckdb.Error as error:
        raise PlausibilityError("Les lignes préparées du dépôt n'ont pas les tables et colonnes du contrat.") from error


def _files(hub: Hub, depot_id: str) -> dict[str, str | None]:
    from intercentre.core.registry.tables import Depot
    from schemas.exchanges.verdict import Verdict

    with hub.registry.read() as session:
        depot = session.get(Depot, depot_id)
    if depot is None or depot.verdict is None:
        return {}
    return {count.table: count.fichier for count in Verdict.model_validate_json(depot.verdict).tables}


def _record(hub: Hub, evidence: Evidence) -> None:
    states = Counter(outcome.etat for outcome in evidence.bilan)
    with hub.registry.change() as change:
        change.journal(
            ACTOR,
            "plausibilite_verifiee",
            evidence.depot.depot_id,
            attentes=len(evidence.bilan),
            evaluees=len(evidence.resultats),
            hors_bornes=states[State.HORS],
            sans_objet=states[State.SANS_OBJET],
            non_comparees=states[State.NON_COMPARE],
            constats=len(evidence.constats),
            depots_anterieurs=len(evidence.anterieurs),
            empreinte=evidence.empreinte,
        )

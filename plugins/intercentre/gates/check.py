"""The two gates: what is expected is measured and judged, the evidence is kept, the period goes on or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from intercentre.core.engine import open_engine
from intercentre.core.expectations import Ask, NotEvaluatedError, evaluate
from intercentre.core.files import new_folder
from intercentre.core.hub import Hub
from intercentre.core.passage import gate_folder, inputs_of, passage
from intercentre.gates.documents import GateRecord, fingerprint, read_record, record_of, write_evidence
from intercentre.gates.judgement import Measured, Outcome, checks_of, judge, read_measures, write_measures
from intercentre.gates.refusal import GateFaultError, GateRefusal
from intercentre.gates.sources import load_common, load_observations
from schemas.exchanges.release import TOTAL
from schemas.gates import Gate, gate_expectations
from schemas.indicators import WAITING
from schemas.period import Period

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ACTOR = "portes"
_PLACES = 5  # places that a refusal names; the page names all of them


def check_common(hub: Hub, periode: Period | str, ask: Ask | None = None) -> Path:
    """The folder of evidence on the period's common tables, before they are accepted.

    ask     who asks Great Expectations; None: this process
    raises  GateRefusal when a blocking expectation does not hold (the evidence is kept);
            GateFaultError when one could not be evaluated (nothing is kept)
    """
    period = Period.parse(str(periode))
    return _check(hub, period, Gate.TABLES_COMMUNES, lambda engine: load_common(engine, hub, period), ask)


def check_observations(hub: Hub, periode: Period | str, ask: Ask | None = None) -> Path:
    """The folder of evidence on the period's observations, before they go on to protection; raises as check_common."""
    period, limits = Period.parse(str(periode)), gate_expectations()
    return _check(hub, period, Gate.OBSERVATIONS, lambda engine: load_observations(engine, hub, period, limits), ask)


def has_passed(hub: Hub, periode: Period | str, porte: Gate | str) -> bool:
    """True when what the period has now at this gate is what went through it."""
    said = passage(hub, periode, Gate(porte))
    return said is not None and said.passe


def _check(hub: Hub, periode: Period, porte: Gate, load: Callable[[DuckDBPyConnection], None], ask: Ask | None) -> Path:
    import duckdb

    folder = gate_folder(hub, periode, porte)
    try:
        judged = _judge(hub, periode, porte, load, ask or evaluate)
    except (duckdb.Error, NotEvaluatedError, GateFaultError) as error:
        with hub.registry.change() as change:
            change.journal(ACTOR, "porte_en_defaut", str(periode), porte=porte.value)
        said = "Une mesure n'a pas pu être faite." if isinstance(error, duckdb.Error) else str(error)
        raise GateFaultError(f"{porte.titre}, {periode.libelle} : {said}") from error
    if judged is None:  # what is there was said of the very same measures
        return folder
    record, outcomes, answers = judged
    with new_folder(folder) as scratch:
        write_evidence(scratch, record, outcomes, answers)
    _journal(hub, record, outcomes)
    if not record.passe:
        raise GateRefusal(_refusal(periode, porte, outcomes))
    return folder


def _judge(
    hub: Hub, periode: Period, porte: Gate, load: Callable[[DuckDBPyConnection], None], ask: Ask
) -> tuple[GateRecord, tuple[Outcome, ...], dict[str, dict[str, Any]]] | None:
    """What is to be kept and said; None when the period went through with the same files, measures and expectations."""
    limits = gate_expectations()
    expectations, entrees = limits.at(porte), inputs_of(hub, periode, porte)
    hub.home.work.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=hub.home.work, prefix="porte-") as work:
        database = Path(work) / "mesures.duckdb"
        measured = _measure(database, porte, periode, load)
        empreinte = fingerprint(limits, porte, measured)
        known = read_record(gate_folder(hub, periode, porte))
        if known is not None and known.passe and (known.entrees, known.empreinte) == (entrees, empreinte):
            return None
        answers = ask(database, checks_of(expectations, measured))
    outcomes = judge(expectations, measured, {code: bool(answer["success"]) for code, answer in answers.items()})
    return record_of(periode, porte, limits, entrees, empreinte, outcomes), outcomes, answers


def _measure(
    database: Path, porte: Gate, periode: Period, load: Callable[[DuckDBPyConnection], None]
) -> dict[str, list[Measured]]:
    expectations = gate_expectations().at(porte)
    with open_engine() as engine:  # closed before anyone else opens the file
        load(engine)
        write_measures(engine, database, expectations, {"total": TOTAL, "attente": WAITING, "fin": periode.fin})
        measured = read_measures(engine, expectations)
        engine.execute("DETACH mesures")
    return measured


def _journal(hub: Hub, record: GateRecord, outcomes: tuple[Outcome, ...]) -> None:
    states = Counter(one.etat for one in outcomes)
    with hub.registry.change() as change:
        change.journal(
            ACTOR,
            "porte_passee" if record.passe else "porte_refusee",
            record.periode,
            porte=record.porte.value,
            attentes={state.value: count for state, count in sorted(states.items())},
            bloquantes=[one.code for one in outcomes if one.stops],
            empreinte=record.empreinte,
        )


def _refusal(periode: Period, porte: Gate, outcomes: tuple[Outcome, ...]) -> str:
    """What stops the period, where, and what to do; no figure."""
    said = []
    for one in outcomes:
        if one.stops:
            places = " ; ".join(place for place, _ in one.hors[:_PLACES])
            more = " ; …" if len(one.hors) > _PLACES else ""
            said.append(f"{one.code}, attente non tenue : {one.attente.titre} ({places}{more}). {one.attente.remede}")
    return f"{porte.titre}, {periode.libelle} : la suite est arrêtée. {' '.join(said)}"

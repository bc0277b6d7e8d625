"""What a judgement says of a past deposit, and what changes from one to another: places, never a value of a cell."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from intercentre.core.engine import literal, open_engine
from intercentre.core.french import local_day
from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot, Journal
from intercentre.validation.completion import ORIGIN, Completed, carried_sql
from intercentre.validation.outputs import without_glob
from schemas.exchanges.verdict import Decision, Verdict
from schemas.findings import Severity
from schemas.nomenclatures import nomenclature
from schemas.period import Period
from schemas.rules import catalogue

TO_QUARANTINE, BACK, TO_EXPLAIN, BLOCKS = "vers_quarantaine", "retour", "a_expliquer", "bloque"


@dataclass(frozen=True, order=True)
class Place:
    """Where something is said, in the file of the deposit that brought the row; `depot_id` is that deposit."""

    table: str
    depot_id: str
    ligne: int
    colonne: str
    code: str
    fichier: str
    feuille: str


@dataclass(frozen=True, order=True)
class Change:
    """One place that would be judged otherwise: `sort` is vers_quarantaine, retour, a_expliquer or bloque."""

    sort: str
    place: Place


@dataclass(frozen=True)
class State:
    """What a judgement says of a deposit: the decision, rows in quarantine (table, deposit, line), what is said where.

    lines    findings with a line, with their severity
    blocking codes that block the deposit
    """

    decision: Decision
    aside: frozenset[tuple[str, str, int]]
    lines: Mapping[Place, Severity]
    blocking: frozenset[str]


@dataclass(frozen=True)
class Rehearsed:
    """One deposit tried again: before and after, and every place that changes; `absent` says why it was not tried."""

    depot_id: str
    centre: str
    periode: str
    before: Decision
    after: Decision
    vers_quarantaine: int = 0
    retours: int = 0
    changes: tuple[Change, ...] = ()
    absent: str | None = None

    @property
    def changes_verdict(self) -> bool:
        return self.before is not self.after


@dataclass(frozen=True)
class Past:
    """A deposit that has its verdict, as the registry has it; `precedent` is the deposit that it was judged beside."""

    depot_id: str
    centre: str
    periode: Period
    sha256: str
    fichier: str
    recu_le: date
    date_etat: date
    verdict: Verdict
    folder: Path
    precedent: str | None

    @property
    def completed(self) -> Completed:
        return Completed(self.depot_id, self.verdict, self.date_etat, self.folder)


def past_deposits(hub: Hub, centre: str | None) -> list[Past]:
    """Deposits of the centres that have their verdict, in the order of arrival; of one centre when it is named."""
    centres = [centre] if centre else list(nomenclature("centre").entries)
    query = select(Depot).where(Depot.centre_code.in_(centres), Depot.verdict.is_not(None)).order_by(Depot.numero)
    with hub.registry.read() as session:
        rows = session.execute(query).scalars().all()
        lines = session.execute(select(Journal.objet, Journal.details).where(Journal.action == "depot_juge")).all()
    precedents = {depot_id: json.loads(details).get("precedent") for depot_id, details in lines}
    return [
        Past(
            depot_id=row.depot_id,
            centre=row.centre_code,
            periode=Period.parse(row.periode),
            sha256=row.sha256,
            fichier=row.fichier,
            recu_le=local_day(row.recu_le),
            date_etat=row.date_etat or Period.parse(row.periode).fin,
            verdict=Verdict.model_validate_json(row.verdict or ""),
            folder=hub.home.validated(row.depot_id),
            precedent=precedents.get(row.depot_id),
        )
        for row in rows
    ]


def recorded_state(past: Past) -> State:
    """What the recorded verdict says."""
    return state_of(past.completed)


def state_of(judged: Completed) -> State:
    """What a judgement left in its folder, whole or partial alike."""
    aside: set[tuple[str, str, int]] = set()
    said: list[tuple[Any, ...]] = []
    with closing(open_engine()) as engine:
        for path in sorted((judged.folder / "types").glob("*.parquet")):
            own = literal(judged.depot_id)
            origin = f"coalesce({ORIGIN}, {own})" if judged.verdict.fusion else own
            rows = engine.execute(
                f"SELECT {origin}, ligne FROM read_parquet({literal(without_glob(path))}) WHERE NOT retenue"
            ).fetchall()
            aside |= {(path.stem, depot, ligne) for depot, ligne in rows}
        if (judged.folder / "types").is_dir():
            said = engine.execute(carried_sql(judged)).fetchall()
    entries, findings = catalogue(), judged.verdict.constats
    severities = {code: entry.severity for code, entry in entries.items()} | {
        found.code: found.severite for found in findings
    }
    lines = {
        Place(table, depot, ligne, colonne or "", code, fichier or "", feuille or ""): severities[code]
        for code, table, fichier, feuille, ligne, colonne, depot in said
        if code in severities
    }
    blocking = frozenset(found.code for found in findings if found.severite is Severity.BLOQUANT)
    return State(judged.verdict.verdict, frozenset(aside), lines, blocking)


def compare(past: Past, before: State, after: State) -> Rehearsed:
    """What changes from one judgement of a deposit to another."""
    gone, back = after.aside - before.aside, before.aside - after.aside
    changes = [
        *_said(after, gone, TO_QUARANTINE),
        *_said(before, back, BACK),
        *(
            Change(TO_EXPLAIN if severity is Severity.A_EXPLIQUER else BLOCKS, place)
            for place, severity in after.lines.items()
            if severity in (Severity.A_EXPLIQUER, Severity.BLOQUANT) and before.lines.get(place) is not severity
        ),
        *(
            Change(BLOCKS, Place("", past.depot_id, 0, "", code, past.fichier, ""))
            for code in after.blocking - before.blocking - {place.code for place in after.lines}
        ),
    ]
    return Rehearsed(
        depot_id=past.depot_id,
        centre=past.centre,
        periode=str(past.periode),
        before=before.decision,
        after=after.decision,
        vers_quarantaine=len(gone),
        retours=len(back),
        changes=tuple(sorted(changes)),
    )


def _said(state: State, rows: Collection[tuple[str, str, int]], sort: str) -> Iterator[Change]:
    """What sets each of these rows aside."""
    for place, severity in state.lines.items():
        if severity is Severity.A_CORRIGER and (place.table, place.depot_id, place.ligne) in rows:
            yield Change(sort, place)

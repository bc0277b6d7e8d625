"""Simulated lives as their events tell them: what every recount of this folder starts from.

Nothing here reads an extract or calls the rooms that harmonise and compute: `vies.parquet` alone, in plain Python.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

REGION = "RLF"
_ENDINGS = {
    "FIN_FORMATION": "TERMINE",
    "ABANDON": "ABANDON",
    "NON_PRESENTATION": "NON_PRESENTE",
    "ANNULATION": "ANNULE",
}


class Period(NamedTuple):
    """A quarter (`2025-T1`, kind T) or a year (`2025`, kind A) with its first and last day."""

    name: str
    kind: str
    first: date
    last: date

    def holds(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last

    @property
    def months(self) -> list[str]:
        """`2025-01`, `2025-02`…"""
        return [f"{self.first.year}-{month:02d}" for month in range(self.first.month, self.last.month + 1)]


class Event(NamedTuple):
    """One row of vies.parquet (its columns are described in intercentre/simulation/events.py)."""

    personne_vie_id: str | None
    centre: str
    dossier_id: str | None
    evenement: str
    jour: date
    objet_id: str | None
    detail: str | None
    niveau: str | None
    date_limite: date | None
    heures: Any
    remplace: str | None
    sexe: str | None
    annee_naissance: int | None
    nationalite: str | None
    commune: str | None
    statut_public: str | None
    attributs: Mapping[str, str]
    quantites: Mapping[str, Any]


@dataclass(frozen=True)
class Enrolment:
    """One enrolment from its orientation to what is known of it on the last day.

    debut   first day of the course that the person came to; None while waiting, absent or cancelled
    fin     day on which it was finished or given up
    statut  ATTENTE, EN_COURS, TERMINE, ABANDON, NON_PRESENTE or ANNULE on the last day
    regle   day since which that end is known, None while there is none
    heures  hours followed up to the last day
    """

    numero: str
    axe: str
    operateur: str
    convention: str | None
    session: str | None
    orientation: date
    attente: date | None
    debut: date | None
    fin: date | None
    regle: date | None
    statut: str
    motif: str | None
    prevues: float
    heures: float


@dataclass(frozen=True)
class Agreement:
    """A convention, or an amendment, with its states (day, statut) and its extensions, in time order."""

    numero: str
    signature: date
    echeance: date
    est_avenant: bool
    heures_fle: float
    heures_cit: float
    heures_isp: float
    etats: tuple[tuple[date, str], ...]
    prolongations: tuple[Event, ...]

    @property
    def statut(self) -> str:
        return self.etats[-1][1]

    @property
    def date_statut(self) -> date:
        return self.etats[-1][0]


@dataclass(frozen=True, eq=False)
class Dossier:
    """One person's episode in one centre, and all that happened to it; identity, groups and status as last known."""

    personne: str
    centre: str
    numero: str
    events: tuple[Event, ...]

    def of(self, kind: str) -> list[Event]:
        """Its events of one kind, in time order."""
        return [one for one in self.events if one.evenement == kind]

    def day(self, kind: str) -> date | None:
        """The day of its first event of the kind."""
        return min((one.jour for one in self.events if one.evenement == kind), default=None)

    @cached_property
    def opening(self) -> Event:
        return self.of("OUVERTURE")[0]

    @property
    def ouverture(self) -> date:
        return self.opening.jour

    @cached_property
    def cloture(self) -> date | None:
        return self.day("CLOTURE")

    @property
    def came_by_transfer(self) -> bool:
        """The dossier was opened because the person came from another centre."""
        return bool(self.of("TRANSFERT_ENTRANT"))

    @property
    def sexe(self) -> str:
        return self.opening.sexe or "INC"

    @property
    def statut(self) -> str | None:
        return self.opening.statut_public

    @property
    def regime(self) -> str:
        return self.opening.attributs["regime_juridique"]

    @cached_property
    def agreements(self) -> list[Agreement]:
        return [self._agreement(one) for one in self.of("CONVENTION")]

    def _agreement(self, signed: Event) -> Agreement:
        later = [one for one in self.events if one.objet_id == signed.objet_id]
        return Agreement(
            numero=str(signed.objet_id),
            signature=signed.jour,
            echeance=signed.date_limite or signed.jour,
            est_avenant=signed.detail == "AVENANT",
            heures_fle=float(signed.quantites["heures_fle_prescrites"]),
            heures_cit=float(signed.quantites["heures_cit_prescrites"]),
            heures_isp=float(signed.quantites["heures_isp_prescrites"]),
            etats=tuple((one.jour, str(one.detail)) for one in later if one.evenement == "ETAT_CONVENTION"),
            prolongations=tuple(one for one in later if one.evenement == "PROLONGATION"),
        )

    @cached_property
    def enrolments(self) -> list[Enrolment]:
        return [self._enrolment(one) for one in self.of("ORIENTATION")]

    def _enrolment(self, oriented: Event) -> Enrolment:
        own = {one.evenement: one for one in self.events if one.objet_id == oriented.objet_id}
        started, waiting = own.get("DEBUT_FORMATION"), own.get("ENTREE_ATTENTE")
        end = next((own[kind] for kind in _ENDINGS if kind in own), None)
        statut = _ENDINGS[end.evenement] if end else "EN_COURS" if started else "ATTENTE"
        followed = end or own.get("RELEVE_HEURES")
        seated = started or end
        return Enrolment(
            numero=str(oriented.objet_id),
            axe=str(oriented.detail),
            operateur=oriented.attributs["operateur_id"],
            convention=oriented.attributs.get("convention_id"),
            session=seated.attributs.get("session_id") if seated else None,
            orientation=oriented.jour,
            attente=waiting.jour if waiting else None,
            debut=started.jour if started else None,
            fin=end.jour if end and statut in ("TERMINE", "ABANDON") else None,
            regle=end.jour if end else None,
            statut=statut,
            motif=end.detail if end and statut == "ABANDON" else None,
            prevues=float(oriented.quantites["heures_prevues"]),
            heures=float(followed.heures or 0) if followed else 0.0,
        )


@dataclass(frozen=True)
class Fact:
    """One row of a centre's table that belongs to no dossier: `notes` are (day, columns noted) in time order."""

    centre: str
    notes: tuple[tuple[date, Mapping[str, Any]], ...]

    def on(self, day: date) -> dict[str, Any] | None:
        """The row as it stands at the end of `day`; None before it is first noted."""
        row: dict[str, Any] = {}
        for noted, columns in self.notes:
            if noted <= day:
                row |= columns
        return row or None


@dataclass(frozen=True, eq=False)
class Lives:
    """All lives and facts of some centres.

    debut, fin  first day of the declared history and day of the deposits
    deposees    centre → tables that it deposits
    faits       table → its rows
    """

    debut: date
    fin: date
    centres: tuple[str, ...]
    deposees: Mapping[str, frozenset[str]]
    dossiers: tuple[Dossier, ...]
    faits: Mapping[str, tuple[Fact, ...]]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The table's rows as last noted, each with its `centre`."""
        if table not in self._rows:
            found = [(fact.centre, fact.on(self.fin)) for fact in self.faits.get(table, ())]
            self._rows[table] = [row | {"centre": centre} for centre, row in found if row is not None]
        return self._rows[table]

    @cached_property
    def _rows(self) -> dict[str, list[dict[str, Any]]]:
        return {}

    def of_centres(self, centres: Iterable[str]) -> Lives:
        kept = frozenset(centres)
        if kept == frozenset(self.centres):
            return self
        return replace(
            self,
            centres=tuple(one for one in self.centres if one in kept),
            dossiers=tuple(one for one in self.dossiers if one.centre in kept),
            faits={table: tuple(one for one in facts if one.centre in kept) for table, facts in self.faits.items()},
        )

    @cached_property
    def periods(self) -> list[Period]:
        """Every quarter and year that lies wholly between the start of the history and the day of the deposits."""
        years = range(self.debut.year, self.fin.year + 1)
        spans = [Period(str(year), "A", date(year, 1, 1), date(year, 12, 31)) for year in years]
        ends = ((1, 1, 3, 31), (2, 4, 6, 30), (3, 7, 9, 30), (4, 10, 12, 31))
        spans += [
            Period(f"{year}-T{rank}", "T", date(year, opens, 1), date(year, closes, day))
            for year in years
            for rank, opens, closes, day in ends
        ]
        return [span for span in spans if self.debut <= span.first and span.last <= self.fin]


def read_lives(folder: Path) -> Lives:
    """The lives of a simulation's `vies.parquet`; its manifests say only which tables each centre deposits."""
    manifests = {
        path.parents[1].name: json.loads(path.read_text()) for path in sorted(folder.glob("*/*/manifeste.json"))
    }
    any_manifest = next(iter(manifests.values()))
    with duckdb.connect() as connection:
        # Events of one day keep the order in which the file tells them.
        rows = connection.execute("SELECT * FROM read_parquet(?)", [str(folder / "vies.parquet")]).fetchall()
    by_dossier: dict[tuple[str, str, str], list[Event]] = {}
    by_fact: dict[tuple[str, str, str], list[Event]] = {}
    for values in rows:
        event = Event(*values)._replace(attributs=values[-2] or {}, quantites=values[-1] or {})
        if event.dossier_id is None:
            key = (event.evenement.lower(), event.centre, str(event.objet_id))
            by_fact.setdefault(key, []).append(event)
        else:
            by_dossier.setdefault((str(event.personne_vie_id), event.centre, event.dossier_id), []).append(event)
    facts: dict[str, list[Fact]] = {}
    for (table, centre, _), events in by_fact.items():
        notes = sorted(((one.jour, {**one.attributs, **one.quantites}) for one in events), key=lambda note: note[0])
        facts.setdefault(table, []).append(Fact(centre, tuple(notes)))
    return Lives(
        debut=date.fromisoformat(any_manifest["debut_historique"]),
        fin=date.fromisoformat(any_manifest["date_etat"]),
        centres=tuple(sorted(manifests)),
        deposees={
            centre: frozenset(table["nom"] for table in manifest["tables"]) for centre, manifest in manifests.items()
        },
        dossiers=tuple(
            Dossier(*key, tuple(sorted(events, key=lambda one: one.jour))) for key, events in by_dossier.items()
        ),
        faits={table: tuple(rows) for table, rows in facts.items()},
    )

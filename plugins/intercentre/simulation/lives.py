"""The records of a simulated life. A record holds the whole truth; what a deposit may know of it depends on its day."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Person(NamedTuple):
    """One person. `niveau` is the rank of their French (0 = NA … 7 = C2), `arrivee` the start of legal stay."""

    numero: int
    sexe: str
    annee_naissance: int
    nationalite: str
    pays_naissance: str | None
    langue: str
    diplome: str
    lettre: bool
    niveau: int
    arrivee: date


class Admission(NamedTuple):
    """What the centre notes at the opening. `statut` is noted as A_DETERMINER before `statut_connu`."""

    ouverture: date
    premier_contact: date | None
    commune: str
    canal: str
    bureau: str | None
    titre: str | None
    motif: str
    date_titre: date | None
    sejour_legal: date | None
    annee_naissance: int | None
    mena: str
    equivalence: str | None
    situation: str
    statut: str
    statut_connu: date | None


class Step(NamedTuple):
    """A step of the reception module."""

    type: str
    rang: int
    jour: date
    modalite: str
    minutes: int | None
    langue: str | None


class Test(NamedTuple):
    """A test of French; skills and level are CEFR codes."""

    jour: date
    nature: str
    profil: str
    co: str | None
    ce: str | None
    po: str | None
    pe: str | None
    niveau: str
    instrument: str
    reussi: bool | None


class Extension(NamedTuple):
    """A term put off: known since `decision`."""

    decision: date
    echeance: date
    motif: str


class Agreement(NamedTuple):
    """A convention (avenant 0) or an amendment; `etats` are (day, statut) in time order."""

    signature: date
    echeance: date
    prolongation: Extension | None
    heures_fle: int
    heures_cit: int
    heures_isp: int
    etats: tuple[tuple[date, str], ...]
    avenant: int


class Enrolment(NamedTuple):
    """An enrolment: `issue` (TERMINE, ABANDON, NON_PRESENTE, ANNULE) is known since `regle`.

    debut        first day of the course, None when cancelled while waiting
    demi_heures  half hours followed in the end (a course under way has a share of them)
    """

    axe: str
    operateur: str
    conventionnee: bool
    orientation: date
    attente: date | None
    debut: date | None
    fin: date | None
    prevues: int
    demi_heures: int
    issue: str
    motif: str | None
    regle: date


class Certificate(NamedTuple):
    """An attestation; `remplace` is the place, in the episode, of the one that it replaces."""

    type: str
    jour: date
    conventionnee: bool
    copie_commune: date | None
    cpas: str | None
    remplace: int | None


class Move(NamedTuple):
    """One side of a transfer. `episode` is the counterpart's place in the life, None when there is none.

    connu  day since which this side knows the other side's dossier number, None for never
    """

    sens: str
    centre: str
    episode: int | None
    demande: date
    accord: date
    effet: date | None
    issue: str
    connu: date | None
    demi_heures_fle: int
    demi_heures_cit: int


class Episode(NamedTuple):
    """One dossier of the life, in one centre."""

    centre: str
    admission: Admission
    etapes: tuple[Step, ...]
    tests: tuple[Test, ...]
    conventions: tuple[Agreement, ...]
    inscriptions: tuple[Enrolment, ...]
    attestations: tuple[Certificate, ...]
    transferts: tuple[Move, ...]
    cloture: date | None
    motif: str | None


class Life(NamedTuple):
    """One person and all their dossiers, in the order of their opening."""

    personne: Person
    episodes: tuple[Episode, ...]

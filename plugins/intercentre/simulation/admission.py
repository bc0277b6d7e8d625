"""The opening of a dossier: what is noted, and whether the law obliges the person."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from intercentre.simulation.chance import Weighted, between, days_later, pause, weighted
from intercentre.simulation.lives import Admission, Person
from intercentre.simulation.population import HORS_REGION, INCONNUE, draw_commune, is_union
from intercentre.simulation.practice import Practice
from intercentre.simulation.regime_figures import figures_at
from schemas.regimes import add_months

_MOTIVE = weighted(FAM=38, PI_REF=20, PI_SUB=7, ETU=6, TRA=9, HUM=9, PT=2, AUT=6, INC=3)
_UNION_MOTIVE = weighted(FAM=30, TRA=40, ETU=8, AUT=18, INC=4)
_TITLE = {
    "FAM": weighted(A=70, F=18, B=12),
    "PI_REF": weighted(A=75, B=25),
    "PI_SUB": weighted(A=90, B=10),
    "ETU": weighted(A=100),
    "TRA": weighted(A=80, H=12, I=5, J=3),
    "HUM": weighted(A=85, B=15),
    "PT": weighted(A=100),
    "AUT": weighted(AI=55, ANX=25, A=20),
    "INC": weighted(A=60, AI=25, ANX=15),
}
_SETTLED_TITLE = Weighted((("B", 45), ("K", 22), ("L", 8), ("A", 15), ("F+", 10)))
_CHANNEL = {
    "OBLIGE": weighted(COMMUNE=66, CPAS=12, ACCUEIL_FEDASIL_ILA=7, FOREM=3, OPERATEUR=3, PROCHE=5, SPONTANE=3, INC=1),
    "VOLONTAIRE": weighted(
        COMMUNE=12, CPAS=16, ACCUEIL_FEDASIL_ILA=7, FOREM=10, OPERATEUR=14, PROCHE=20, SPONTANE=17, AUTRE=2, INC=2
    ),
}
_SITUATION = weighted(
    DEMANDEUR_EMPLOI=30,
    CPAS_RIS=27,
    AU_FOYER=17,
    SALARIE_MI_TEMPS_PLUS=8,
    SALARIE_MOINS_MI_TEMPS=6,
    ETUDIANT=4,
    INDEPENDANT=2,
    INCAPACITE=2,
    AUTRE=2,
    INC=2,
)
_EQUIVALENCE = weighted(NON_DEMANDEE=62, EN_COURS=14, ACCORDEE=10, REFUSEE=5, INC=9)
_PROTECTION = ("PI_REF", "PI_SUB", "PT")


def draw_admission(
    rng: Random, person: Person, centre: str, practice: Practice, day: date, *, canal: str | None = None
) -> Admission:
    """The opening of this person's dossier on `day`; `canal` when another centre sent the person."""
    settled = add_months(person.arrivee, 36) <= day
    motive = _motive(rng, person)
    title = _title(rng, person, motive, settled=settled)
    status = legal_status(rng, person, day, motive, title)
    ordered = _title_day(rng, person, day)
    unsure = title is None or rng.random() < (0.04 if status == "OBLIGE" else 0.35)
    group = "OBLIGE" if status == "OBLIGE" else "VOLONTAIRE"
    first_contact, commune = _first_contact(rng, day), draw_commune(rng, centre, day)
    sent_by = canal or ("ACCUEIL_FEDASIL_ILA" if title == "AI" and rng.random() < 0.6 else _CHANNEL[group].draw(rng))
    return Admission(
        ouverture=day,
        premier_contact=first_contact,
        commune=commune,
        canal="SPONTANE" if sent_by == "COMMUNE" and commune in (HORS_REGION, INCONNUE) else sent_by,
        bureau=practice.bureaux.draw(rng),
        titre=title,
        motif=motive,
        date_titre=None if unsure else ordered,
        sejour_legal=None if rng.random() < 0.06 else person.arrivee,
        annee_naissance=None if rng.random() < 0.006 else person.annee_naissance,
        mena=_unaccompanied(rng, person, motive, day),
        equivalence=_equivalence(rng, person),
        situation="ETUDIANT" if motive == "ETU" else _SITUATION.draw(rng),
        statut=status,
        statut_connu=days_later(day, 10 + pause(rng, 25, 80)) if rng.random() < 0.06 else None,
    )


def legal_status(rng: Random, person: Person, day: date, motive: str, title: str | None) -> str:
    """Obliged, or volunteer and why, as CWASS art. 150 and 152 and the exemptions decide on `day`.

    The part that no record shows (work, Belgian diploma, illness) is drawn: it makes some newcomers exempt.
    """
    age, seniority = day.year - person.annee_naissance, figures_at(day).anciennete
    if person.nationalite == "BEL" or seniority is None:
        return "VOLONTAIRE_AUTRE"
    if is_union(person.nationalite) or title in ("F", "F+"):
        return "VOLONTAIRE_EXEMPTE"
    if title in (None, "AI", "ANX"):
        return "VOLONTAIRE_AUTRE"
    if add_months(person.arrivee, seniority) <= day:
        return "VOLONTAIRE_EXEMPTE"
    if not 18 <= age <= 64 or person.nationalite == "TUR":
        return "VOLONTAIRE_DISPENSE"
    exempt = {"ETU": 0.9, "TRA": 0.6}.get(motive, 0.17)
    return "VOLONTAIRE_DISPENSE" if rng.random() < exempt else "OBLIGE"


def _motive(rng: Random, person: Person) -> str:
    if person.nationalite == "BEL":
        return "AUT"
    return (_UNION_MOTIVE if is_union(person.nationalite) else _MOTIVE).draw(rng)


def _title(rng: Random, person: Person, motive: str, *, settled: bool) -> str | None:
    if person.nationalite == "BEL":
        return None
    if is_union(person.nationalite):
        return "EU+" if settled and rng.random() < 0.5 else "EU" if rng.random() < 0.85 else "ANX"
    if rng.random() < 0.015:
        return None
    return _SETTLED_TITLE.draw(rng) if settled else _TITLE[motive].draw(rng)


def _title_day(rng: Random, person: Person, day: date) -> date:
    """The order of the title in force: soon after the arrival, or a renewal in the last five years."""
    first = max(person.arrivee, day - timedelta(days=1800))
    return between(rng, first, min(day, first + timedelta(days=70 if first == person.arrivee else 1500)))


def _first_contact(rng: Random, day: date) -> date | None:
    chance = rng.random()
    if chance < 0.03:
        return None
    if chance < 0.28:
        return day
    return day - timedelta(days=1 + pause(rng, 13, 90))


def _unaccompanied(rng: Random, person: Person, motive: str, day: date) -> str:
    age = day.year - person.annee_naissance
    if motive not in _PROTECTION or not 16 <= age <= 21:
        return "NON"
    if age <= 17:
        return "MENA" if rng.random() < 0.6 else "NON"
    return "ANCIEN_MENA" if rng.random() < 0.2 else "NON"


def _equivalence(rng: Random, person: Person) -> str | None:
    if person.diplome in "01":
        return "SANS_OBJET"
    return None if rng.random() < 0.05 else _EQUIVALENCE.draw(rng)

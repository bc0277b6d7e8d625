"""The reception module: information, social assessment, placement test, help; and tests of French."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import NamedTuple

from intercentre.simulation.chance import Weighted, days_later, pause, weighted
from intercentre.simulation.lives import Admission, Person, Step, Test
from intercentre.simulation.practice import Practice
from schemas.nomenclatures import nomenclature

LEVELS = tuple(
    code for code, _ in sorted(nomenclature("cecrl").entries.items(), key=lambda item: int(item[1].facts["rang"]))
)
_SETTING = {
    "INFO_DROITS_DEVOIRS": weighted(COLLECTIF=62, INDIVIDUEL=30, DISTANCE=8),
    "BILAN_SOCIAL": weighted(INDIVIDUEL=96, DISTANCE=4),
    "TEST_POSITIONNEMENT": weighted(INDIVIDUEL=60, COLLECTIF=40),
    "AIDE_ADMINISTRATIVE": weighted(INDIVIDUEL=88, DISTANCE=12),
}
_MINUTES: dict[str, Weighted[int | None]] = {
    "INFO_DROITS_DEVOIRS": Weighted(((120, 30), (180, 40), (240, 20), (None, 10))),
    "BILAN_SOCIAL": Weighted(((60, 30), (75, 15), (90, 35), (120, 12), (None, 8))),
    "TEST_POSITIONNEMENT": Weighted(((45, 30), (60, 40), (90, 20), (None, 10))),
    "AIDE_ADMINISTRATIVE": Weighted(((15, 20), (30, 45), (45, 20), (60, 10), (None, 5))),
}


class Reception(NamedTuple):
    """What the module left: its steps, the placement test, and the day on which its last part was done."""

    etapes: tuple[Step, ...]
    test: Test | None
    bilan: date | None
    complet: bool
    fin: date


def draw_reception(rng: Random, person: Person, admission: Admission, practice: Practice, *, stays: bool) -> Reception:
    """The module of one dossier; a person who does not stay comes once, or never again."""
    opened = admission.ouverture
    days: list[tuple[str, int, date]] = []
    if rng.random() < (0.94 if stays else 0.5):
        days.append(("INFO_DROITS_DEVOIRS", 1, days_later(opened, pause(rng, 12, 45))))
    bilan = None
    if stays and rng.random() < 0.97:
        bilan = days_later(opened, 2 + pause(rng, 18, 75))
        days.append(("BILAN_SOCIAL", 1, bilan))
        if rng.random() < 0.12:
            bilan = days_later(bilan, 6 + pause(rng, 12, 40))
            days.append(("BILAN_SOCIAL", 2, bilan))
    test = None
    if stays and rng.random() < 0.95:
        day = days_later(opened, 3 + pause(rng, 20, 80))
        test = draw_test(rng, person, day, "POSITIONNEMENT", person.niveau)
        days.append(("TEST_POSITIONNEMENT", 1, day))
    steps = tuple(_step(rng, person, practice, *place) for place in days)
    return Reception(
        etapes=steps,
        test=test,
        bilan=bilan,
        complet=len({kind for kind, _, _ in days}) == 3,
        fin=max((day for _, _, day in days), default=opened),
    )


def draw_help(rng: Random, person: Person, practice: Practice, opened: date, closed: date) -> tuple[Step, ...]:
    """Help with administrative steps, here and there while the dossier is open."""
    span = (closed - opened).days
    count = min(5, int(rng.expovariate(1.0) * span / 300))
    days = sorted(days_later(opened, rng.randrange(span)) for _ in range(count)) if span > 0 else []
    kept = [day for day in days if day <= closed]
    return tuple(
        _step(rng, person, practice, "AIDE_ADMINISTRATIVE", rank, day) for rank, day in enumerate(kept, start=1)
    )


def _step(rng: Random, person: Person, practice: Practice, kind: str, rank: int, day: date) -> Step:
    setting = _SETTING[kind].draw(rng)
    helped = person.niveau < 3 and rng.random() < practice.interprete * (0.4 if kind == "AIDE_ADMINISTRATIVE" else 1)
    language = person.langue if person.langue != "fra" else None
    return Step(kind, rank, day, setting, _MINUTES[kind].draw(rng), language if helped else None)


def draw_test(rng: Random, person: Person, day: date, nature: str, level: int) -> Test:
    """A test near `level`: speech a little ahead of writing; the global level lies between the skills."""
    profile = profile_of(person)
    spoken = [min(7, max(0, level + rng.choice((-1, 0, 0, 0, 1)))) for _ in range(2)]
    written = [min(7, max(0, level + rng.choice((-1, -1, 0, 0, 0)))) for _ in range(2)]
    if profile == "ALPHA":
        skills = [LEVELS[rank] for rank in spoken] + ([None, None] if rng.random() < 0.7 else ["NA", "NA"])
        ranks = sorted(spoken) if skills[2] is None else sorted([*spoken, 0, 0])
    else:
        skills = [LEVELS[rank] for rank in (*spoken, *written)]
        ranks = sorted(spoken + written)
    overall = ranks[(len(ranks) - 1) // 2]
    co, po, ce, pe = skills
    instrument = {"POSITIONNEMENT": "POS", "VALIDATION": "VAL", "SORTIE": "SOR"}[nature]
    return Test(
        jour=day,
        nature=nature,
        profil=profile,
        co=co,
        ce=ce,
        po=po,
        pe=pe,
        niveau=LEVELS[overall],
        instrument=f"{instrument}-{2020 if day.year < 2024 else 2024}",
        reussi=overall >= TARGET if nature == "VALIDATION" else None,
    )


TARGET = LEVELS.index("A2")


def profile_of(person: Person) -> str:
    """The learning profile that the placement test gives."""
    if not person.lettre and person.niveau < TARGET:
        return "ALPHA"
    return "FLE_BASE" if person.diplome in "0129" else "FLE"

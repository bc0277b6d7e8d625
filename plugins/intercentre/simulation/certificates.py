"""Attestations: for the module, for courses, and the one for the whole course, at times issued again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random

from intercentre.simulation.chance import days_later, pause
from intercentre.simulation.lives import Admission, Certificate, Enrolment, Test
from intercentre.simulation.reception import Reception

_OF_AXIS = {"FLE": ("FLE", 0.5), "ALPHA": ("FLE", 0.3), "CITOYENNETE": ("CITOYENNETE", 0.6), "ISP": ("ISP", 0.4)}


def partial_certificates(
    rng: Random,
    admission: Admission,
    reception: Reception,
    enrolments: Sequence[Enrolment],
    tests: Sequence[Test],
) -> Iterator[Certificate]:
    """Attestations of a part: the module, a finished course, skills validated."""
    if reception.complet and rng.random() < 0.5:
        yield _certificate(rng, admission, "MODULE_ACCUEIL", days_later(reception.fin, pause(rng, 8, 30)), agreed=False)
    for enrolment in enrolments:
        kind, share = _OF_AXIS.get(enrolment.axe, ("", 0.0))
        if enrolment.issue == "TERMINE" and enrolment.fin is not None and rng.random() < share:
            day = days_later(enrolment.fin, pause(rng, 10, 40))
            yield _certificate(rng, admission, kind, day, agreed=enrolment.conventionnee)
    for test in tests:
        if test.reussi and rng.random() < 0.35:
            day = days_later(test.jour, pause(rng, 10, 40))
            yield _certificate(rng, admission, "COMPETENCES_ACQUISES", day, agreed=True)


def final_certificates(rng: Random, admission: Admission, day: date, place: int) -> tuple[Certificate, ...]:
    """The attestation of the whole course on `day`, and the one that replaces it when it had to be issued again.

    place  place that the first of them takes among the episode's attestations
    """
    first = _certificate(rng, admission, "FREQUENTATION_PARCOURS", day, agreed=True)
    if rng.random() >= 0.03:
        return (first,)
    again = _certificate(rng, admission, "FREQUENTATION_PARCOURS", days_later(day, 4 + pause(rng, 15, 50)), agreed=True)
    return first, again._replace(remplace=place)


def _certificate(rng: Random, admission: Admission, kind: str, day: date, *, agreed: bool) -> Certificate:
    obliged = admission.statut == "OBLIGE"
    copied = days_later(day, pause(rng, 12, 60)) if rng.random() < (0.9 if obliged else 0.1) else None
    helped = admission.situation == "CPAS_RIS"
    cpas = None if rng.random() < 0.1 else ("OUI" if rng.random() < 0.85 else "NON") if helped else "SANS_OBJET"
    return Certificate(kind, day, agreed, copied, cpas, None)

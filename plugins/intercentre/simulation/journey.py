"""One dossier from its opening to its closure: reception, convention, courses, attestations, and how it ends."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import NamedTuple

from intercentre.simulation.agreements import amend, draw_agreement, with_states
from intercentre.simulation.certificates import final_certificates, partial_certificates
from intercentre.simulation.chance import days_later, pause, weighted
from intercentre.simulation.lives import Admission, Agreement, Certificate, Enrolment, Episode, Person, Test
from intercentre.simulation.practice import Practice
from intercentre.simulation.reception import TARGET, Reception, draw_help, draw_reception, draw_test
from intercentre.simulation.training import enrol, fulfil, interrupt

_INTERRUPTION = weighted(
    DEMENAGEMENT_CRI=36, DEMENAGEMENT_HORS_REGION=20, DEPART_ETRANGER=11, PERTE_SEJOUR=11, DISPENSE=13, DECES=1, AUTRE=8
)
_INTERRUPTED_SHARE, _INTERRUPTION_DAYS = 0.2, 330
_GIVEN_UP = {"OBLIGE": weighted(ABANDON=70, SANS_SUITE=20, AUTRE=10), "": weighted(ABANDON=45, SANS_SUITE=40, AUTRE=15)}
_COURSE_MOTIVE = {"DEMENAGEMENT_CRI": "DEMENAGEMENT", "DEMENAGEMENT_HORS_REGION": "DEMENAGEMENT"}
_ALONE = weighted(FLE=40, SOCIAL=25, JURIDIQUE=18, ISP=17)
_ALONE_HOURS = {"FLE": 120, "SOCIAL": 6, "JURIDIQUE": 3, "ISP": 4}


class Course(NamedTuple):
    """Everything between the module and the closure; `acquis` the day on which all that was prescribed was done."""

    conventions: tuple[Agreement, ...]
    inscriptions: tuple[Enrolment, ...]
    tests: tuple[Test, ...]
    acquis: date | None
    fin: date


def draw_episode(rng: Random, person: Person, centre: str, practice: Practice, admission: Admission) -> Episode:
    """The whole dossier, interruption included; the transfer that an interruption may start is drawn by its caller."""
    engaged = admission.statut == "OBLIGE"
    stays = rng.random() >= (0.05 if engaged else 0.1)
    reception = draw_reception(rng, person, admission, practice, stays=stays)
    course = _draw_course(rng, person, admission, practice, reception, stays=stays)
    episode = _close_naturally(rng, person, centre, practice, admission, reception, course)
    if rng.random() < _INTERRUPTED_SHARE:
        day = days_later(admission.ouverture, 20 + int(rng.expovariate(1 / _INTERRUPTION_DAYS)))
        attested = any(proof.type == "FREQUENTATION_PARCOURS" for proof in episode.attestations)
        if not attested or day < _attested_on(episode):
            episode = _interrupt_episode(episode, day, _INTERRUPTION.draw(rng))
    return episode


def _attested_on(episode: Episode) -> date:
    return min(proof.jour for proof in episode.attestations if proof.type == "FREQUENTATION_PARCOURS")


def _draw_course(
    rng: Random, person: Person, admission: Admission, practice: Practice, reception: Reception, *, stays: bool
) -> Course:
    signs = reception.bilan is not None and rng.random() < (0.95 if admission.statut == "OBLIGE" else 0.75)
    if not signs:
        return _without_agreement(rng, practice, reception, stays=stays)
    signed = days_later(reception.fin, 4 + pause(rng, 22, 120))
    agreement = draw_agreement(rng, reception.test, signed, obliged=admission.statut == "OBLIGE")
    resolve = 0.72 if admission.statut == "OBLIGE" else 0.66
    enrolments: list[Enrolment] = []
    done: list[date | None] = [signed]
    prescribed = (("FLE", agreement.heures_fle), ("CITOYENNETE", agreement.heures_cit), ("ISP", agreement.heures_isp))
    for axis, hours in prescribed:
        if hours == 0:
            continue
        if axis == "FLE" and reception.test is not None and reception.test.profil == "ALPHA":
            axis = "ALPHA"
        oriented = days_later(signed, pause(rng, 10, 60) + (0 if axis in ("FLE", "ALPHA") else pause(rng, 70, 240)))
        outcome = fulfil(rng, practice, axis, hours, oriented, resolve=resolve)
        enrolments.extend(outcome.inscriptions)
        if axis != "ISP":  # what is not acquired there does not hold the attestation back
            done.append(outcome.acquis)
    last = max((enrolment.regle for enrolment in enrolments), default=signed)
    acquired = None if None in done else max(day for day in done if day is not None)
    tests = _later_tests(rng, person, enrolments)
    conventions = amend(rng, agreement, enrolments, last)
    return Course(conventions, tuple(enrolments), tests, acquired, max(last, *(c.signature for c in conventions)))


def _without_agreement(rng: Random, practice: Practice, reception: Reception, *, stays: bool) -> Course:
    enrolments: tuple[Enrolment, ...] = ()
    if stays and rng.random() < 0.5:
        axis = _ALONE.draw(rng)
        day = days_later(reception.fin, 1 + pause(rng, 20, 90))
        enrolments = (enrol(rng, practice, axis, _ALONE_HOURS[axis], day, agreed=False),)
    last = max((enrolment.regle for enrolment in enrolments), default=reception.fin)
    return Course((), enrolments, (), None, last)


def _later_tests(rng: Random, person: Person, enrolments: list[Enrolment]) -> tuple[Test, ...]:
    """Exit and validation tests after finished courses of French."""
    tests: list[Test] = []
    level = person.niveau
    for enrolment in enrolments:
        if enrolment.axe not in ("FLE", "ALPHA") or enrolment.issue != "TERMINE" or enrolment.fin is None:
            continue
        level = min(7, level + (rng.choice((0, 1, 1, 2)) if enrolment.demi_heures > 200 else rng.choice((0, 0, 1))))
        if rng.random() < 0.6:
            tests.append(draw_test(rng, person, days_later(enrolment.fin, rng.randrange(12)), "SORTIE", level))
        if level >= TARGET and rng.random() < 0.4:
            tests.append(draw_test(rng, person, days_later(enrolment.fin, 2 + rng.randrange(20)), "VALIDATION", level))
    return tuple(tests)


def _close_naturally(
    rng: Random,
    person: Person,
    centre: str,
    practice: Practice,
    admission: Admission,
    reception: Reception,
    course: Course,
) -> Episode:
    last = max((course.fin, reception.fin, *(test.jour for test in course.tests)))
    proofs: list[Certificate] = list(partial_certificates(rng, admission, reception, course.inscriptions, course.tests))
    last = max((last, *(proof.jour for proof in proofs)))
    motive, attested = "ATTESTE", None
    if course.acquis is not None and course.conventions and rng.random() < 0.97:
        attested = days_later(last, 3 + pause(rng, 16, 70))
        last_proofs = final_certificates(rng, admission, attested, len(proofs))
        proofs.extend(last_proofs)
        last = last_proofs[-1].jour
        closed = min(days_later(last, pause(rng, 18, 60)), days_later(attested, 80))
        closed = max(closed, last)
    else:
        closed = days_later(last, 45 + pause(rng, 90, 400))
        motive = (
            _GIVEN_UP.get(admission.statut, _GIVEN_UP[""]).draw(rng)
            if course.conventions
            else ("SANS_SUITE" if not course.inscriptions or rng.random() < 0.6 else "AUTRE")
        )
    helps = draw_help(rng, person, practice, admission.ouverture, min(last, closed))
    tests = (reception.test, *course.tests) if reception.test else course.tests
    ending = (attested, "HONOREE") if attested else (closed, "NON_HONOREE")
    return Episode(
        centre=centre,
        admission=admission,
        etapes=(*reception.etapes, *helps),
        tests=tests,
        conventions=with_states(rng, course.conventions, *ending),
        inscriptions=course.inscriptions,
        attestations=tuple(proofs),
        transferts=(),
        cloture=closed,
        motif=motive,
    )


def _interrupt_episode(episode: Episode, day: date, motive: str) -> Episode:
    """The dossier as closed on `day` before its natural end; unchanged when that end came first."""
    if episode.cloture is not None and episode.cloture <= day:
        return episode
    statut = "TRANSFEREE" if motive == "DEMENAGEMENT_CRI" else "NON_HONOREE"
    course_motive = _COURSE_MOTIVE.get(motive, "SANTE_AUTRE" if motive == "DECES" else "INC")
    return episode._replace(
        etapes=tuple(step for step in episode.etapes if step.jour <= day),
        tests=tuple(test for test in episode.tests if test.jour <= day),
        conventions=tuple(
            _stop(agreement, day, statut) for agreement in episode.conventions if agreement.signature < day
        ),
        inscriptions=tuple(
            interrupt(enrolment, day, course_motive)
            for enrolment in episode.inscriptions
            if enrolment.orientation <= day
        ),
        attestations=tuple(proof for proof in episode.attestations if proof.jour <= day),
        cloture=day,
        motif=motive,
    )


def _stop(agreement: Agreement, day: date, statut: str) -> Agreement:
    states = tuple(state for state in agreement.etats if state[0] < day)
    extension = agreement.prolongation
    kept = extension if extension is not None and extension.decision <= day else None
    return agreement._replace(etats=(*states, (day, statut)), prolongation=kept)


def hours_so_far(episode: Episode, axes: tuple[str, ...]) -> int:
    """Half hours followed in the whole episode on these axes."""
    return sum(enrolment.demi_heures for enrolment in episode.inscriptions if enrolment.axe in axes)

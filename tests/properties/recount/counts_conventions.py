"""I10 to I12, I16, I19 to I23, I28: conventions signed, prescribing, fulfilled, put off, attested in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from tests.properties.recount.counts_dossiers import opened
from tests.properties.recount.counts_moves import people_known
from tests.properties.recount.lives import Agreement, Dossier, Event, Lives, Period
from tests.properties.recount.parts import Part, Recipe, added, middle_one, shared
from tests.properties.recount.profile import DETAILED, OBLIGED, USUAL, months_after, profile_of

FRENCH = ("FLE", "ALPHA")
OVER = ("HONOREE", "NON_HONOREE", "TRANSFEREE")
# What is confirmed of the regimes (schemas/nomenclatures/regime.csv): delay in months, hours of citizenship.
DELAYS = {"R2018": 18}
CITIZENSHIP_HOURS = {"R2018": 60}


def signed(lives: Lives, period: Period) -> list[tuple[Dossier, Agreement]]:
    """Conventions signed in the period, amendments aside."""
    every = [(one, own) for one in lives.dossiers for own in one.agreements]
    return [(one, own) for one, own in every if not own.est_avenant and period.holds(own.signature)]


def conventions_signed(lives: Lives, period: Period) -> Iterator[Part]:
    for one, _ in signed(lives, period):
        yield Part(one.centre, 1, classes=profile_of(one))


def signed_in_six_months(lives: Lives, period: Period) -> Iterator[Part]:
    for one in opened(lives, period):
        limit = one.ouverture + timedelta(days=183)
        if one.statut == "OBLIGE" and limit <= lives.fin:
            in_time = any(not own.est_avenant and own.signature <= limit for own in one.agreements)
            yield Part(one.centre, in_time, 1, classes=profile_of(one))


def positioned(dossier: Dossier) -> Event | None:
    """Its first placement test."""
    return next((test for test in dossier.of("TEST") if test.detail == "POSITIONNEMENT"), None)


def prescribing_french(lives: Lives, period: Period) -> Iterator[Part]:
    for one, own in signed(lives, period):
        test = positioned(one)
        classes = profile_of(one) | {"profil": test.attributs["profil"] if test else "INC"}
        yield Part(one.centre, own.heures_fle > 0, 1, classes=classes)


def last_signed(dossier: Dossier, day: date) -> Agreement | None:
    """Of its convention and amendments signed by that day, the last one: of the same day, the amendment."""
    signed_by_then = [own for own in dossier.agreements if own.signature <= day]
    return max(signed_by_then, key=lambda own: (own.signature, own.est_avenant), default=None)


def ended(lives: Lives, period: Period) -> Iterator[tuple[Dossier, Agreement]]:
    """Dossiers whose last signed document, kept or not kept, came to its end in the period."""
    for one in lives.dossiers:
        last = last_signed(one, lives.fin)
        if last and last.statut in ("HONOREE", "NON_HONOREE") and period.holds(last.date_statut):
            yield one, last


def french_followed(lives: Lives, period: Period) -> Iterator[Part]:
    for one, last in ended(lives, period):
        if last.heures_fle > 0:
            followed = sum(course.heures for course in one.enrolments if course.axe in FRENCH)
            yield Part(one.centre, followed, last.heures_fle, classes=profile_of(one))


def citizenship_completed(lives: Lives, period: Period) -> Iterator[Part]:
    for one, last in ended(lives, period):
        if last.heures_cit > 0 and one.regime in CITIZENSHIP_HOURS:
            own = [each.heures for each in one.enrolments if (each.axe, each.statut) == ("CITOYENNETE", "TERMINE")]
            brought = [float(move.quantites["heures_reprises_cit"]) for move in one.of("TRANSFERT_ENTRANT")]
            enough = sum(own) + sum(brought) >= CITIZENSHIP_HOURS[one.regime]
            yield Part(one.centre, enough, 1, classes=profile_of(one))


def work_guidance_begun(lives: Lives, period: Period) -> Iterator[Part]:
    for one, last in ended(lives, period):
        if last.heures_isp > 0:
            starts = [each.debut for each in one.enrolments if each.axe == "ISP" and each.debut]
            begun = any(day <= period.last for day in starts)
            yield Part(one.centre, begun, 1, classes=profile_of(one))


def first_attested(dossier: Dossier) -> date | None:
    """The day of the first certificate of the whole course, duplicates aside."""
    own = [one for one in dossier.of("ATTESTATION") if one.detail == "FREQUENTATION_PARCOURS" and not one.remplace]
    return own[0].jour if own else None


def attested(lives: Lives, period: Period) -> Iterator[Part]:
    """Of a person whom two centres know as one and have both attested, the centre of the first day alone."""
    person = people_known(lives)
    first: dict[str, tuple[date, str]] = {}
    for one in lives.dossiers:
        if day := first_attested(one):
            name = person[one.centre, one.personne]
            first[name] = min(first.get(name, (day, one.centre)), (day, one.centre))
    for one in lives.dossiers:
        if period.holds(first_attested(one)) and first[person[one.centre, one.personne]][1] == one.centre:
            yield Part(one.centre, 1, classes=profile_of(one))


def attested_in_time(lives: Lives, period: Period) -> Iterator[Part]:
    for one in opened(lives, period):
        ends = {event.detail for event in one.of("CLOTURE")}
        left = one.of("TRANSFERT_SORTANT") or ends & {"DECES", "PERTE_SEJOUR"}
        if one.statut == "OBLIGE" and one.regime in DELAYS and not left:
            put_off = [event.date_limite for event in one.of("PROLONGATION") if event.date_limite]
            due = max([months_after(one.day("TITRE") or one.ouverture, DELAYS[one.regime]), *put_off])
            day = first_attested(one)
            if due <= lives.fin:
                yield Part(one.centre, day is not None and day <= due, 1, classes=profile_of(one))


def days_from_convention_to_certificate(lives: Lives, period: Period) -> Iterator[Part]:
    for one in lives.dossiers:
        day, start = first_attested(one), min((own.signature for own in one.agreements), default=None)
        if day and start and start <= day and period.holds(day):
            yield Part(one.centre, (day - start).days, classes=profile_of(one))


def put_off_at_their_term(lives: Lives, period: Period) -> Iterator[Part]:
    """A convention whose dossier ended, or which was settled, before its first term never reached it."""
    for one in lives.dossiers:
        for own in one.agreements:
            ends = [day for day, statut in own.etats if statut in OVER] + ([one.cloture] if one.cloture else [])
            if not own.est_avenant and period.holds(own.echeance) and not any(day < own.echeance for day in ends):
                later = [event for each in one.agreements for event in each.prolongations]
                motives = [event.detail for event in later if event.date_limite and event.date_limite > own.echeance]
                classes = {"motif_prolongation": motives[0] if motives else None}
                yield Part(one.centre, bool(motives), 1, classes=classes)


RECIPES = {
    "I10": Recipe(conventions_signed, added, "TA", dimensions=USUAL),
    "I11": Recipe(signed_in_six_months, shared(100), "TA", dimensions=OBLIGED, silent_when_empty=True),
    "I12": Recipe(prescribing_french, shared(100), "A", dimensions=(*DETAILED, "profil")),
    "I16": Recipe(french_followed, shared(100), "A", dimensions=USUAL),
    "I19": Recipe(citizenship_completed, shared(100), "A", dimensions=USUAL),
    "I20": Recipe(work_guidance_begun, shared(100), "A", dimensions=DETAILED),
    "I21": Recipe(attested, added, "TA", dimensions=USUAL),
    "I22": Recipe(attested_in_time, shared(100), "TA", dimensions=OBLIGED, silent_when_empty=True),
    "I23": Recipe(days_from_convention_to_certificate, middle_one, "A", dimensions=USUAL),
    "I28": Recipe(put_off_at_their_term, shared(100), "A", of_total=("motif_prolongation",)),
}

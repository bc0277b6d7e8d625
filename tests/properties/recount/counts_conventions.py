"""Conventions: signed, prescribed, fulfilled, put off, attested in time."""

from __future__ import annotations

from datetime import date, timedelta

from tests.properties.recount.counts_dossiers import opened
from tests.properties.recount.figures import Figure, Recount, cohort, middle, number, share
from tests.properties.recount.lives import Agreement, Dossier, Lives, Period

FRENCH = ("FLE", "ALPHA")
STARTED = ("EN_COURS", "TERMINE", "ABANDON")
# What is confirmed of the regimes (schemas/nomenclatures/regime.csv): delay in months, hours of citizenship.
DELAYS = {"R2018": 18}
CITIZENSHIP_HOURS = {"R2018": 60}


def signed(lives: Lives, period: Period) -> list[Agreement]:
    """Conventions signed in the period, amendments aside."""
    every = [agreement for one in lives.dossiers for agreement in one.agreements]
    return [one for one in every if not one.est_avenant and period.holds(one.signature)]


def count_i10(lives: Lives, period: Period) -> Figure:
    return number(len(signed(lives, period)))


def count_i11(lives: Lives, period: Period) -> Figure:
    in_time = observed = 0
    for one in opened(lives, period):
        limit = one.ouverture + timedelta(days=183)
        if one.statut == "OBLIGE" and limit <= lives.fin:
            observed += 1
            in_time += any(not each.est_avenant and each.signature <= limit for each in one.agreements)
    return cohort(in_time, observed)


def count_i12(lives: Lives, period: Period) -> Figure:
    every = signed(lives, period)
    return share(sum(one.heures_fle > 0 for one in every), len(every))


def ended(lives: Lives, period: Period) -> list[tuple[Dossier, Agreement]]:
    """Dossiers whose last signed document, kept or not kept, came to its end in the period."""
    found = []
    for one in lives.dossiers:
        if one.agreements:
            last = max(one.agreements, key=lambda each: (each.signature, each.est_avenant))
            if last.statut in ("HONOREE", "NON_HONOREE") and period.holds(last.date_statut):
                found.append((one, last))
    return found


def count_i16(lives: Lives, period: Period) -> Figure:
    prescribed = [(one, last) for one, last in ended(lives, period) if last.heures_fle > 0]
    followed = [course.heures for one, _ in prescribed for course in one.enrolments if course.axe in FRENCH]
    return share(sum(followed), sum(last.heures_fle for _, last in prescribed))


def count_i19(lives: Lives, period: Period) -> Figure:
    achieved = due = 0
    for one, last in ended(lives, period):
        if last.heures_cit > 0 and one.regime in CITIZENSHIP_HOURS:
            own = [each for each in one.enrolments if (each.axe, each.statut) == ("CITOYENNETE", "TERMINE")]
            brought = [float(move.quantites["heures_reprises_cit"]) for move in one.of("TRANSFERT_ENTRANT")]
            due += 1
            achieved += sum(each.heures for each in own) + sum(brought) >= CITIZENSHIP_HOURS[one.regime]
    return share(achieved, due)


def count_i20(lives: Lives, period: Period) -> Figure:
    effective = due = 0
    for one, last in ended(lives, period):
        if last.heures_isp > 0:
            due += 1
            effective += any(
                each.axe == "ISP" and each.debut is not None and each.debut <= period.last for each in one.enrolments
            )
    return share(effective, due)


def first_attested(dossier: Dossier) -> date | None:
    """The day of the first certificate of the whole course, duplicates aside."""
    own = [one for one in dossier.of("ATTESTATION") if one.detail == "FREQUENTATION_PARCOURS" and not one.remplace]
    return min((one.jour for one in own), default=None)


def count_i21(lives: Lives, period: Period) -> Figure:
    return number(sum(period.holds(first_attested(one)) for one in lives.dossiers))


def months_after(day: date, months: int) -> date:
    """The same day of the month, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def count_i22(lives: Lives, period: Period) -> Figure:
    in_time = matured = 0
    for one in opened(lives, period):
        ends = {event.detail for event in one.of("CLOTURE")}
        left = one.of("TRANSFERT_SORTANT") or ends & {"DECES", "PERTE_SEJOUR"}
        if one.statut == "OBLIGE" and one.regime in DELAYS and not left:
            put_off = [event.date_limite for event in one.of("PROLONGATION") if event.date_limite]
            due = max([months_after(one.day("TITRE") or one.ouverture, DELAYS[one.regime]), *put_off])
            if due <= lives.fin:
                attested = first_attested(one)
                matured += 1
                in_time += attested is not None and attested <= due
    return cohort(in_time, matured)


def count_i23(lives: Lives, period: Period) -> Figure:
    spans = []
    for one in lives.dossiers:
        attested = first_attested(one)
        first = min((each.signature for each in one.agreements), default=None)
        if attested and period.holds(attested) and first:
            spans.append((attested - first).days)
    return middle(span for span in spans if span >= 0)


def count_i28(lives: Lives, period: Period) -> Figure:
    put_off = reached = 0
    for one in lives.dossiers:
        for own in one.agreements:
            over = [day for day, statut in own.etats if statut in ("HONOREE", "NON_HONOREE", "TRANSFEREE")]
            before = [day for day in (*over, one.cloture) if day and day < own.echeance]
            if not own.est_avenant and period.holds(own.echeance) and not before:
                reached += 1
                later = [event for each in one.agreements for event in each.prolongations]
                put_off += any(event.date_limite and event.date_limite > own.echeance for event in later)
    return share(put_off, reached)


RECOUNTS = {
    "I10": Recount(count_i10, "TA", by_sex=True),
    "I11": Recount(count_i11, "TA", by_sex=True),
    "I12": Recount(count_i12, "A", by_sex=True),
    "I16": Recount(count_i16, "A", by_sex=True),
    "I19": Recount(count_i19, "A", by_sex=True),
    "I20": Recount(count_i20, "A", by_sex=True),
    "I21": Recount(count_i21, "TA", by_sex=True),
    "I22": Recount(count_i22, "TA", by_sex=True),
    "I23": Recount(count_i23, "A", by_sex=True),
    "I28": Recount(count_i28, "A"),
}

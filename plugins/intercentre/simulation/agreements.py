"""Conventions: what is prescribed, until when, put off, amended, kept or not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from intercentre.simulation.chance import Weighted, days_later, weighted
from intercentre.simulation.lives import Agreement, Enrolment, Extension, Test
from intercentre.simulation.reception import LEVELS, TARGET
from intercentre.simulation.regime_figures import figures_at
from schemas.regimes import add_months

_EXTENSION = weighted(SANTE_FAMILLE_GENERIQUE=30, LISTE_ATTENTE=35, TRAVAIL=15, FORMATION=12, AUTRE=8)
_EXTRA_HOURS = Weighted(((0, 60), (50, 15), (100, 15), (200, 10)))
_EXTENSION_MONTHS = 6


def draw_agreement(rng: Random, test: Test | None, signed: date, *, obliged: bool) -> Agreement:
    """The convention signed on `signed`; French is prescribed below the target level when a test has shown the need."""
    figures = figures_at(signed)
    needs_french = test is not None and (LEVELS.index(test.niveau) < TARGET or rng.random() < 0.12)
    citizenship = rng.random() < (0.96 if obliged else 0.85)
    work = rng.random() < 0.32
    return Agreement(
        signature=signed,
        echeance=add_months(signed, figures.mois),
        prolongation=None,
        heures_fle=figures.heures_fle + _EXTRA_HOURS.draw(rng) if needs_french else 0,
        heures_cit=figures.heures_cit if citizenship else 0,
        heures_isp=figures.heures_isp if work else 0,
        etats=((signed, "EN_COURS"),),
        avenant=0,
    )


def amend(rng: Random, agreement: Agreement, enrolments: Sequence[Enrolment], last: date) -> tuple[Agreement, ...]:
    """The convention, and at times an amendment that restates its hours while courses go on."""
    span = (last - agreement.signature).days
    if not enrolments or span < 120 or rng.random() >= 0.05:
        return (agreement,)
    signed = days_later(agreement.signature, rng.randint(40, span - 20))
    if signed >= agreement.echeance:
        return (agreement,)
    return agreement, agreement._replace(signature=signed, etats=((signed, "EN_COURS"),), avenant=1)


def with_states(rng: Random, agreements: Sequence[Agreement], ended: date, statut: str) -> tuple[Agreement, ...]:
    """The agreements with their later states and, when the end comes after the term, often an extension."""
    return tuple(_with_states(rng, agreement, ended, statut) for agreement in agreements)


def _with_states(rng: Random, agreement: Agreement, ended: date, statut: str) -> Agreement:
    states = [(agreement.signature, "EN_COURS")]
    span = (ended - agreement.signature).days
    if span > 150 and rng.random() < 0.04:
        suspended = agreement.signature + timedelta(days=rng.randint(30, span // 2))
        states += [(suspended, "SUSPENDUE"), (suspended + timedelta(days=rng.randint(20, 60)), "EN_COURS")]
    states.append((ended, statut))
    extension = None
    if ended > agreement.echeance and not agreement.avenant and rng.random() < 0.7:
        decided = max(agreement.signature, agreement.echeance - timedelta(days=rng.randint(3, 45)))
        late = (ended.year - agreement.echeance.year) * 12 + ended.month - agreement.echeance.month + 1
        months = -(-late // _EXTENSION_MONTHS) * _EXTENSION_MONTHS
        extension = Extension(decided, add_months(agreement.echeance, months), _EXTENSION.draw(rng))
    return agreement._replace(etats=tuple(states), prolongation=extension)

"""A centre's former deposits judged away from the hub, so that a later one is compared with their retained rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from intercentre.validation.package import MissingContextError, Precedent, examine
from schemas.exchanges.verdict import Verdict
from schemas.period import Period, PeriodError


class PrecedentError(ValueError):
    """A deposit cannot be what another is compared with; the message is French."""


@dataclass(frozen=True)
class Former:
    """The last of the former deposits: its rows, and its verdict."""

    precedent: Precedent
    verdict: Verdict


def judge_former(precedents: Sequence[Path], *, centre: str | None, today: date, out: Path) -> Former | None:
    """The last of `precedents`, ready to be compared with; None when there is none. `out` holds what they leave.

    precedents  the centre's deposits of earlier periods, the oldest first; each is judged beside the one before it,
                as the hub does, since a row that this sets aside is not compared any more
    raises      PrecedentError when one of them is refused, is partial, has no manifest, is another centre's or does not
                follow the one before it
    """
    former: Former | None = None
    for at, path in enumerate(precedents):
        place = out / str(at)
        verdict = _judge(path, centre, today, place, former.precedent if former else None)
        require_order(former, verdict)
        former = Former(Precedent(Period.parse(verdict.periode), place / "types", verdict.version_contrat), verdict)
    return former


def require_order(former: Former | None, later: Verdict) -> None:
    """Return when a deposit may be compared with the former one: same centre, a period that ended before its own.

    raises  PrecedentError
    """
    if former is None or not later.centre or not later.periode:
        return
    if former.verdict.centre != later.centre:
        raise PrecedentError("Les dépôts donnés ne sont pas du même centre.")
    try:
        end = Period.parse(later.periode).fin
    except PeriodError:
        return
    if former.precedent.periode.fin >= end:
        raise PrecedentError(
            f"Le dépôt précédent est de {former.precedent.periode} : une période antérieure est attendue."
        )


def _judge(path: Path, centre: str | None, today: date, out: Path, before: Precedent | None) -> Verdict:
    try:
        verdict = examine(path, centre=centre, periode=None, today=today, out=out, precedent=before).verdict
    except MissingContextError:
        raise PrecedentError(f"{path.name} n'a pas de manifeste, ou ne contient pas l'état complet.") from None
    if not verdict.is_accepted:
        raise PrecedentError(f"{path.name} est refusé : un dépôt n'est comparé qu'à un dépôt accepté.")
    return verdict

"""A deposit checked without a hub, beside the centre's deposits before it: the verdict that the hub would give."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from intercentre.validation.package import MissingContextError, Precedent, examine
from schemas.exchanges.verdict import Verdict
from schemas.period import Period, PeriodError


class PrecedentError(ValueError):
    """A deposit cannot be what another is compared with; the message is French."""


def check_packages(
    package: Path,
    precedents: Sequence[Path],
    *,
    centre: str | None,
    periode: Period | None,
    today: date,
    out: Path,
) -> Verdict:
    """The verdict on `package` beside the last of `precedents`; `out`/depot holds what validation leaves of it.

    precedents  the centre's deposits of earlier periods, the oldest first; each is judged beside the one before it,
                as the hub does, since a row that this sets aside is not compared any more
    raises      PrecedentError when one of them is refused, has no manifest, is another centre's or is not earlier;
                MissingContextError when `package` has no manifest and centre or periode is None
    """
    before: Precedent | None = None
    known: Verdict | None = None
    for at, path in enumerate(precedents):
        place = out / f"precedent-{at}"
        verdict = _judge_former(path, centre, today, place, before)
        _require_order(known, verdict)
        before, known = Precedent(Period.parse(verdict.periode), place / "types", verdict.version_contrat), verdict
    verdict = examine(package, centre=centre, periode=periode, today=today, out=out / "depot", precedent=before).verdict
    _require_order(known, verdict)
    return verdict


def _judge_former(path: Path, centre: str | None, today: date, out: Path, before: Precedent | None) -> Verdict:
    try:
        verdict = examine(path, centre=centre, periode=None, today=today, out=out, precedent=before).verdict
    except MissingContextError:
        raise PrecedentError(f"{path.name} n'a pas de manifeste : sa période n'est pas connue.") from None
    if not verdict.is_accepted:
        raise PrecedentError(f"{path.name} est refusé : un dépôt n'est comparé qu'à un dépôt accepté.")
    return verdict


def _require_order(former: Verdict | None, later: Verdict) -> None:
    """A deposit is compared with one of its own centre, of a period that ended before its own."""
    if former is None or not later.centre or not later.periode:
        return
    if former.centre != later.centre:
        raise PrecedentError("Les dépôts donnés ne sont pas du même centre.")
    try:
        end = Period.parse(later.periode).fin
    except PeriodError:
        return
    if Period.parse(former.periode).fin >= end:
        raise PrecedentError(f"Le dépôt précédent est de {former.periode} : une période antérieure est attendue.")

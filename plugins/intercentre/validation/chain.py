"""A deposit checked away from the hub, after those that it completes: the hub's own verdict, without the hub."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from intercentre.validation.completion import Completed, check_completed
from intercentre.validation.package import Examination, Precedent, examine
from intercentre.validation.to_correct import Judged
from schemas.exchanges.manifest import MANIFEST_NAME, Manifest
from schemas.exchanges.receipt import deposit_name
from schemas.exchanges.verdict import Verdict
from schemas.findings import Finding
from schemas.period import Period
from schemas.rules import finding


@dataclass(frozen=True)
class Given:
    """A deposit on this machine; `sha256` of the bytes that the hub has or would have."""

    package: Path
    sha256: str


def examine_chain(
    deposits: Sequence[Given],
    *,
    centre: str | None,
    periode: Period | None,
    today: date,
    out: Path,
    precedent: Precedent | None = None,
) -> list[Judged]:
    """Each deposit judged, in this order, a partial one with the last accepted before it; `out` holds what they leave.

    precedent  the centre's deposit of the period before, with which each of them is compared
    raises  MissingContextError as validate_package
    """
    chain: list[Judged] = []

    def find(manifest: Manifest) -> Completed | Finding:
        accepted = [one for one in chain if one.verdict.is_accepted and _is_of(one.verdict, manifest)]
        named = next((one for one in accepted if one.depot_id == manifest.remplace_depot_id), None)
        if named is None:
            return finding("V08-P", fichier=MANIFEST_NAME)
        if named is not accepted[-1]:
            return finding("V08-S", fichier=MANIFEST_NAME)
        base = Completed(named.depot_id, named.verdict, named.date_etat, named.folder)
        return check_completed(manifest, base)

    for number, given in enumerate(deposits):
        folder = out / str(number)
        examination = examine(
            given.package,
            centre=centre,
            periode=periode,
            today=today,
            out=folder,
            completed=find if chain else None,
            precedent=precedent,
        )
        chain.append(_judged(given, examination, folder, today))
    return chain


def _is_of(verdict: Verdict, manifest: Manifest) -> bool:
    return (verdict.centre, verdict.periode) == (manifest.centre_code, str(manifest.periode))


def _judged(given: Given, examination: Examination, folder: Path, today: date) -> Judged:
    declaration, verdict = examination.declaration, examination.verdict
    manifest = declaration.manifest if declaration else None
    return Judged(
        depot_id=deposit_name(verdict.centre, verdict.periode, given.sha256),
        package=given.package,
        fichier=given.package.name,
        verdict=verdict,
        date_etat=declaration.date_etat if declaration else today,
        sequence=manifest.sequence if manifest else 1,
        folder=folder,
    )

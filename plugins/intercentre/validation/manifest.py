"""What the deposit says of itself, and whether it may: centre, period, version (V01, V03, V04)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from intercentre.validation.container import Package
from intercentre.validation.manifest_sheet import manifest_sheet
from schemas.editions import CURRENT, Edition, edition_of, version_key, version_to_use
from schemas.exchanges.manifest import (
    DATED_SINCE,
    LARGEST_MANIFEST,
    MANIFEST_NAME,
    NOT_DATED,
    DeclaredTable,
    Manifest,
    is_manifest,
)
from schemas.extracts import TABLES
from schemas.findings import Finding
from schemas.nomenclatures import nomenclature
from schemas.period import Period
from schemas.rules import finding


class MissingContextError(ValueError):
    """The package has no manifest, and the caller gave no centre or no period."""


@dataclass(frozen=True)
class Declaration:
    """Whose state of which day this is.

    manifest   None when the deposit has none, or when it cannot be believed
    date_etat  day whose state the rows are judged at, never in the future
    edition    version of the contract by which the tables are judged: the one that the manifest names, else the last
    is_usable  False when the tables must not be read (unreadable manifest, another centre's deposit)
    """

    centre: str
    periode: str
    date_etat: date
    manifest: Manifest | None
    findings: tuple[Finding, ...]
    edition: Edition = CURRENT
    is_usable: bool = True


def read_declaration(
    package: Package, *, centre: str | None, periode: Period | None, today: date, is_past: bool = False
) -> Declaration:
    """The declaration of a package, checked; raises MissingContextError when nobody says the centre or the period.

    is_past  the deposit has its verdict: its version may have ended since
    """
    name = manifest_name(package)
    sheet = manifest_sheet(package) if name is None else None
    if name is None and sheet is None:
        if centre is None or periode is None:
            raise MissingContextError("Le dépôt n'a pas de manifeste : indiquez le centre et la période.")
        early = () if periode.fin <= today else (finding("V04", cause=_not_over(periode)),)
        return Declaration(centre, str(periode), today, None, (finding("DEP-007"), *early))
    if sheet is not None:
        name, (manifest, champ) = sheet[0], _read_partial(sheet[1])
    elif name is not None:
        manifest, champ = _read(package.files[name])
    edition = edition_of(manifest.schema_version) if manifest else None
    if manifest and (edition is None or not (is_past or edition.accepts(today))):
        manifest, champ = None, f"schema_version : employez la version {version_to_use(today)}"
    if manifest and edition and (wrong := _foreign_table(manifest.tables, edition) or _misdated(manifest, edition)):
        manifest, champ = None, wrong
    if manifest is None or edition is None:
        found = finding("V01", fichier=name, champ=champ)
        return Declaration(centre or "", str(periode or ""), today, None, (found,), is_usable=False)
    if centre is not None and manifest.centre_code != centre:
        return Declaration(centre, str(periode or ""), today, None, (finding("V03", fichier=name),), is_usable=False)
    if centre is None and manifest.centre_code not in nomenclature("centre").entries:
        found = finding("V01", fichier=name, champ="centre_code")
        return Declaration("", str(periode or ""), today, None, (found,), is_usable=False)
    untimely = _untimely(manifest, periode, today)
    return Declaration(
        centre=manifest.centre_code,
        periode=str(periode or manifest.periode or ""),
        date_etat=min(manifest.date_etat, today),
        manifest=manifest,
        findings=(finding("V04", fichier=name, cause=untimely),) if untimely else (),
        edition=edition,
    )


def manifest_name(package: Package) -> str | None:
    """The manifest's name in the package, whatever its case."""
    return next((name for name in package.files if is_manifest(name)), None)


def _read(path: Path) -> tuple[Manifest | None, str]:
    """The manifest, or None and the field at which it fails."""
    if path.stat().st_size > LARGEST_MANIFEST:
        return None, MANIFEST_NAME
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"), object_pairs_hook=_said_once)
    except (ValueError, RecursionError):
        return None, MANIFEST_NAME
    return _judge(content)


def _read_partial(content: Mapping[str, object]) -> tuple[Manifest | None, str]:
    """The manifest that a sheet holds: it can only be that of a partial deposit."""
    manifest, champ = _judge(content)
    return (None, "type_depot") if manifest and not manifest.is_partial else (manifest, champ)


def _judge(content: object) -> tuple[Manifest | None, str]:
    try:
        manifest = Manifest.model_validate(content)
    except ValidationError as error:
        return None, _field(error.errors(include_input=False)[0]["loc"])
    except (ValueError, RecursionError):
        return None, MANIFEST_NAME
    champ = _faulty_table(manifest.tables) or _faulty_lines(manifest)
    return (None, champ) if champ else (manifest, "")


def _said_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object; raises ValueError when a name comes twice, since nobody can say which of the two holds."""
    said = dict(pairs)
    if len(said) != len(pairs):
        raise ValueError("repeated name")
    return said


def _faulty_table(tables: Sequence[DeclaredTable]) -> str | None:
    """The field of the manifest that names no table, twice the same one, or a table without a file; None if none."""
    seen: set[str] = set()
    for position, declared in enumerate(tables):
        if declared.nom not in TABLES or declared.nom in seen:
            return f"tables.{position}.nom"
        if declared.fichier is None and not declared.declaree_vide:
            return f"tables.{position}.fichier"
        seen.add(declared.nom)
    return None


def _foreign_table(tables: Sequence[DeclaredTable], edition: Edition) -> str | None:
    """The field of the manifest that names a table of another version than its own; None if none."""
    places = (f"tables.{at}.nom" for at, declared in enumerate(tables) if declared.nom not in edition.tables)
    return next(places, None)


def _misdated(manifest: Manifest, edition: Edition) -> str | None:
    """The field that gives a start of history to a table that has none of its own, or a day that cannot be one."""
    starts = manifest.debut_historique_par_table
    if not starts:
        return None
    first = manifest.debut_historique or manifest.periode_debut
    is_known = version_key(edition.version) >= version_key(DATED_SINCE)
    fits = (
        is_known
        and starts.keys() <= edition.tables.keys() - NOT_DATED
        and all(first <= day <= manifest.date_etat for day in starts.values())
    )
    return None if fits else "debut_historique_par_table"


def _faulty_lines(manifest: Manifest) -> str | None:
    """The field that names lines to replace, when the deposit is not partial or a table is unknown; None if not."""
    tables = {key.rpartition("/")[2] for key in manifest.lignes_remplacees}
    return "lignes_remplacees" if tables - set(TABLES) or (tables and not manifest.is_partial) else None


def _field(place: Sequence[int | str]) -> str:
    """The path of a declared field; a name that the contract does not know is not repeated."""
    known = {*Manifest.model_fields, *DeclaredTable.model_fields}
    return ".".join(str(part) if isinstance(part, int) or part in known else "(champ non prévu)" for part in place)


def _untimely(manifest: Manifest, expected: Period | None, today: date) -> str | None:
    """What is wrong with the period or the day of the state; None when nothing is."""
    period = manifest.periode
    if period is None:
        return "periode_debut et periode_fin ne sont pas les bornes d'un trimestre civil ni d'une année civile"
    if expected is not None and period != expected:
        return f"le dépôt est fait pour la période {expected} et son manifeste est celui de la période {period}"
    if period.fin > today:
        return _not_over(period)
    if manifest.date_etat > today:
        return "la date d'état est dans le futur"
    return "la date d'état précède la fin de la période" if manifest.date_etat < period.fin else None


def _not_over(period: Period) -> str:
    return f"la période {period} n'est pas encore finie"

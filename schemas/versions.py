"""What changed between two versions of the contract, and the number that the change calls for.

Removed: major. Added, tightened or opened: minor. Put right (a wording, a label, an example): patch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from schemas.description import Description

_SEVERITIES = ("information", "a_expliquer", "a_corriger", "bloquant")


class Level(IntEnum):
    """Which part of the number moves."""

    PATCH = 1
    MINOR = 2
    MAJOR = 3

    def __str__(self) -> str:
        return ("correctif", "mineur", "majeur")[self - 1]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where it is (French path), what happened (French sentence), what it costs."""

    level: Level
    place: str
    text: str


class WrongVersionError(ValueError):
    """A version's number is not the one that its changes call for; the message is French."""


def compare_contracts(before: Description, after: Description) -> list[Change]:
    """Every difference between two descriptions, the gravest first, then in the contract's order."""
    found = [
        *_members("table", before["tables"], after["tables"], "", _table),
        *_members("règle", before["regles"], after["regles"], "", _rule),
        *_members("liste", before["listes"], after["listes"], "liste ", _list),
    ]
    return sorted(found, key=lambda change: -change.level)


def required_version(before_version: str, changes: Sequence[Change]) -> str:
    """The number of the version that makes these changes; the same number when there is none."""
    major, minor, patch = _parts(before_version)
    level = max((change.level for change in changes), default=None)
    if level is Level.MAJOR:
        return f"{major + 1}.0.0"
    if level is Level.MINOR:
        return f"{major}.{minor + 1}.0"
    return before_version if level is None else f"{major}.{minor}.{patch + 1}"


def check_version(before: Description, after: Description) -> list[Change]:
    """The changes, when the later contract bears the number that they call for; raises WrongVersionError."""
    changes = compare_contracts(before, after)
    due = required_version(before["version"], changes)
    if after["version"] != due:
        level = f" (changement {changes[0].level})" if changes else " (rien n'a changé)"
        raise WrongVersionError(
            f"La version {after['version']} ne convient pas : après {before['version']}, il faut {due}{level}."
        )
    return changes


def _parts(version: str) -> tuple[int, int, int]:
    parts = version.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise WrongVersionError(f"« {version} » n'est pas un numéro de version : trois nombres, comme 1.2.0.")
    major, minor, patch = map(int, parts)
    return major, minor, patch


_Compare = Callable[[Mapping[str, Any], Mapping[str, Any], str], Iterator[Change]]


def _members(
    kind: str, before: Mapping[str, Any], after: Mapping[str, Any], within: str, compare: _Compare
) -> Iterator[Change]:
    """Named members gone, come, and changed; `within` is the path of what holds them."""
    feminine = "" if kind in ("code", "renvoi") else "e"
    for name in before:
        if name not in after:
            yield Change(Level.MAJOR, f"{within}{name}", f"{kind} retiré{feminine}")
    for name, facts in after.items():
        if name not in before:
            yield Change(Level.MINOR, f"{within}{name}", f"{kind} ajouté{feminine}{_due(facts)}")
        else:
            yield from compare(before[name], facts, f"{within}{name}")


def _due(facts: Mapping[str, Any]) -> str:
    return ", obligatoire" if facts.get("obligatoire") else ""


def _table(before: Mapping[str, Any], after: Mapping[str, Any], place: str) -> Iterator[Change]:
    if before["cle"] != after["cle"]:
        said = f"clé changée : {', '.join(before['cle'])} devient {', '.join(after['cle'])}"
        yield Change(Level.MAJOR, place, said)
    if before["niveau"] != after["niveau"]:
        said = f"niveau de conformité changé : {before['niveau']} devient {after['niveau']}"
        yield Change(Level.MINOR, place, said)
    yield from _wording(before, after, place, ("numero", "grain", "missions"))
    yield from _members("colonne", before["colonnes"], after["colonnes"], f"{place}.", _column)
    yield from _members("renvoi", before["renvois"], after["renvois"], f"{place}.", _reference)
    yield from _members("règle", before["regles"], after["regles"], f"{place}.", _rule)


def _column(before: Mapping[str, Any], after: Mapping[str, Any], place: str) -> Iterator[Change]:
    if before["type"] != after["type"]:
        yield Change(Level.MAJOR, place, f"type changé : {before['type']} devient {after['type']}")
    elif before.get("liste") != after.get("liste"):
        yield Change(
            Level.MAJOR,
            place,
            f"liste de codes changée : {_said(before.get('liste'))} devient {_said(after.get('liste'))}",
        )
    else:
        yield from _bounds(before, after, place)
    if before["obligatoire"] != after["obligatoire"]:
        said = "devient obligatoire" if after["obligatoire"] else "devient facultative"
        yield Change(Level.MINOR, place, said)
    yield from _wording(before, after, place, ("libelle", "risque", "base", "exemple"))


def _bounds(before: Mapping[str, Any], after: Mapping[str, Any], place: str) -> Iterator[Change]:
    """Bounds of one type: tightened when fewer values pass, widened when more do, either way minor."""
    for name, word in _BOUNDS.items():
        old, new = before.get(name), after.get(name)
        if old != new:
            yield Change(Level.MINOR, place, f"{word} {_direction(name, old, new)} : {_said(old)} devient {_said(new)}")
    if before.get("forme") != after.get("forme"):
        yield Change(Level.MINOR, place, "forme attendue changée")
    if before.get("avenir") != after.get("avenir"):
        said = "une date à venir est admise" if after.get("avenir") else "une date à venir n'est plus admise"
        yield Change(Level.MINOR, place, said)


def _direction(name: str, old: Any, new: Any) -> str:
    if not isinstance(old, int) or not isinstance(new, int):
        return "changé"
    return "resserré" if (new > old) == (name == "minimum") else "élargi"


def _said(bound: Any) -> str:
    return "aucun" if bound is None else str(bound)


def _reference(before: Mapping[str, Any], after: Mapping[str, Any], place: str) -> Iterator[Change]:
    if before != after:
        said = f"renvoi changé : {_target(before)} devient {_target(after)}"
        yield Change(Level.MAJOR, place, said)


def _target(reference: Mapping[str, Any]) -> str:
    return f"{reference['table']} ({', '.join(reference['colonnes'])})"


def _rule(before: Mapping[str, Any], after: Mapping[str, Any], place: str) -> Iterator[Change]:
    if before["severite"] != after["severite"]:
        stricter = _SEVERITIES.index(after["severite"]) > _SEVERITIES.index(before["severite"])
        verb = "aggravée" if stricter else "allégée"
        said = f"sévérité {verb} : {before['severite']} devient {after['severite']}"
        yield Change(Level.MINOR, place, said)
    if any(before.get(name) != after.get(name) for name in ("condition", "colonnes", "tables")):
        yield Change(Level.MINOR, place, "condition changée")
    yield from _wording(before, after, place, ("titre", "message", "remede", "base"))


def _list(before: Mapping[str, Any], after: Mapping[str, Any], place: str) -> Iterator[Change]:
    yield from _members("code", before, after, f"{place}.", _code)


def _code(before: Mapping[str, Any], after: Mapping[str, Any], place: str) -> Iterator[Change]:
    if (before["valide_du"], before["valide_au"]) != (after["valide_du"], after["valide_au"]):
        yield Change(Level.MINOR, place, f"validité changée : {_validity(before)} devient {_validity(after)}")
    yield from _wording(before, after, place, ("libelle", "remplace_par"))


def _validity(code: Mapping[str, Any]) -> str:
    return f"du {code['valide_du']} " + (f"au {code['valide_au']}" if code["valide_au"] else "sans fin")


_BOUNDS = {
    "longueur": "nombre de signes",
    "minimum": "minimum",
    "maximum": "maximum",
    "decimales": "nombre de décimales",
    "jugee_a": "jour où le code est jugé",
}
_WORDS = {
    "numero": "numéro",
    "grain": "grain",
    "missions": "missions",
    "libelle": "libellé",
    "risque": "risque de divulgation",
    "base": "base légale",
    "exemple": "exemple",
    "titre": "titre",
    "message": "message",
    "remede": "remède",
    "remplace_par": "successeur",
}


def _wording(before: Mapping[str, Any], after: Mapping[str, Any], place: str, names: Sequence[str]) -> Iterator[Change]:
    changed = [_WORDS[name] for name in names if before[name] != after[name]]
    if changed:
        yield Change(Level.PATCH, place, f"mise au point : {', '.join(changed)}")

"""A version of the contract, or a rule, tried on past deposits: what would change, centre by centre."""

from __future__ import annotations

from dataclasses import dataclass

from intercentre.core.hub import Hub
from intercentre.portal.refusals import RefusalError
from schemas.editions import CURRENT, EDITIONS
from schemas.nomenclatures import nomenclature


@dataclass(frozen=True)
class Trial:
    """What is tried: a whole version, or one of the rules in force; on one centre's deposits, or on all ('')."""

    version: str = CURRENT.version
    regle: str = ""
    centre: str = ""


@dataclass(frozen=True)
class CentreTrial:
    """What would change for a centre: a sentence, then each deposit that would be judged otherwise with its places."""

    centre: str
    bilan: str
    depots: tuple[tuple[str, tuple[str, ...]], ...]


def rules_to_try() -> dict[str, str]:
    """Code → title of the rules that can be tried alone: those that read one deposit."""
    return {rule.finding.code: rule.finding.title for rule in CURRENT.rules if rule.precedent is None}


def asked_trial(answers: dict[str, list[str]]) -> Trial:
    """What a form asks for; raises RefusalError 422."""
    version, regle, centre = (answers.get(name, [""])[-1] for name in ("version", "regle", "centre"))
    known = nomenclature("centre").entries
    if version not in EDITIONS or (regle and regle not in rules_to_try()) or (centre and centre not in known):
        raise RefusalError(422, "Choisissez une version, une règle et un centre dans les listes.")
    return Trial(version, regle, centre)


def try_on_past_deposits(hub: Hub, trial: Trial) -> list[CentreTrial]:
    """What would change, by centre; nothing of the hub does."""
    from intercentre.validation.rehearsal import proposed_rule, rehearse_edition, rehearse_rule
    from intercentre.validation.rehearsal_report import deposit_lines, summary

    edition, centre = EDITIONS[trial.version], trial.centre or None
    if trial.regle:
        rule = proposed_rule(trial.regle, CURRENT)
        rehearsed = rehearse_rule(hub, rule, centre=centre, progress=lambda _: None)
    else:
        rehearsed = rehearse_edition(hub, edition, centre=centre, progress=lambda _: None)
    found = []
    for code in sorted({one.centre for one in rehearsed}):
        own = [one for one in rehearsed if one.centre == code]
        told = [[line.strip() for line in deposit_lines(one)] for one in own]
        found.append(CentreTrial(code, summary(own), tuple((lines[0], tuple(lines[1:])) for lines in told if lines)))
    return found

"""A verdict for a person: as plain text, as one page of HTML that stands alone, as JSON.

Only what the verdict holds is shown: places, never a value of a cell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap

from intercentre.core.french import french_count, french_number
from intercentre.core.looks import DECISION_LOOKS, GRAVITY, WORDS
from intercentre.core.pages import page_environment
from intercentre.core.style import stylesheet
from intercentre.validation.grouping import Group, group_findings, groups_to_do, only_told, sections, to_act_on
from intercentre.validation.standing import QuarantineShare, next_level, quarantine_shares
from intercentre.validation.verdict import quarantine_limit, verdict_bytes
from schemas.exchanges.verdict import Verdict
from schemas.findings import Finding
from schemas.period import Period
from schemas.thresholds import said

LISTED_ON_PAGE = 2_000
"""findings that the page lists one by one; the complete list is in the workbook and in the JSON"""
GROUPS_IN_SECTION = 100
"""kinds of findings that the page tells of one table"""
WIDTH = 100
_NAMED_TABLES = 4
_NO_BREAK = "\u00a0"
_TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class Listing:
    """The findings that a page lists one by one, in the verdict's order, and how many there are in all."""

    constats: tuple[Finding, ...]
    total: int

    @property
    def is_cut(self) -> bool:
        return len(self.constats) < self.total


def render_json(verdict: Verdict) -> str:
    """The verdict as JSON, the same bytes as everywhere."""
    return verdict_bytes(verdict).decode()


def render_text(verdict: Verdict) -> str:
    """The verdict as plain text: the decision, what to do first, table by table, what was tolerated, every place."""
    lines = [verdict.sentence, "", identity_of(verdict), ""]
    if verdict.tables:
        lines += [*_text_table(verdict), ""]
    lines += _wrap(level_sentence(verdict))
    for share in quarantine_shares(verdict):
        lines += _wrap(quarantine_sentence(share))
    lines.append("")
    first, others = groups_to_do(verdict.constats)
    if first:
        lines.append("Que faire d'abord")
        lines += [_bullet(f"{group.titre} ({where(group)}, {group.code}) : {group.remede}") for group in first]
        lines += [_bullet(others_sentence(others)), ""] if others else [""]
    to_do = to_act_on(verdict.constats)
    for section in sections(to_do):
        lines += [section.titre.upper(), ""]
        for group in section.groupes:
            lines += [*_text_group(group), ""]
    if told := group_findings(only_told(verdict.constats)):
        lines.append("POUR INFORMATION, RIEN À FAIRE")
        lines += [_bullet(f"{group.titre} ({_places(group)}, {group.code}) : {group.message}") for group in told]
        lines.append("")
    if to_do:
        lines.append("TOUT CE QUI DEMANDE UNE ACTION, ENDROIT PAR ENDROIT")
        lines += [f"{found.lieu} : {found.code}, {WORDS[found.severite].lower()}" for found in to_do]
    return "\n".join(lines).rstrip() + "\n"


def render_html(verdict: Verdict) -> str:
    """The verdict as one page of HTML: no script, nothing to fetch, fit for printing, of a bounded size."""
    first, others = groups_to_do(verdict.constats)
    return (
        page_environment(_TEMPLATES)
        .get_template("verdict.html")
        .render(
            verdict=verdict,
            identite=identity_of(verdict),
            look=DECISION_LOOKS[verdict.verdict],
            style=stylesheet(),
            premiers=[(group, where(group)) for group in first],
            suite=others_sentence(others) if others else "",
            niveau=level_sentence(verdict),
            quarantaines=[(share, quarantine_sentence(share)) for share in quarantine_shares(verdict)],
            seuil=_percent(quarantine_limit()),
            lignes_min=said("QUARANTAINE_LIGNES_MIN"),
            sections=sections(to_act_on(verdict.constats)),
            sortes=GROUPS_IN_SECTION,
            informations=group_findings(only_told(verdict.constats)),
            liste=listing(verdict.constats, LISTED_ON_PAGE),
            mots=WORDS,
        )
    )


def listing(findings: Sequence[Finding], longest: int) -> Listing:
    """At most `longest` findings: where some must be left out, the mildest are, and of these the last."""
    if len(findings) <= longest:
        return Listing(tuple(findings), len(findings))
    by_gravity = sorted(range(len(findings)), key=lambda position: GRAVITY[findings[position].severite])
    return Listing(tuple(findings[position] for position in sorted(by_gravity[:longest])), len(findings))


def others_sentence(count: int) -> str:
    """What is left for later, in one line."""
    others = french_count(count, "autre sorte de constat", "autres sortes de constat")
    return f"Puis {others} de même gravité, table par table."


def identity_of(verdict: Verdict) -> str:
    """Centre, period, contract and rules of a verdict, in one line."""
    periode = Period.parse(verdict.periode).libelle if verdict.periode else "période inconnue"
    return (
        f"Centre {verdict.centre or 'inconnu'}, {periode}. Contrat {verdict.version_contrat}, "
        f"règles {verdict.regles_sha256[:12]}, niveau de conformité {verdict.niveau}."
    )


def level_sentence(verdict: Verdict) -> str:
    """The level reached, and which tables the next one asks for; no table is said to be missing when none was read."""
    if not verdict.tables:
        return "Aucun niveau n'est atteint : aucune table n'a été lue."
    reached = f"Niveau de conformité atteint : {verdict.niveau}." if verdict.niveau else "Aucun niveau n'est atteint."
    further = next_level(verdict)
    if further is None:
        return f"{reached} C'est le plus haut : toutes les tables du contrat sont là."
    return f"{reached} Pour le niveau {further.niveau}, il manque : {', '.join(further.tables)}."


def quarantine_sentence(share: QuarantineShare) -> str:
    """How many rows of a table are set aside, of how many, against what may be."""
    aside = french_count(share.mises_de_cote, "ligne mise de côté", "lignes mises de côté")
    limit = _percent(share.seuil)
    judgement = (
        f"au-delà du seuil de {limit}, le dépôt est refusé"
        if share.refuses
        else f"le seuil est de {limit}, dès {said('QUARANTAINE_LIGNES_MIN')} lignes"
    )
    return f"{share.table} : {aside} sur {french_number(share.lues)} ({_percent(share.part)}) ; {judgement}."


def _percent(part: float) -> str:
    """« 0,7 % », with as few decimals as tell it from nothing."""
    text = french_number(100 * part, 1).removesuffix(",0")
    return f"{text if part == 0 or text != '0' else 'moins de 0,1'}\u00a0%"


def _text_table(verdict: Verdict) -> list[str]:
    titles = ("Table", "Fichier", "Lues", "Retenues", "À corriger")
    rows = [
        (
            count.table,
            ", ".join(filter(None, (count.fichier, count.feuille))) or "déclarée vide",
            *map(french_number, (count.lignes_lues, count.lignes_retenues, count.lignes_quarantaine)),
        )
        for count in verdict.tables
    ]
    widths = [max(len(row[column]) for row in (titles, *rows)) for column in range(len(titles))]
    return [
        "  ".join(
            cell.ljust(width) if column < 2 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (titles, *rows)
    ]


def _text_group(group: Group) -> list[str]:
    shown = [f"    {place}" for place in group.lieux]
    more = group.nombre - len(group.lieux)
    return [
        *_wrap(f"{group.mot} : {group.titre} ({group.code}), {_places(group)}"),
        *_wrap(group.message, "  ", "  "),
        *_wrap(f"Que faire : {group.remede}", "  ", "  "),
        *shown,
        *([f"    et {french_count(more, 'autre endroit', 'autres endroits')}, dans la liste complète"] if more else []),
    ]


def _places(group: Group) -> str:
    return french_count(group.nombre, "endroit")


def where(group: Group) -> str:
    """How many places, and in which tables: « 42 endroits dans dossier, convention », « 42 endroits dans 9 tables »."""
    is_short = len(group.tables) <= _NAMED_TABLES
    named = ", ".join(group.tables) if is_short else french_count(len(group.tables), "table")
    return f"{_places(group)} dans {named}" if named else _places(group)


def _bullet(text: str) -> str:
    return "\n".join(_wrap(text, "- ", "  "))


def _wrap(text: str, first: str = "", following: str = "") -> list[str]:
    """Lines of at most WIDTH signs; none begins with a French mark that ends a group of words, or ends with «."""
    bound = re.sub(r" (?=[;:!?»%])|(?<=«) ", _NO_BREAK, text)
    return [
        line.replace(_NO_BREAK, " ") for line in wrap(bound, WIDTH, initial_indent=first, subsequent_indent=following)
    ]

"""A verdict for a person: as plain text, as one page of HTML that stands alone, as JSON.

Only what the verdict holds is shown: places, never a value of a cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap

from intercentre.core.french import french_count, french_number
from intercentre.core.style import stylesheet
from intercentre.validation.verdict import verdict_bytes
from schemas.exchanges.verdict import Decision, Verdict
from schemas.extracts import TABLES
from schemas.findings import Finding, Severity
from schemas.period import Period
from schemas.rules import catalogue

FIRST_PLACES, FIRST_TO_DO = 5, 6
LISTED_ON_PAGE = 20_000
WIDTH = 100
_GRAVITY = {severity: rank for rank, severity in enumerate(Severity)}
WORDS = {
    Severity.BLOQUANT: "Bloque le dépôt",
    Severity.A_CORRIGER: "À corriger",
    Severity.A_EXPLIQUER: "À expliquer",
    Severity.INFORMATION: "Pour information",
}
_TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class Group:
    """Findings that share their code and their words; `places` are the first ones, `count` is all of them."""

    code: str
    titre: str
    severite: Severity
    message: str
    remede: str
    base_legale: str
    count: int
    places: tuple[str, ...]

    @property
    def mot(self) -> str:
        return WORDS[self.severite]


@dataclass(frozen=True)
class Section:
    """The groups of one table, or of the deposit as a whole."""

    titre: str
    grain: str
    groups: tuple[Group, ...]


def render_json(verdict: Verdict) -> str:
    """The verdict as JSON, the same bytes as everywhere."""
    return verdict_bytes(verdict).decode()


def render_text(verdict: Verdict) -> str:
    """The verdict as plain text: the decision, what to do first, then table by table, then every place."""
    lines = [verdict.sentence, "", identity_of(verdict), ""]
    if verdict.tables:
        lines += [*_text_table(verdict), ""]
    first, others = groups_to_do(verdict.constats)
    if first:
        lines.append("Que faire d'abord")
        lines += [_bullet(f"{group.titre} ({_places(group)}, {group.code}) : {group.remede}") for group in first]
        lines += [_bullet(others_sentence(others)), ""] if others else [""]
    for section in sections(verdict.constats):
        lines += [section.titre.upper(), ""]
        for group in section.groups:
            lines += [*_text_group(group), ""]
    if verdict.constats:
        lines.append("TOUS LES CONSTATS, UN PAR LIGNE")
        lines += [f"{found.lieu} : {found.code}, {WORDS[found.severite].lower()}" for found in verdict.constats]
    return "\n".join(lines).rstrip() + "\n"


def render_html(verdict: Verdict) -> str:
    """The verdict as one page of HTML: no script, nothing to fetch, fit for printing."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    first, others = groups_to_do(verdict.constats)
    environment.filters |= {"nombre": french_number, "compte": french_count}
    return environment.get_template("verdict.html").render(
        verdict=verdict,
        identite=identity_of(verdict),
        ton={Decision.ACCEPTE: "ok", Decision.ACCEPTE_AVEC_QUARANTAINE: "faire"}.get(verdict.verdict, "refus"),
        style=stylesheet(),
        premiers=first,
        suite=others_sentence(others) if others else "",
        sections=sections(verdict.constats),
        constats=verdict.constats[:LISTED_ON_PAGE],
        mots=WORDS,
    )


def groups_to_do(findings: Iterable[Finding]) -> tuple[tuple[Group, ...], int]:
    """What asks for an action at the gravest level that there is: the first groups, and how many more there are."""
    groups = [group for group in group_findings(findings) if group.severite is not Severity.INFORMATION]
    gravest = [group for group in groups if group.severite is groups[0].severite]
    return tuple(gravest[:FIRST_TO_DO]), len(gravest[FIRST_TO_DO:])


def others_sentence(count: int) -> str:
    """What is left for later, in one line."""
    others = french_count(count, "autre sorte de constat", "autres sortes de constat")
    return f"Puis {others} de même gravité, table par table."


def sections(findings: Sequence[Finding]) -> tuple[Section, ...]:
    """The findings of the deposit as a whole, then those of each table in the contract's order."""
    by_table: dict[str | None, list[Finding]] = {}
    for found in findings:
        by_table.setdefault(found.table, []).append(found)
    return tuple(_section(name, by_table[name]) for name in (None, *TABLES) if name in by_table)


def group_findings(findings: Iterable[Finding]) -> tuple[Group, ...]:
    """Findings of the same code and words together; the gravest first, then the most frequent."""
    members: dict[tuple[str, str, str], list[Finding]] = {}
    for found in findings:
        members.setdefault((found.code, found.message, found.remede), []).append(found)
    groups = [_group(same) for same in members.values()]
    return tuple(sorted(groups, key=lambda group: (_GRAVITY[group.severite], -group.count, group.code, group.message)))


def _section(name: str | None, findings: Sequence[Finding]) -> Section:
    if name is None:
        return Section("Le dépôt dans son ensemble", "", group_findings(findings))
    table = TABLES[name].contrat
    return Section(f"Table {table.name} ({table.numero})", f"Une ligne : {table.grain}.", group_findings(findings))


def _group(same: Sequence[Finding]) -> Group:
    first = same[0]
    entry = catalogue()[first.code]
    return Group(
        code=first.code,
        titre=entry.title,
        severite=first.severite,
        message=first.message,
        remede=first.remede,
        base_legale=entry.legal_base,
        count=len(same),
        places=tuple(found.lieu for found in same[:FIRST_PLACES]),
    )


def identity_of(verdict: Verdict) -> str:
    """Centre, period, contract and rules of a verdict, in one line."""
    periode = Period.parse(verdict.periode).libelle if verdict.periode else "période inconnue"
    return (
        f"Centre {verdict.centre or 'inconnu'}, {periode}. Contrat {verdict.version_contrat}, "
        f"règles {verdict.regles_sha256[:12]}, niveau de conformité {verdict.niveau}."
    )


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
    shown = [f"    {place}" for place in group.places]
    more = group.count - len(group.places)
    return [
        *wrap(f"{group.mot} : {group.titre} ({group.code}), {_places(group)}", WIDTH),
        *wrap(group.message, WIDTH, initial_indent="  ", subsequent_indent="  "),
        *wrap(f"Que faire : {group.remede}", WIDTH, initial_indent="  ", subsequent_indent="  "),
        *shown,
        *([f"    et {french_count(more, 'autre endroit', 'autres endroits')}, dans la liste complète"] if more else []),
    ]


def _places(group: Group) -> str:
    return french_count(group.count, "endroit")


def _bullet(text: str) -> str:
    return "\n".join(wrap(text, WIDTH, initial_indent="- ", subsequent_indent="  "))

"""changements.md: what a reader of the last release has to know before reading this one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from intercentre.core.engine import count_rows
from intercentre.core.french import french_count, french_number
from intercentre.release.inputs import ReleaseInputs

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LISTED = 200  # figures named one by one in a section; all of them stand in the table `changements`
_SECTIONS = {
    "revise": ("Chiffres révisés", "Une autre valeur que dans la publication précédente ; marqués `revise`."),
    "masque": (
        "Chiffres nouvellement masqués",
        "Communiqués auparavant, couverts aujourd'hui par le secret statistique.",
    ),
    "communique": ("Chiffres nouvellement communiqués", "Masqués auparavant."),
    "definitif": ("Chiffres devenus définitifs", "Même valeur, qui n'est plus provisoire."),
    "retire": ("Chiffres retirés", "Présents auparavant, absents de cette publication."),
    "nouveau": ("Chiffres nouveaux", "Absents de la publication précédente."),
}
_ONE_BY_ONE = ("revise", "masque", "communique", "retire")


def changes_text(engine: DuckDBPyConnection, inputs: ReleaseInputs) -> str:
    """The page, from the tables `indicateurs` and `changements`; the same text for the same figures."""
    lines = [f"# Changements de la publication {inputs.version}", ""]
    figures = french_count(count_rows(engine, "indicateurs"), "chiffre")
    if inputs.previous is None:
        return "\n".join((*lines, f"Première publication : {figures}, rien à comparer.", ""))
    lines += [f"Comparée à la publication {inputs.previous.version}. Cette publication contient {figures}.", ""]
    lines += [*_summary(engine), *_deposits(inputs), *_definitions(engine)]
    for nature in _SECTIONS:
        lines += _section(engine, nature)
    return "\n".join(lines)


def _summary(engine: DuckDBPyConnection) -> Iterable[str]:
    counts: dict[str, int] = dict(_rows(engine, "SELECT nature, count(*) FROM changements GROUP BY nature"))
    same = _rows(
        engine,
        "SELECT (SELECT count(*) FROM indicateurs) - count(*) FROM changements WHERE nature <> 'retire'",
    )[0][0]
    yield from ("| | chiffres |", "|---|---:|", f"| Inchangés | {french_number(same)} |")
    for nature, (title, _) in _SECTIONS.items():
        yield f"| {title} | {french_number(counts.get(nature, 0))} |"
    yield ""


def _deposits(inputs: ReleaseInputs) -> Iterable[str]:
    before = set(inputs.previous.depots) if inputs.previous else set()
    now = set(inputs.depots)
    yield from ("## Dépôts", "")
    if now == before:
        yield from ("Les mêmes dépôts que la publication précédente.", "")
        return
    yield from (f"- Pris en compte depuis : `{depot}`" for depot in sorted(now - before))
    yield from (f"- Plus pris en compte (remplacé) : `{depot}`" for depot in sorted(before - now))
    yield ""


def _definitions(engine: DuckDBPyConnection) -> Iterable[str]:
    changed = _rows(
        engine,
        "SELECT DISTINCT indicateur, precedente.version_definition, indicateurs.version_definition "
        "FROM indicateurs "
        "JOIN precedente USING (indicateur, periode, territoire_type, territoire, dimension, modalite) "
        "WHERE precedente.version_definition <> indicateurs.version_definition ORDER BY ALL",
    )
    if changed:
        yield from ("## Définitions", "")
        yield from (f"- {code} : version {before} remplacée par la version {after}." for code, before, after in changed)
        yield ""


def _section(engine: DuckDBPyConnection, nature: str) -> Iterable[str]:
    groups = _rows(
        engine,
        "SELECT indicateur, periode, count(*) FROM changements WHERE nature = ? GROUP BY ALL ORDER BY ALL",
        nature,
    )
    if not groups:
        return
    title, meaning = _SECTIONS[nature]
    yield from (f"## {title}", "", meaning, "", "| indicateur | période | chiffres |", "|---|---|---:|")
    yield from (f"| {code} | {period} | {french_number(count)} |" for code, period, count in groups)
    yield ""
    if nature in _ONE_BY_ONE:
        yield from _figures(engine, nature, sum(group[2] for group in groups))


def _figures(engine: DuckDBPyConnection, nature: str, total: int) -> Iterable[str]:
    # Totals first, then the wider territories: what most readers look for.
    rows = _rows(
        engine,
        "SELECT * FROM changements WHERE nature = ? ORDER BY dimension <> '_T', "
        "list_position(['region', 'province', 'arrondissement', 'centre', 'commune'], territoire_type), "
        f"indicateur, periode, territoire, dimension, modalite LIMIT {LISTED}",
        nature,
    )
    yield from (f"- {_figure(row)}" for row in rows)
    if total > LISTED:
        rest = french_count(total - LISTED, "autre chiffre", "autres chiffres")
        yield f"- … et {rest} : `SELECT * FROM changements WHERE nature = '{nature}'` dans intercentre-public.duckdb."
    yield ""


def _figure(row: Sequence[object]) -> str:
    code, period, kind, place, dimension, category, nature, unit, before, after = row
    where = f"{code}, {period}, {kind} {place}"
    name = where if dimension == "_T" else f"{where}, {dimension} {category}"
    if nature != "revise" and nature != "communique":
        return name
    former, shown = _value(before, unit), _value(after, unit)
    if nature == "communique":
        return f"{name} : {shown}"
    if former == shown:  # a rate of other numbers, or a place that still has none
        return f"{name} : {shown}, comme avant ; ce dont il est fait a changé"
    return f"{name} : {former} → {shown}"


def _value(value: object, unit: object) -> str:
    """« 1 234 dossiers », « 85,71 % », « 1 dossier »."""
    if not isinstance(value, float):
        return "sans valeur"
    number = french_number(value, 0 if value.is_integer() else 2)
    word = str(unit)
    return f"{number} {word.removesuffix('s') if abs(value) < 2 and ' ' not in word else word}"


def _rows(engine: DuckDBPyConnection, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    return engine.execute(sql, list(parameters)).fetchall()

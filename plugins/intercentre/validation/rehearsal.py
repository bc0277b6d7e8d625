"""A proposed contract or rule tried on past deposits: which rows would change verdict, and nothing is changed.

Reads: recorded verdicts, typed rows, bytes in custody. Writes: a line of the journal that says that it ran.
Refuses: a rule that cannot be run. No value of any cell is told, only places.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path, PurePath

from intercentre.core import custody
from intercentre.core.hub import Hub
from intercentre.core.refusal import Refusal
from intercentre.core.registry.tables import Depot
from intercentre.validation.between_rows import REFERENCE_PREFIX, create_lists_of
from intercentre.validation.completion import ORIGIN, Completed, check_completed, read_base
from intercentre.validation.deposit import precedent_of
from intercentre.validation.package import Examination, Precedent, examine
from intercentre.validation.past_deposits import (
    Past,
    Place,
    Rehearsed,
    State,
    compare,
    past_deposits,
    recorded_state,
    state_of,
)
from intercentre.validation.verdict import decide, quarantine_findings, quarantine_limit
from intercentre.validation.workspace import Workspace, create_empty
from schemas.contract import Extract
from schemas.editions import CURRENT, EDITIONS, Edition
from schemas.exchanges.manifest import MANIFEST_NAME, Manifest
from schemas.exchanges.verdict import Decision, TableCount
from schemas.findings import Finding, Severity
from schemas.nomenclatures import nomenclature
from schemas.period import Period
from schemas.rules import finding
from schemas.rules.cross_table import CrossTableRule, read_rule

ACTOR = "repetition"
_TOO_MANY = "QUA-001"


class RehearsalError(Refusal):
    """The proposal cannot be tried; the message is French and holds no value of any row."""


class UnknownRuleError(ValueError):
    """What was named is neither a rule of the edition nor a readable rule file; the message is French."""


def proposed_rule(named: str, edition: Edition) -> CrossTableRule:
    """The rule of that code in the edition, or the one in that file; raises UnknownRuleError."""
    known = {rule.finding.code: rule for rule in edition.rules}
    if named in known:
        return known[named]
    path = Path(named)
    if path.suffix != ".sql" or not path.is_file():
        raise UnknownRuleError(
            f"règle inconnue : {named} ; attendu un code de la version {edition.version}, ou un fichier .sql."
        )
    try:
        return read_rule(path)
    except KeyError as error:
        raise UnknownRuleError(f"{path} : il manque « -- {error.args[0]}: » dans l'en-tête de la règle.") from error
    except ValueError as error:
        raise UnknownRuleError(f"{path} : l'en-tête de la règle n'est pas celui d'une règle.") from error


def rehearse_rule(
    hub: Hub, rule: CrossTableRule, *, centre: str | None, progress: Callable[[str], None]
) -> list[Rehearsed]:
    """The rule, new or in the place of the one of its code, tried on the typed rows of every past deposit.

    The bytes need not be in custody any more.
    raises  RehearsalError when the rule cannot be run
    """
    check_rule(rule, CURRENT.tables)
    rehearsed = []
    for past in past_deposits(hub, centre):
        progress(f"{past.depot_id}…")
        if not (past.folder / "types").is_dir():
            rehearsed.append(_absent(past, "ses lignes n'ont pas été lues"))
            continue
        if not set(rule.tables) <= {*tables_of(past), *filter(_is_known_list, rule.tables)}:
            rehearsed.append(_absent(past, f"la version {past.verdict.version_contrat} n'a pas les tables de la règle"))
            continue
        before = recorded_state(past)
        rehearsed.append(compare(past, before, _state_with(past, before, rule)))
    _tell(hub, rule.finding.code, rehearsed)
    return rehearsed


def _state_with(past: Past, before: State, rule: CrossTableRule) -> State:
    """The recorded judgement with this rule in the place of the one of its code."""
    code, severity = rule.finding.code, rule.finding.severity
    lines = {place: known for place, known in before.lines.items() if place.code != code}
    lines |= dict.fromkeys(_places(past, before, rule), severity)
    aside = frozenset(
        (place.table, place.depot_id, place.ligne) for place, known in lines.items() if known is Severity.A_CORRIGER
    )
    blocking = {found for found in before.blocking if found not in (code, _TOO_MANY)}
    blocking |= {place.code for place, known in lines.items() if known is Severity.BLOQUANT}
    counts = _counts(past, aside, before.aside)
    too_many = quarantine_findings(counts, quarantine_limit())
    decision = Decision.REFUSE if blocking else decide(too_many, counts)
    return State(decision, aside, lines, frozenset(blocking | {found.code for found in too_many}))


def _counts(
    past: Past, aside: Collection[tuple[str, str, int]], before: Collection[tuple[str, str, int]]
) -> list[TableCount]:
    """Rows of each table, with those set aside now instead of before; what could not be placed stays aside."""
    verdict = past.verdict
    known = (
        [(table.table, table.retenues + table.quarantaine, table.quarantaine) for table in verdict.fusion.tables]
        if verdict.fusion
        else [(table.table, table.lignes_lues, table.lignes_quarantaine) for table in verdict.tables]
    )
    counts = []
    for name, read, quarantined in known:
        now = quarantined + sum(row[0] == name for row in aside) - sum(row[0] == name for row in before)
        counts.append(
            TableCount(table=name, fichier=None, lignes_lues=read, lignes_retenues=read - now, lignes_quarantaine=now)
        )
    return counts


def check_rule(rule: CrossTableRule, tables: Mapping[str, type[Extract]]) -> None:
    """Return when the rule runs on tables without a row; raise RehearsalError, which says why it does not."""
    if rule.precedent is not None:
        raise RehearsalError(
            f"La règle {rule.finding.code} compare deux dépôts : elle ne se répète qu'avec une version entière."
        )
    unknown = [name for name in rule.tables if name not in tables and not _is_known_list(name)]
    if unknown:
        raise RehearsalError(f"La règle {rule.finding.code} lit une table inconnue : {', '.join(unknown)}.")
    with _workspace_of(rule, "", date(2000, 1, 1)) as workspace:
        for name in rule.tables:
            if name in tables:
                create_empty(workspace, tables[name])
        _run(workspace, rule)


def _is_known_list(name: str) -> bool:
    if not name.startswith(REFERENCE_PREFIX):
        return False
    try:
        nomenclature(name.removeprefix(REFERENCE_PREFIX))
    except KeyError:
        return False
    return True


@contextmanager
def _workspace_of(rule: CrossTableRule, centre: str, date_etat: date) -> Iterator[Workspace]:
    """A workspace with the lists that the rule reads."""
    with (
        tempfile.TemporaryDirectory() as name,
        closing(Workspace.open(centre=centre, date_etat=date_etat, scratch=Path(name))) as workspace,
    ):
        create_lists_of(workspace, [rule])
        yield workspace


def _run(workspace: Workspace, rule: CrossTableRule) -> list[tuple[str, int, str]]:
    """(table, line, column) of every place that breaks the rule; it can read nothing outside the workspace."""
    import duckdb

    workspace.run("SET enable_external_access = false")
    try:
        return workspace.run(f"SELECT DISTINCT table_nom, ligne, colonne FROM (\n{rule.sql}\n)")
    except (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException) as error:
        first = str(error).partition("\n")[0]
        raise RehearsalError(f"La règle {rule.finding.code} ne peut pas être lue : {first}") from None
    except duckdb.Error as error:  # its words may hold a value
        kind = type(error).__name__
        raise RehearsalError(f"La règle {rule.finding.code} ne peut pas être exécutée ({kind}).") from None


def _places(past: Past, before: State, rule: CrossTableRule) -> list[Place]:
    """Every place where the typed rows of the deposit break the rule; none when it reads a table that is not whole."""
    tables = {name: table for name, table in tables_of(past).items() if name in rule.tables}
    broken = {found.table for found in past.verdict.constats if found.code in ("V06-M", "V06-N")}
    if not all(name in past.completed.tables - broken or _is_known_list(name) for name in rule.tables):
        return []
    with _workspace_of(rule, past.centre, past.date_etat) as workspace:
        for name, table in tables.items():
            read_base(workspace, past.completed, table)
            workspace.run(f"CREATE TABLE {name} AS SELECT ligne, {', '.join(table.fields())} FROM socle_{name}")
        found = _run(workspace, rule)
        sources = {
            (name, line): (depot, origin)
            for name in tables
            for line, depot, origin in workspace.run(f"SELECT ligne, {ORIGIN}, ligne_origine FROM socle_{name}")
        }
    names = {(place.table, place.depot_id): (place.fichier, place.feuille) for place in before.lines}
    own = {count.table: (count.fichier or "", "") for count in past.verdict.tables}
    places = []
    for where, line, column in found:
        depot, origin = sources[where, line]
        fichier, feuille = names.get((where, depot)) or own.get(where, ("", ""))
        places.append(Place(where, depot, origin, column or "", rule.finding.code, fichier, feuille))
    return places


def tables_of(past: Past) -> Mapping[str, type[Extract]]:
    """The tables of the contract that the deposit was judged by."""
    return EDITIONS.get(past.verdict.version_contrat, CURRENT).tables


def rehearse_edition(
    hub: Hub, edition: Edition, *, centre: str | None, progress: Callable[[str], None]
) -> list[Rehearsed]:
    """Every past deposit still in custody judged anew by this edition, in the order of arrival, then forgotten."""
    rehearsed = []
    tried: dict[str, Completed] = {}
    hub.home.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=hub.home.work) as name:
        for past in past_deposits(hub, centre):
            progress(f"{past.depot_id}…")
            out = Path(name) / past.depot_id
            try:
                examination = _examine_again(hub, past, edition, out, tried)
            except custody.CustodyError as error:
                rehearsed.append(_absent(past, str(error)))
                continue
            tried[past.depot_id] = Completed(past.depot_id, examination.verdict, past.date_etat, out)
            rehearsed.append(compare(past, recorded_state(past), state_of(tried[past.depot_id])))
    _tell(hub, edition.version, rehearsed)
    return rehearsed


def _examine_again(hub: Hub, past: Past, edition: Edition, out: Path, tried: Mapping[str, Completed]) -> Examination:
    """The deposit judged by the edition, whatever its manifest says; what it completes is what was tried before it.

    What only the registry could tell of it (V08, V09) stands as it was told, and it is judged beside the same deposit.
    """
    told = [found for found in past.verdict.constats if found.code.startswith(("V08", "V09"))]

    def completed(manifest: Manifest) -> Completed | Finding:
        if told:
            return told[0]
        base = tried.get(manifest.remplace_depot_id or "")
        if base is None or not base.verdict.is_accepted:
            return finding("V08-P", fichier=MANIFEST_NAME)
        return check_completed(manifest, base, edition)

    with tempfile.TemporaryDirectory(dir=hub.home.work) as name:
        package = Path(name) / "depot"
        custody.unseal(hub, past.sha256, package)
        return examine(
            package,
            centre=past.centre,
            periode=past.periode,
            today=past.recu_le,
            out=out,
            fichier=PurePath(past.fichier).name or past.depot_id,
            edition=edition,
            further=lambda manifest: [] if manifest.is_partial else told,
            completed=completed,
            precedent=_precedent(hub, past, tried),
        )


def _precedent(hub: Hub, past: Past, tried: Mapping[str, Completed]) -> Precedent | None:
    """The deposit that this one was judged beside, as the edition judges it; as it was staged when its bytes are gone.

    None when there was none, or when the edition refuses it.
    """
    if past.precedent is None:
        return None
    former = tried.get(past.precedent)
    if former is not None:
        periode = Period.parse(former.verdict.periode)
        kept = Precedent(periode, former.folder / "types", former.verdict.version_contrat)
        return kept if former.verdict.is_accepted else None
    with hub.registry.read() as session:
        known = session.get(Depot, past.precedent)
    return precedent_of(hub, known) if known else None


def _absent(past: Past, why: str) -> Rehearsed:
    decision = past.verdict.verdict
    return Rehearsed(past.depot_id, past.centre, str(past.periode), decision, decision, absent=why)


def _tell(hub: Hub, proposal: str, rehearsed: Sequence[Rehearsed]) -> None:
    """The journal says that the proposal was tried, and how much would change; no verdict is touched."""
    with hub.registry.change() as change:
        change.journal(
            ACTOR,
            "contrat_repete",
            proposal,
            depots=len(rehearsed),
            lignes_vers_quarantaine=sum(one.vers_quarantaine for one in rehearsed),
            lignes_retour=sum(one.retours for one in rehearsed),
            verdicts=sum(one.changes_verdict for one in rehearsed),
        )

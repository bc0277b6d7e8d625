"""Corrections as the registry keeps them: proposed by one role, accepted by another, withdrawn by either."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from intercentre.core.engine import open_engine, quoted
from intercentre.core.refusal import Refusal
from intercentre.harmonisation.correcting import REASONS, Override, judge_cells, text_of
from intercentre.harmonisation.deposits import StagedDeposit, accepted_deposits
from schemas.contract import Extract, Pseudonym, UnreadableError
from schemas.extracts import TABLES
from schemas.nomenclatures import nomenclature
from schemas.rules import catalogue

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from intercentre.core.hub import Hub
    from intercentre.core.registry.store import Transaction
    from intercentre.core.registry.tables import Correction
    from schemas.period import Period

_T = TypeVar("_T")
ROLES = ("centre", "discri")
PROPOSED, ACCEPTED, WITHDRAWN = "proposee", "acceptee", "retiree"
LONGEST_REASON = 600


class CorrectionRefusee(Refusal):
    """The correction cannot be proposed, accepted or withdrawn; the message is French and holds no cell value."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a person asks for: one cell of one row of a centre's last deposit, and why.

    cle     key column → text, every key column of the contract
    valeur  a text of the contract; None for an empty cell
    role    centre or discri
    lieu    where a file says so (« ligne 3 »), for the refusals
    """

    centre: str
    table: str
    cle: Mapping[str, str]
    colonne: str
    valeur: str | None
    motif: str
    role: str
    lieu: str = ""


@dataclass(frozen=True, slots=True)
class WithoutEffect:
    """An accepted correction that changed no row; `raison` is French, holds no value, and says what to do."""

    correction_id: str
    centre: str
    table: str
    colonne: str
    raison: str


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A proposal whose row was found; `cle` is as the contract writes it."""

    proposal: Proposal
    table: type[Extract]
    cle: Mapping[str, str]
    row: Mapping[str, Any]
    date_etat: date

    @property
    def place(self) -> tuple[str, str, tuple[str, ...]]:
        return (self.proposal.centre, self.proposal.table, tuple(self.cle.values()))


def propose_correction(hub: Hub, proposal: Proposal, *, acteur: str) -> str:
    """The correction waits for the other role; returns its `correction_id`; raises as propose_corrections does."""
    return propose_corrections(hub, [proposal], acteur=acteur)[0]


def propose_corrections(hub: Hub, proposals: Sequence[Proposal], *, acteur: str) -> list[str]:
    """The corrections wait for the other role, all of them or none; returns their `correction_id`, in order.

    Those of one row are judged together: a closing date and its reason can be put right at once.
    raises  CorrectionRefusee: unknown table or column, a column that names the row or ties it to another, a row that
            is not in the centre's last accepted deposit, a value that the contract refuses there, no reason given,
            another correction of the same cell; it begins with the proposal's `lieu`
    """
    prepared = [_at(one.lieu, _prepare, hub, one) for one in proposals]
    for one in prepared:
        beside = [other.proposal for other in prepared if other.place == one.place]
        _at(one.proposal.lieu, _check_value, one, beside)
    with hub.registry.change() as change:
        return [_at(one.proposal.lieu, _write, change, one, acteur) for one in prepared]


def _at(lieu: str, act: Callable[..., _T], *given: Any) -> _T:
    """What `act` returns; its refusal begins with the place."""
    try:
        return act(*given)
    except CorrectionRefusee as error:
        if not lieu:
            raise
        raise CorrectionRefusee(f"{lieu[0].upper()}{lieu[1:]} : {error}") from error


def _prepare(hub: Hub, proposal: Proposal) -> _Prepared:
    table = _checked(proposal)
    deposit = _in_force(hub, proposal.centre)
    cle = _checked_key(table, proposal.cle, deposit.date_etat)
    row = _row(deposit, proposal.table, cle)
    _check_text(table, proposal, deposit.date_etat)
    return _Prepared(proposal, table, cle, row, deposit.date_etat)


def _write(change: Transaction, one: _Prepared, acteur: str) -> str:
    from intercentre.core.registry.tables import Correction

    proposal = one.proposal
    if _standing(change.session, proposal, dict(one.cle)):
        raise CorrectionRefusee(
            "Une correction de cette cellule est déjà proposée ou acceptée : retirez-la d'abord "
            "(intercentre correction lister)."
        )
    numero = change.next_number(Correction.numero)
    correction_id = f"COR-{numero:04d}"
    change.session.add(
        Correction(
            correction_id=correction_id,
            numero=numero,
            centre_code=proposal.centre,
            table_nom=proposal.table,
            cle=dict(one.cle),
            colonne=proposal.colonne,
            valeur=proposal.valeur,
            remplacee=text_of(one.row.get(proposal.colonne)) or "",
            motif=proposal.motif.strip(),
            etat=PROPOSED,
            role=proposal.role,
            proposee_le=change.instant,
        )
    )
    change.session.flush()
    change.journal(
        acteur,
        "correction_proposee",
        correction_id,
        centre=proposal.centre,
        table=proposal.table,
        colonne=proposal.colonne,
        role=proposal.role,
    )
    return correction_id


def accept_correction(hub: Hub, correction_id: str, role: str, *, acteur: str) -> None:
    """The correction holds from the next harmonisation on, while the deposit says what it replaces.

    raises  CorrectionRefusee, to its author's role above all
    """
    _check_role(role)
    with hub.registry.change() as change:
        correction = _known(change.session, correction_id)
        if correction.etat != PROPOSED:
            raise CorrectionRefusee(f"{correction_id} n'attend pas d'accord : elle est {_STATES[correction.etat]}.")
        if correction.role == role:
            raise CorrectionRefusee(
                f"{correction_id} a été proposée par ce même rôle ({role}) : l'accord revient à un autre "
                f"({', '.join(one for one in ROLES if one != role)})."
            )
        correction.etat, correction.role_acceptation, correction.acceptee_le = ACCEPTED, role, change.instant
        change.journal(acteur, "correction_acceptee", correction_id, role=role)


def withdraw_correction(hub: Hub, correction_id: str, role: str, *, acteur: str) -> None:
    """The correction no longer holds, from the next harmonisation on; it stays in the registry."""
    _check_role(role)
    with hub.registry.change() as change:
        correction = _known(change.session, correction_id)
        if correction.etat == WITHDRAWN:
            raise CorrectionRefusee(f"{correction_id} est déjà retirée.")
        correction.etat, correction.role_retrait, correction.retiree_le = WITHDRAWN, role, change.instant
        change.journal(acteur, "correction_retiree", correction_id, role=role)


def list_corrections(hub: Hub, centre: str | None = None) -> list[Correction]:
    """Every correction, withdrawn ones included, in the order in which they were proposed."""
    from sqlalchemy import select

    from intercentre.core.registry.tables import Correction

    with hub.registry.read() as session:
        rows = session.execute(select(Correction).order_by(Correction.numero)).scalars().all()
    return [row for row in rows if centre in (None, row.centre_code)]


def accepted_corrections(hub: Hub) -> list[Override]:
    """The corrections that hold now, in the order in which they were proposed."""
    return [
        Override(one.correction_id, one.centre_code, one.table_nom, one.cle, one.colonne, one.valeur, one.remplacee)
        for one in list_corrections(hub)
        if one.etat == ACCEPTED
    ]


def corrections_without_effect(hub: Hub, periode: Period, centre: str | None = None) -> list[WithoutEffect]:
    """What changed nothing in the period's common tables, by number; nothing while there are none.

    centre  those of this centre alone
    """
    path = hub.home.common(periode) / "correction_appliquee.parquet"
    if not path.is_file():
        return []
    with open_engine() as engine:
        rows = engine.execute(
            "SELECT correction_id, centre_code, table_nom, colonne, raison FROM read_parquet($chemin) "
            "WHERE NOT appliquee AND centre_code = coalesce($centre, centre_code) ORDER BY correction_id",
            {"chemin": str(path), "centre": centre},
        ).fetchall()
    return [WithoutEffect(name, own, table, colonne, REASONS[reason]) for name, own, table, colonne, reason in rows]


_STATES = {PROPOSED: "proposée", ACCEPTED: "acceptée", WITHDRAWN: "retirée"}


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise CorrectionRefusee(f"Rôle inconnu ; une correction est l'affaire de : {', '.join(ROLES)}.")


def _checked(proposal: Proposal) -> type[Extract]:
    """The contract's class of the table, for a proposal of which nothing but the row must still be looked at."""
    _check_role(proposal.role)
    if proposal.centre not in nomenclature("centre").entries:
        raise CorrectionRefusee(f"Centre inconnu ; connus : {', '.join(nomenclature('centre').entries)}.")
    table = TABLES.get(proposal.table)
    if table is None:
        raise CorrectionRefusee(f"Table inconnue ; tables du contrat : {', '.join(TABLES)}.")
    if proposal.colonne not in table.fields():
        raise CorrectionRefusee(
            f"La table {proposal.table} n'a pas cette colonne ; ses colonnes : {', '.join(table.fields())}."
        )
    tied = {column for reference in table.contrat.references for column in reference.columns}
    pseudonyms = {column for column, (kind, _) in table.fields().items() if isinstance(kind, Pseudonym)}
    if proposal.colonne in {*table.contrat.key, *tied, *pseudonyms}:
        raise CorrectionRefusee(
            f"La colonne {proposal.colonne} désigne la ligne ou la relie à une autre : elle ne se corrige pas ici. "
            "Le centre dépose de nouveau ses lignes, par un dépôt rectificatif."
        )
    if not 0 < len(proposal.motif.strip()) <= LONGEST_REASON:
        raise CorrectionRefusee(f"Donnez le motif de la correction, en {LONGEST_REASON} signes au plus.")
    return table


def _in_force(hub: Hub, centre: str) -> StagedDeposit:
    deposits = [one for one in accepted_deposits(hub) if one.centre_code == centre]
    if not deposits:
        raise CorrectionRefusee(f"{centre} n'a aucun dépôt accepté : il n'y a pas de ligne à corriger.")
    return max(deposits, key=lambda one: one.rank)


def _checked_key(table: type[Extract], cle: Mapping[str, str], date_etat: date) -> dict[str, str]:
    """The key as the contract writes it, in the order of its columns."""
    if set(cle) != set(table.contrat.key):
        raise CorrectionRefusee(
            f"Une ligne de {table.contrat.name} se désigne par {', '.join(table.contrat.key)}, et rien d'autre."
        )
    found = {}
    for column in table.contrat.key:
        kind, _ = table.fields()[column]
        try:
            found[column] = text_of(kind.read(cle[column], date_etat)) or ""
        except UnreadableError:
            raise CorrectionRefusee(f"La colonne {column} de la clé attend {kind.expected}.") from None
    return found


def _row(deposit: StagedDeposit, table: str, cle: Mapping[str, str]) -> dict[str, Any]:
    """The one row of the deposit that bears this key; raises CorrectionRefusee when there is none."""
    path = deposit.dossier / f"{table}.parquet"
    rows: list[tuple[Any, ...]] = []
    if path.is_file():
        named = " AND ".join(f"CAST({quoted(column)} AS VARCHAR) = ?" for column in cle)
        with open_engine() as engine:
            result = engine.execute(f"SELECT * FROM read_parquet(?) WHERE {named}", [str(path), *cle.values()])
            columns = [column[0] for column in result.description or ()]
            rows = result.fetchall()
    if len(rows) != 1:
        raise CorrectionRefusee(
            f"Aucune ligne de {table} ne porte cette clé dans le dernier dépôt accepté ({deposit.depot_id}) : vérifiez "
            "la clé ; une ligne en quarantaine se corrige par un dépôt partiel du centre."
        )
    return dict(zip(columns, rows[0], strict=True))


def _check_text(table: type[Extract], proposal: Proposal, date_etat: date) -> None:
    """The value is a text of its column."""
    kind, _ = table.fields()[proposal.colonne]
    if proposal.valeur is None and not table.optional(proposal.colonne):
        raise CorrectionRefusee(f"La colonne {proposal.colonne} ne peut pas rester vide : elle attend {kind.expected}.")
    if proposal.valeur is not None:
        try:
            kind.read(proposal.valeur, date_etat)
        except UnreadableError:
            raise CorrectionRefusee(f"La colonne {proposal.colonne} attend {kind.expected}.") from None


def _check_value(one: _Prepared, beside: Sequence[Proposal]) -> None:
    """The value fits its row, with those proposed beside it."""
    colonne = one.proposal.colonne
    judged = judge_cells(one.table, one.row, one.date_etat, {other.colonne: other.valeur for other in beside})
    if judged.constats:
        reasons = " ; ".join(f"{code}, {catalogue()[code].title.lower()}" for code in judged.constats)
        raise CorrectionRefusee(
            f"Avec cette valeur de {colonne}, la ligne ne respecterait plus le contrat ({reasons})."
        )
    if judged.valeurs[colonne] == one.row.get(colonne):
        raise CorrectionRefusee(f"La colonne {colonne} contient déjà cette valeur : rien n'est à corriger.")


def _standing(session: Session, proposal: Proposal, cle: Mapping[str, str]) -> bool:
    """Whether another correction of the same cell is proposed or accepted."""
    from sqlalchemy import select

    from intercentre.core.registry.tables import Correction

    same = select(Correction).where(
        Correction.centre_code == proposal.centre,
        Correction.table_nom == proposal.table,
        Correction.colonne == proposal.colonne,
        Correction.etat.in_((PROPOSED, ACCEPTED)),
    )
    return any(one.cle == cle for one in session.execute(same).scalars())


def _known(session: Session, correction_id: str) -> Correction:
    from intercentre.core.registry.tables import Correction

    correction = session.get(Correction, correction_id)
    if correction is None:
        raise CorrectionRefusee("Cette correction n'existe pas (intercentre correction lister).")
    return correction

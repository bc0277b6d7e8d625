"""What a rehearsal found, in French: centre by centre for the terminal, every place as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from intercentre.core.csv_export import write_csv
from intercentre.core.french import french_count
from intercentre.validation.past_deposits import BACK, BLOCKS, TO_EXPLAIN, TO_QUARANTINE, Change, Rehearsed
from schemas.exchanges.verdict import Decision

FIRST_PLACES = 3
_SORTS = {
    TO_QUARANTINE: "irait en quarantaine",
    BACK: "reviendrait de quarantaine",
    TO_EXPLAIN: "serait à expliquer",
    BLOCKS: "bloquerait le dépôt",
}
_DECISIONS = {
    Decision.ACCEPTE: "accepté",
    Decision.ACCEPTE_AVEC_QUARANTAINE: "accepté avec des lignes à corriger",
    Decision.REFUSE: "refusé",
}
_PLACES = ("centre", "periode", "depot", "sort", "regle", "table", "depot_d_origine", "fichier", "feuille", "ligne",
           "colonne")  # fmt: skip
_DEPOSITS = ("centre", "periode", "depot", "avant", "apres", "lignes_vers_quarantaine", "lignes_de_retour",
             "non_repete")  # fmt: skip


def rehearsal_lines(rehearsed: Sequence[Rehearsed]) -> Iterator[str]:
    """The report, centre by centre: how many rows and deposits change, then each deposit with its first places."""
    if not rehearsed:
        yield "Aucun dépôt jugé : il n'y a rien à répéter."
    for centre in sorted({one.centre for one in rehearsed}):
        own = [one for one in rehearsed if one.centre == centre]
        yield f"{centre} : {summary(own)}"
        for one in own:
            yield from deposit_lines(one)


def write_rehearsal(folder: Path, rehearsed: Iterable[Rehearsed]) -> tuple[Path, Path]:
    """`folder` holds depots.csv, a row per deposit, and lignes.csv, a row per place that would be judged otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    every = list(rehearsed)
    deposits, places = folder / "depots.csv", folder / "lignes.csv"
    write_csv(
        deposits,
        _DEPOSITS,
        (
            (
                one.centre,
                one.periode,
                one.depot_id,
                one.before.value,
                None if one.absent else one.after.value,
                one.vers_quarantaine,
                one.retours,
                one.absent,
            )
            for one in every
        ),
    )
    write_csv(places, _PLACES, (_row(one, change) for one in every for change in one.changes))
    return deposits, places


def _row(one: Rehearsed, change: Change) -> tuple[object, ...]:
    place = change.place
    return (
        one.centre,
        one.periode,
        one.depot_id,
        change.sort,
        place.code,
        place.table,
        place.depot_id,
        place.fichier,
        place.feuille,
        place.ligne or None,
        place.colonne,
    )


def summary(own: Sequence[Rehearsed]) -> str:
    """What would change over the deposits of a centre, in one sentence."""
    tried = [one for one in own if one.absent is None]
    rows, back = sum(one.vers_quarantaine for one in tried), sum(one.retours for one in tried)
    explained = sum(change.sort == TO_EXPLAIN for one in tried for change in one.changes)
    verdicts = sum(one.changes_verdict for one in tried)
    parts = [
        french_count(len(tried), "dépôt répété", "dépôts répétés"),
        french_count(rows, "ligne irait en quarantaine", "lignes iraient en quarantaine"),
        french_count(back, "en reviendrait", "en reviendraient"),
        french_count(explained, "constat à expliquer en plus", "constats à expliquer en plus"),
        french_count(verdicts, "dépôt changerait de verdict", "dépôts changeraient de verdict"),
    ]
    left = len(own) - len(tried)
    if left:
        parts.append(french_count(left, "dépôt n'a pas pu être répété", "dépôts n'ont pas pu être répétés"))
    return f"{', '.join(parts)}."


def deposit_lines(one: Rehearsed) -> Iterator[str]:
    """What would change of a deposit: its verdict, then the first places of each sort; no line when nothing would."""
    if one.absent is not None:
        yield f"  {one.depot_id} : non répété, {one.absent}"
        return
    if not (one.changes or one.changes_verdict):
        return
    verdict = (
        f"{_DECISIONS[one.before]}, deviendrait {_DECISIONS[one.after]}" if one.changes_verdict else "même verdict"
    )
    yield f"  {one.depot_id} : {verdict}."
    for sort in _SORTS:
        places = [change.place for change in one.changes if change.sort == sort]
        for place in places[:FIRST_PLACES]:
            feuille = f", feuille « {place.feuille} »" if place.feuille else ""
            line = f", ligne {place.ligne}" if place.ligne else ""
            column = f", colonne {place.colonne}" if place.colonne else ""
            table = f"table {place.table}, " if place.table else ""
            yield f"    {_SORTS[sort]} ({place.code}) : {table}{place.fichier}{feuille}{line}{column}"
        if len(places) > FIRST_PLACES:
            yield f"    et {french_count(len(places) - FIRST_PLACES, 'autre endroit', 'autres endroits')}"

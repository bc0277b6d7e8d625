"""Mistakes planted on purpose, each as people make them, each raising exactly the finding that the ledger announces."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from random import Random
from typing import NamedTuple

from intercentre.simulation.chance import stream
from intercentre.simulation.habits import Habit, file_name
from intercentre.simulation.ledger import Entry
from intercentre.simulation.view import Cell, Row
from schemas.extracts import TABLES
from schemas.period import Period


class Surroundings(NamedTuple):
    """What a mistake must know of the deposit so as to raise nothing but its own finding.

    attestes    dossiers with an attestation of the whole course
    vides       dossiers without any row in another table
    signatures  first signature of each dossier with a convention
    remplacees  attestations that another one replaces
    """

    centre: str
    date_etat: date
    attestes: frozenset[Cell]
    vides: frozenset[Cell]
    signatures: Mapping[Cell, date]
    remplacees: frozenset[Cell]


class Mistake(NamedTuple):
    """One kind of mistake. `alone`: its rule reads other rows of the dossier, which must then be left as they are."""

    code: str
    table: str
    colonne: str
    fits: Callable[[Row, Surroundings], bool]
    change: Callable[[Row, Surroundings, Random], Row]
    alone: bool = False


def plant_mistakes(
    tables: Mapping[str, Sequence[Row]], centre: str, period: Period, share: float, graine: int, habit: Habit
) -> tuple[dict[str, list[Row]], list[Entry]]:
    """The tables with mistakes in `share` of the rows of each (rounded down, one a row), and the ledger of them."""
    planted = {table: list(rows) for table, rows in tables.items()}
    if share <= 0:
        return planted, []
    around = _look_around(tables, centre, period.fin)
    entries: list[Entry] = []
    touched: set[Cell] = set()
    locked: set[Cell] = set()
    for table in TABLES:
        rng = stream(graine, "erreurs", centre, period, table)
        rows = planted.get(table, [])
        for line, mistake in _plant(rows, table, int(len(rows) * share), around, rng, touched, locked):
            file = file_name(habit, TABLES[table])
            entries.append(Entry(centre, str(period), file, line + 2, mistake.colonne, mistake.code))
    return planted, entries


def _plant(
    rows: list[Row],
    table: str,
    count: int,
    around: Surroundings,
    rng: Random,
    touched: set[Cell],
    locked: set[Cell],
) -> list[tuple[int, Mistake]]:
    """Change `count` rows in place; (index, mistake) of each. The kinds least used come first."""
    from intercentre.simulation.mistake_kinds import KINDS

    kinds = [kind for kind in KINDS if kind.table == table]
    used = dict.fromkeys(range(len(kinds)), 0)
    done: list[tuple[int, Mistake]] = []
    for line in rng.sample(range(len(rows)), len(rows)):
        if len(done) >= count:
            break
        dossier = rows[line].get("dossier_id")
        if dossier is not None and dossier in locked:
            continue
        fresh = dossier is None or dossier not in touched
        order = sorted(used, key=lambda place: (used[place], rng.random()))
        place = next((p for p in order if (fresh or not kinds[p].alone) and kinds[p].fits(rows[line], around)), None)
        if place is None:
            continue
        mistake = kinds[place]
        rows[line] = {**rows[line], **mistake.change(rows[line], around, rng)}
        used[place] += 1
        done.append((line, mistake))
        if dossier is not None:
            touched.add(dossier)
            if mistake.alone:
                locked.add(dossier)
    return done


def _look_around(tables: Mapping[str, Sequence[Row]], centre: str, day: date) -> Surroundings:
    others = [table for table in tables if table not in ("dossier", "stat_locale")]
    busy = {row["dossier_id"] for table in others for row in tables[table]}
    signatures: dict[Cell, date] = {}
    for row in tables.get("convention", ()):
        signed = row["date_signature"]
        if isinstance(signed, date):
            signatures[row["dossier_id"]] = min(signed, signatures.get(row["dossier_id"], signed))
    certificates = tables.get("attestation", ())
    return Surroundings(
        centre=centre,
        date_etat=day,
        attestes=frozenset(row["dossier_id"] for row in certificates if row["type"] == "FREQUENTATION_PARCOURS"),
        vides=frozenset(row["dossier_id"] for row in tables.get("dossier", ()) if row["dossier_id"] not in busy),
        signatures=signatures,
        remplacees=frozenset(row["remplace_attestation_id"] for row in certificates),
    )

"""The simulation from end to end: lives, then what each centre knows of them at the end of each period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from operator import itemgetter
from pathlib import Path
from typing import Literal

from intercentre.core.files import new_folder
from intercentre.simulation.deposit import deposited_tables, write_deposit
from intercentre.simulation.events import write_events
from intercentre.simulation.facts import fact_rows
from intercentre.simulation.habits import habit_of
from intercentre.simulation.ledger import LEDGER, Entry, write_ledger
from intercentre.simulation.lives import Life
from intercentre.simulation.local_statistics import local_statistics
from intercentre.simulation.mistakes import plant_mistakes
from intercentre.simulation.numbering import EpisodeNumbers, Key, number_everything
from intercentre.simulation.people import Window, draw_lives
from intercentre.simulation.population import centre_weights
from intercentre.simulation.view import Row, episode_rows
from intercentre.simulation.world import draw_world, with_sessions
from schemas.exchanges.manifest import SIMULATION
from schemas.extracts import TABLES
from schemas.nomenclatures import nomenclature
from schemas.period import Period
from schemas.regimes import add_months

LIVES, README = "vies.parquet", "LISEZMOI.txt"
_HISTORY_MONTHS, _SHORTEST_HISTORY_MONTHS = 48, 12
_FIRST_OPENING = min(entry.valide_du for entry in nomenclature("centre").entries.values())
_MARK = f"Données simulées ({SIMULATION})"


class SimulationError(ValueError):
    """The simulation cannot be made as asked; the message is French and safe to show."""


def simulate(
    out: Path,
    *,
    dossiers: int,
    periode: Period,
    graine: int,
    periodes: int = 1,
    taux_erreurs: float = 0.0,
    centres: Sequence[str] | None = None,
    habitudes: Literal["reelles", "canonique"] = "reelles",
    progress: Callable[[str], None] = lambda _: None,
) -> None:
    """`out` holds the deposits of simulated centres, `erreurs.csv`, `vies.parquet` and a note that all is simulated.

    dossiers      dossiers in the last deposits of all centres together, opened over about four years
    periode       last period; with `periodes` = K, the K periods that end with it, of the same lives
    taux_erreurs  share of the rows of each table that hold one planted mistake, 0 to 1
    centres       the centres that deposit, all of them when None
    raises        SimulationError  for a wrong argument, or when `out` holds anything but a former simulation
    """
    chosen = _chosen(centres)
    if dossiers < 1 or periodes < 1 or not 0 <= taux_erreurs <= 1:
        raise SimulationError("Il faut au moins un dossier et une période, et un taux d'erreurs de 0 à 1.")
    _refuse_foreign_content(out)
    periods = [periode.shift(count - periodes + 1) for count in range(periodes)]
    window = _window(periods)
    if window.first_opening < _FIRST_OPENING:
        raise SimulationError("Les centres n'existaient pas encore : choisissez une période plus récente.")
    progress(f"{dossiers} dossiers de {window.debut} à {window.fin}")
    lives = draw_lives(graine, dossiers, window, chosen, progress)
    numbers = number_everything(lives)
    by_centre = _held_by(lives, window, chosen)
    worlds = {centre: draw_world(graine, centre, by_centre[centre], window) for centre in chosen}
    numbers = with_sessions(numbers, {place: of for world in worlds.values() for place, of in world.sessions.items()})
    ledger: list[Entry] = []
    with new_folder(out) as folder:
        for centre in chosen:
            habit = habit_of(centre, habitudes)
            for period in periods:
                known = rows_on(by_centre[centre], numbers, period.fin)
                known |= fact_rows(worlds[centre].faits, period.fin)
                known["stat_locale"] = local_statistics(centre, period.fin)
                tables = {name: known[name] for name in deposited_tables(habit) if name in known}
                tables, found = plant_mistakes(tables, centre, period, taux_erreurs, graine, habit)
                ledger += found
                write_deposit(folder / centre / str(period), centre, period, window.debut, tables, habit)
            progress(f"{centre} : {len(by_centre[centre])} dossiers")
        write_ledger(folder / LEDGER, ledger)
        held = ((life, place) for centre in chosen for life, place in by_centre[centre])
        facts = ((centre, fact) for centre in chosen for fact in worlds[centre].faits)
        write_events(folder / LIVES, held, facts, numbers, window.fin)
        (folder / README).write_text(_note(dossiers, periods, graine, chosen), encoding="utf-8")


def rows_on(
    episodes: Sequence[tuple[Life, int]], numbers: Mapping[Key, EpisodeNumbers], day: date
) -> dict[str, list[Row]]:
    """Table → its rows as one centre has them at the end of `day`, in the order in which they were created."""
    tables: defaultdict[str, list[Row]] = defaultdict(list)
    for life, place in episodes:
        if life.episodes[place].admission.ouverture <= day:
            for table, row in episode_rows(life, place, numbers, day):
                tables[table].append(row)
    for table, rows in tables.items():
        key = TABLES[table].contrat.key
        if len(key) == 1:
            rows.sort(key=itemgetter(key[0]))
    return dict(tables)


def _held_by(lives: Sequence[Life], window: Window, centres: Sequence[str]) -> dict[str, list[tuple[Life, int]]]:
    held: dict[str, list[tuple[Life, int]]] = {centre: [] for centre in centres}
    for life in lives:
        for place, episode in enumerate(life.episodes):
            if window.holds(episode) and episode.centre in held:
                held[episode.centre].append((life, place))
    for episodes in held.values():
        episodes.sort(key=lambda item: (item[0].episodes[item[1]].admission.ouverture, item[0].personne.numero))
    return held


def _window(periods: Sequence[Period]) -> Window:
    """Four years of history before the last day; more when the first period would have less than one."""
    last, first = periods[-1].fin, periods[0].debut
    debut = min(
        _months_before(last + timedelta(days=1), _HISTORY_MONTHS), _months_before(first, _SHORTEST_HISTORY_MONTHS)
    )
    return Window(debut, last)


def _months_before(day: date, months: int) -> date:
    return add_months(day, -months)


def _chosen(centres: Sequence[str] | None) -> list[str]:
    known = list(centre_weights())
    unknown = sorted(set(centres or ()) - set(known))
    if unknown or (centres is not None and not centres):
        raise SimulationError(f"Centres attendus parmi {', '.join(known)}.")
    return known if centres is None else sorted(set(centres))


def _refuse_foreign_content(out: Path) -> None:
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not _is_simulation(out))):
        raise SimulationError(
            "Le dossier de sortie contient autre chose qu'une simulation antérieure : choisissez-en un autre."
        )


def _is_simulation(folder: Path) -> bool:
    note = folder / README
    return note.is_file() and note.read_text(encoding="utf-8").startswith(_MARK)


def _note(dossiers: int, periods: Sequence[Period], graine: int, centres: Sequence[str]) -> str:
    return (
        f"{_MARK}. Aucune personne réelle n'est décrite ici.\n\n"
        f"{dossiers} dossiers, graine {graine}, de {periods[0]} à {periods[-1]}.\n"
        f"Centres simulés : {', '.join(centres)}.\n"
        "Seules les populations communales (table stat_locale) sont réelles. Source : Statbel.\n\n"
        f"<CENTRE>/<PERIODE>/  dépôts : manifeste.json et les tables du niveau que le centre a atteint,\n"
        "                     un fichier par table ou un classeur avec une feuille par table\n"
        f"{LEDGER}          erreurs introduites volontairement (centre, période, fichier, ligne, colonne, code)\n"
        f"{LIVES}         vies et faits dont viennent les dépôts, un événement par ligne ; sans dossier_id,\n"
        "                     un fait du centre (opérateur, session, signalements d'un mois, activité…)\n"
    )

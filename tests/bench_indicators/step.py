"""One step in a process of its own, so that its time and its peak of memory are its own: prints them as JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from intercentre.core.hub import Hub
from intercentre.core.settings import Settings
from intercentre.harmonisation import harmonise as harmonise_period
from intercentre.harmonisation.deposits import StagedDeposit, accepted_deposits, centres_in_force
from intercentre.harmonisation.harmonise import write_common
from intercentre.indicators import compute_indicators
from intercentre.indicators.compute import write_observations
from schemas.indicators import definitions
from schemas.period import Period
from tests.bench_indicators.generate import HISTORY, PERIOD, draw_deposits


def main(step: str, folder: Path, dossiers: int) -> None:
    steps: dict[str, Callable[[], object]] = {
        "tirage": lambda: draw_deposits(folder / "extraits", dossiers, seed=1),
        "harmonisation": lambda: harmonise(folder),
        "indicateurs": lambda: observe(folder),
        "reconstruction": lambda: rebuild(folder),
    }
    warm(step, folder)
    started, used = time.perf_counter(), time.process_time()
    steps[step]()
    seen = {
        "mur_s": time.perf_counter() - started,
        "processeur_s": time.process_time() - used,
        "memoire_mo": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(seen))


def warm(step: str, folder: Path) -> None:
    """What a process of the hub has read before a deposit comes is read: definitions, and the registry's modules."""
    definitions()
    if step == "reconstruction":
        accepted_deposits(Hub(Settings(home=folder)))


def harmonise(folder: Path) -> None:
    """The common tables of the deposits under `folder`."""
    (folder / "commun").mkdir(exist_ok=True)
    write_common(folder / "commun", PERIOD, centres_in_force(staged(folder / "extraits"), PERIOD), [])


def observe(folder: Path) -> None:
    """The observations of every indicator from the common tables under `folder`."""
    (folder / "observations").mkdir(exist_ok=True)
    write_observations(folder / "observations", folder / "commun", PERIOD, definitions().values())


def rebuild(home: Path) -> None:
    """The common tables and the observations of a hub, as `executer` makes them."""
    hub = Hub(Settings(home=home))
    harmonise_period(hub, PERIOD)
    compute_indicators(hub, PERIOD)


def staged(extracts: Path) -> list[StagedDeposit]:
    """The deposits that lie under `extracts`, as the registry would name them."""
    return [
        StagedDeposit(path.parts[-3], path.name, period, PERIOD.fin, HISTORY, (period.fin, 1, at), path)
        for at, path in enumerate(sorted(extracts.glob("*/*/*")), start=1)
        if (period := Period.parse(path.parts[-2]))
    ]


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))

"""Facts that the portal's tests set up by hand: deposits with a verdict, rounds with figures, releases."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb

from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot, Publication
from intercentre.intake import receive_deposit
from schemas.period import Period

PERIODE = Period(2026, 3)
QUARANTINED = "accepte_avec_quarantaine"


def verdict_text(
    etat: str,
    centre: str,
    periode: Period = PERIODE,
    quarantaine: int = 0,
    constats: list[dict[str, Any]] | None = None,
) -> str:
    """A verdict as validation stores it: 40 rows of dossier, 12 of convention; refused ones list no table."""
    tables = [
        {"table": "dossier", "fichier": "dossier.csv", "lignes_lues": 40, "lignes_retenues": 40 - quarantaine,
         "lignes_quarantaine": quarantaine},
        {"table": "convention", "fichier": "convention.csv", "lignes_lues": 12, "lignes_retenues": 12,
         "lignes_quarantaine": 0},
    ]  # fmt: skip
    return json.dumps(
        {
            "verdict": etat, "centre": centre, "periode": str(periode), "version_contrat": "1.0.0",
            "regles_sha256": "0" * 64, "niveau": 1, "tables": [] if etat == "refuse" else tables,
            "constats": constats or [],
        },
        ensure_ascii=False,
    )  # fmt: skip


def constat(code: str, severite: str, ligne: int | None, colonne: str | None = None, **facts: Any) -> dict[str, Any]:
    return {
        "code": code, "severite": severite, "message": f"Message de {code}.", "remede": f"Remède de {code}.",
        "table": "dossier", "fichier": "dossier.csv", "feuille": None, "ligne": ligne, "colonne": colonne, **facts,
    }  # fmt: skip


def make_deposit(
    hub: Hub,
    centre: str,
    etat: str = "accepte",
    *,
    periode: Period = PERIODE,
    content: bytes = b"",
    quarantaine: int = 0,
    constats: list[dict[str, Any]] | None = None,
) -> str:
    """A deposit really in custody, with the verdict given here (none for `recu`); returns its depot_id."""
    source = hub.settings.home.parent / f"{centre}-{periode}-{etat}.zip"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("dossier.csv", content or f"{centre}{periode}{etat}".encode())
    receipt = receive_deposit(hub, source, centre=centre, periode=periode, canal="api", acteur=centre.lower())
    if etat != "recu":
        with hub.registry.change() as change:
            row = change.session.get(Depot, receipt.depot_id)
            assert row is not None
            row.etat, row.juge_le, row.prepare = etat, change.instant, etat != "refuse"
            row.verdict = verdict_text(etat, centre, periode, quarantaine, constats)
    return receipt.depot_id


def write_figures(hub: Hub, *codes: str, periode: Period = PERIODE) -> Path:
    """Protected observations that hold these indicators, and nothing else that a round needs."""
    path = hub.home.protected(periode) / "observations.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        rows = ", ".join(f"('{code}')" for code in codes)
        connection.execute(f"COPY (SELECT * FROM (VALUES {rows}) AS t(indicateur)) TO '{path}' (FORMAT parquet)")
    return path


def write_release(hub: Hub, tour_id: str, version: str = "2026-T3.1", **files: bytes) -> Path:
    """A release on the shelf: its row and its files (names with `__` for a dot)."""
    folder = hub.home.releases / version
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_bytes(content)
    with hub.registry.change() as change:
        change.session.add(
            Publication(
                version=version,
                periode=version.split(".")[0],
                tour_id=tour_id,
                empreinte=hashlib.sha256(version.encode()).hexdigest(),
                manifeste_sha256="1" * 64,
                publie_le=change.instant + timedelta(hours=1),
            )
        )
    return folder


def write_some_anomalies(hub: Hub, periode: Period = PERIODE) -> None:
    """Two anomalies on CAI, one between CAI and CRIC, one on CIMB."""
    from intercentre.concertation.anomalies import FILE, write_anomalies
    from intercentre.concertation.detection import (
        Moves,
        Outlier,
        Silence,
        outside_funnel,
        silent_communes,
        unanswered_moves,
    )

    last = str(periode)
    found = [
        *outside_funnel(
            [Outlier("I24", last, "CAI", 41.2, 20.0, 9.9, 32.5), Outlier("I24", last, "CIMB", 3, 20, 9, 32)]
        ),
        *unanswered_moves([Moves("CAI", "CRIC", 12, 20)], last),
        *silent_communes([Silence("CAI", ("Hastière", "Onhaye", "Somme-Leuze"), 38)], last),
    ]
    folder = hub.home.anomalies(periode)
    folder.mkdir(parents=True, exist_ok=True)
    write_anomalies(folder / FILE, found)

"""Faults of the machinery itself, written down where people look: the journal."""

from __future__ import annotations

from intercentre.core.hub import Hub

ACTOR = "airflow"


def record_failure(hub: Hub, dag_id: str, task_id: str, essai: int, periode: str | None, nature: str) -> None:
    """The journal says that a task gave up; `nature` is the kind of fault, never its message, which may hold data."""
    with hub.registry.change() as change:
        change.journal(ACTOR, "tache_en_echec", f"{dag_id}.{task_id}", essai=essai, periode=periode, nature=nature)

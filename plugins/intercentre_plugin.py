"""Airflow plugin: a door from Airflow's menu to the portal, and the explanations beside it.

Beside the DAGs it is the only file that imports Airflow; the package `intercentre` is kept out of Airflow's plugin
loader by `.airflowignore`, which would otherwise execute each of its files as a top-level module.
"""

from __future__ import annotations

import os
from typing import Any, ClassVar

from airflow.plugins_manager import AirflowPlugin


def _views() -> list[dict[str, Any]]:
    portal = os.environ.get("PORTAIL_URL", "")
    if not portal:
        return []
    return [{"name": "Portail Intercentre", "href": portal, "destination": "nav", "category": "browse"}]


class IntercentrePlugin(AirflowPlugin):
    """What Airflow shows of the hub beyond its DAGs."""

    name = "intercentre"
    external_views: ClassVar[list[dict[str, Any]]] = _views()

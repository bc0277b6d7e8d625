"""Airflow plugin: a door from Airflow's menu to the portal.

Beside the DAGs it is the only file that imports Airflow. The package `intercentre` is kept out of Airflow's plugin
loader by `.airflowignore`: the loader would execute each of its files as a top-level module named by its stem.
"""

from __future__ import annotations

import os
from typing import Any, ClassVar

from airflow.plugins_manager import AirflowPlugin

from intercentre.core.settings import Settings


def doors(portal_url: str) -> list[dict[str, Any]]:
    """The entry of Airflow's menu that leads to the portal; none when its address is not set."""
    if not portal_url:
        return []
    return [{"name": "Portail Intercentre", "href": portal_url, "destination": "nav", "nav_top_level": True}]


class IntercentrePlugin(AirflowPlugin):
    """What Airflow shows of the hub beyond its DAGs."""

    name = "intercentre"
    external_views: ClassVar[list[dict[str, Any]]] = doors(Settings.from_environment(os.environ).portail_url)

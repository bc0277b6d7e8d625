"""Bringing the registry to the present schema, with Alembic."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

_SCRIPTS = Path(__file__).parent / "migrations"


def migrate(engine: Engine) -> None:
    """The registry has the present schema; two processes that start together do not disturb each other."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["engine"] = engine
    command.upgrade(config, "head")

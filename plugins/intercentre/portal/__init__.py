"""Reads: the registry, the releases, and what a person sends with a form or a token.
Writes: nothing itself; it calls the other rooms on behalf of a person, and keeps the accounts.
Refuses: every route without an account that its role allows, another centre's deposits, a form without its token.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from intercentre.portal.accounts import AccountError, Role, create_account, renew_token, revoke_account
    from intercentre.portal.application import create_app
    from intercentre.portal.server import run

__all__ = ["AccountError", "Role", "create_account", "create_app", "renew_token", "revoke_account", "run"]

_HOMES = {"create_app": "application", "run": "server"}


def __getattr__(name: str) -> Any:
    """The public names, imported on first use: the web framework is heavy and accounts do without it."""
    if name not in __all__:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'accounts')}"), name)

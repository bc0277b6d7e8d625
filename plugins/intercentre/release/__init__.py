"""Release: the agreed figures become a signed folder that never changes.

Reads: protected observations, common tables, the round. Writes: publications/, analyse/, `publication` rows.
Refuses: figures on which the centres did not agree, and to change what was published.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from intercentre.release.publishing import analysis_path, publish
    from intercentre.release.refusal import PublicationRefusee
    from intercentre.release.verification import read_manifest, verify_release

__all__ = ["PublicationRefusee", "analysis_path", "publish", "read_manifest", "verify_release"]

_HOME = {
    "PublicationRefusee": "refusal",
    "analysis_path": "publishing",
    "publish": "publishing",
    "read_manifest": "verification",
    "verify_release": "verification",
}


def __getattr__(name: str) -> Any:
    """The public names, imported when first used: verifying a release needs no registry."""
    if name not in _HOME:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"intercentre.release.{_HOME[name]}"), name)

"""Access: asking questions of a release, without any way to change it or to look beside it.

Reads: a release's public file, DISCRI's file of a release; for the lineage of a figure, the registry and staged rows.
Writes: nothing, but a journal line when somebody looks at the lines behind a figure.
Refuses: everything but one SELECT (or DESCRIBE, SUMMARIZE, EXPLAIN) at a time; lines without a hub.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from intercentre.access.lineage import trace, trace_alone
    from intercentre.access.opening import open_analysis, open_release
    from intercentre.access.questions import sql, sql_analysis
    from intercentre.access.refusal import AccessError
    from intercentre.access.versions import Release, releases

__all__ = [
    "AccessError",
    "Release",
    "open_analysis",
    "open_release",
    "releases",
    "sql",
    "sql_analysis",
    "trace",
    "trace_alone",
]

_HOME = {
    "AccessError": "refusal",
    "Release": "versions",
    "open_analysis": "opening",
    "open_release": "opening",
    "releases": "versions",
    "sql": "questions",
    "sql_analysis": "questions",
    "trace": "lineage",
    "trace_alone": "lineage",
}


def __getattr__(name: str) -> Any:
    """The public names, imported when first used: the engine and the registry are heavy."""
    if name not in _HOME:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"intercentre.access.{_HOME[name]}"), name)

"""What the rules of a table compute more than once, computed once.

The engine computes « the year of the opening less the year of birth » anew for each rule that asks for it: 8 ns a rule
and row, where comparing it takes 1. The engine's own parser gives the trees, so nothing is guessed from text.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from intercentre.core.engine import open_engine

_COMPUTES = ("FUNCTION", "CAST")
_PLACES = ("query_location", "query_location_length")


@dataclass(frozen=True)
class Shared:
    """Expressions, and what they share.

    terms    name → SQL of a term that stands in them more than once
    written  the expressions, in their order, with these names in them
    read     columns and names that stand in each of `written`
    """

    terms: Mapping[str, str]
    written: tuple[str, ...]
    read: tuple[frozenset[str], ...]


def share_terms(expressions: Sequence[str]) -> Shared:
    """The greatest terms that stand in the expressions more than once have a name.

    raises  ValueError when the engine cannot parse an expression
    """
    times: Counter[int] = Counter()
    intern = _interning(times)
    with open_engine() as engine:
        items = _parsed(engine, expressions, intern)
        terms: dict[int, tuple[str, Any]] = {}
        named = _naming(times, terms)
        written = [named(item) for item in items]
        texts = _texts(engine, [*written, *(term for _, term in terms.values())])
    names = [name for name, _ in terms.values()]
    return Shared(
        dict(zip(names, texts[len(written) :], strict=True)),
        tuple(texts[: len(written)]),
        tuple(frozenset(_columns(item)) for item in written),
    )


def _interning(times: Counter[int]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """A function that makes equal nodes one object, and counts in `times` how often each was met."""
    known: dict[Any, dict[str, Any]] = {}

    def intern(node: dict[str, Any]) -> dict[str, Any]:
        bare = {key: part for key, part in node.items() if key not in _PLACES}
        one = known.setdefault((*bare, *map(_identity, bare.values())), bare)
        times[id(one)] += 1
        return one

    return intern


def _identity(part: Any) -> Any:
    """Equal for parts that are equal, once the nodes within them are one object."""
    if isinstance(part, dict):
        return (id(part),)
    return tuple(map(_identity, part)) if isinstance(part, list) else part


def _naming(times: Mapping[int, int], terms: dict[int, tuple[str, Any]]) -> Callable[[Any], Any]:
    """A function that puts a name in place of each greatest term met more than once; `terms` grows."""
    done: dict[int, Any] = {}

    def named(node: Any) -> Any:
        if isinstance(node, list):
            return [named(part) for part in node]
        if not isinstance(node, dict) or node.get("class") == "LAMBDA":  # what stands in it depends on its own variable
            return node
        if id(node) not in done:
            done[id(node)] = renamed(node)
        return done[id(node)]

    def renamed(node: dict[str, Any]) -> Any:
        if times[id(node)] < 2 or not _is_term(node):
            return {key: named(part) for key, part in node.items()}
        name, _ = terms.setdefault(id(node), (f"terme_{len(terms)}", node))
        return {"class": "COLUMN_REF", "type": "COLUMN_REF", "alias": "", "column_names": [name]}

    return named


def _is_term(node: Mapping[str, Any]) -> bool:
    """Whether it is computed, from a column: the engine computes once what reads none."""
    return node.get("class") in _COMPUTES and any(_columns(node))


def _columns(node: Any) -> Iterator[str]:
    """The columns that stand in a tree, variables of lambdas included."""
    if isinstance(node, dict):
        if node.get("class") == "COLUMN_REF":
            yield node["column_names"][-1]
        else:
            yield from _columns(list(node.values()))
    elif isinstance(node, list):
        for part in node:
            yield from _columns(part)


def _parsed(engine: Any, expressions: Sequence[str], intern: Callable[[dict[str, Any]], dict[str, Any]]) -> list[Any]:
    """The tree of each expression, of which equal nodes are one object."""
    asked = (
        "SELECT json_serialize_sql('SELECT ' || texte) -> '$.statements[0].node.select_list[0]'"
        " FROM (SELECT unnest(CAST(? AS VARCHAR[])) AS texte)"
    )
    trees = [tree for (tree,) in engine.execute(asked, [expressions]).fetchall()]
    if None in trees:
        raise ValueError("an expression cannot be parsed")
    return [json.loads(tree, object_hook=intern) for tree in trees]


def _texts(engine: Any, items: Sequence[Any]) -> list[str]:
    """Each tree as SQL."""
    ((frame,),) = engine.execute("SELECT json_serialize_sql('SELECT 1')").fetchall()
    statement = json.loads(frame)

    def whole(item: Any) -> str:
        statement["statements"][0]["node"]["select_list"] = [item]
        return json.dumps(statement)

    asked = "SELECT json_deserialize_sql(CAST(arbre AS JSON)) FROM (SELECT unnest(CAST(? AS VARCHAR[])) AS arbre)"
    return [
        str(text).removeprefix("SELECT ") for (text,) in engine.execute(asked, [list(map(whole, items))]).fetchall()
    ]

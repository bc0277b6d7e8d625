"""What an expression over the rules of a table computes more than once, computed once.

The engine computes « the year of the opening less the year of birth » anew for each rule that asks for it: 8 ns a rule
and row, where comparing it takes 1. With a thousand rules that is most of the time of a deposit (decision 0050).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

MANY = 100
"""Rules; with fewer, looking for what they share takes longer than computing it again."""

_COMPUTES = ("FUNCTION", "CAST")
_PLACES = ("query_location", "query_location_length")


def with_common_terms(expression: str) -> tuple[Mapping[str, str], str]:
    """(name → SQL of a term that the expression has more than once, the expression with these names in it).

    raises  ValueError when the engine cannot parse the expression
    """
    import duckdb

    with duckdb.connect() as engine:
        tree = _parsed(engine, expression)
        node = tree["statements"][0]["node"]
        times = Counter(json.dumps(term) for term in _terms(node["select_list"]))
        names: dict[str, str] = {}
        named = _named(node["select_list"], times, names)
        terms = [json.loads(term) for term in names]
        written = _written(engine, tree, named)
        return {name: _written(engine, tree, [term]) for name, term in zip(names.values(), terms, strict=True)}, written


def _parsed(engine: Any, expression: str) -> Any:
    ((text,),) = engine.execute("SELECT json_serialize_sql(CAST(? AS VARCHAR))", [f"SELECT {expression}"]).fetchall()
    tree = json.loads(text, object_hook=lambda node: {key: node[key] for key in node if key not in _PLACES})
    if tree["error"]:
        raise ValueError("the expression cannot be parsed")
    return tree


def _written(engine: Any, tree: Any, items: Sequence[Any]) -> str:
    tree["statements"][0]["node"]["select_list"] = items
    ((text,),) = engine.execute("SELECT json_deserialize_sql(CAST(? AS JSON))", [json.dumps(tree)]).fetchall()
    return str(text).removeprefix("SELECT ")


def _terms(node: Any) -> Iterator[Any]:
    """Each term that is computed from a column; what stands in a lambda depends on its own variable."""
    for part in _parts(node):
        yield from _terms(part)
    if _is_term(node):
        yield node


def _named(node: Any, times: Mapping[str, int], names: dict[str, str]) -> Any:
    """The expression with a name in place of each greatest term that stands there more than once; `names` grows."""
    if _is_term(node) and times[key := json.dumps(node)] > 1:
        name = names.setdefault(key, f"terme_{len(names)}")
        return {"class": "COLUMN_REF", "type": "COLUMN_REF", "alias": "", "column_names": [name]}
    if isinstance(node, list):
        return [_named(part, times, names) for part in node]
    if isinstance(node, dict) and node.get("class") != "LAMBDA":
        return {key: _named(part, times, names) for key, part in node.items()}
    return node


def _parts(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return [] if node.get("class") == "LAMBDA" else list(node.values())
    return node if isinstance(node, list) else []


def _is_term(node: Any) -> bool:
    return isinstance(node, dict) and node.get("class") in _COMPUTES and _reads_a_column(node)


def _reads_a_column(node: Any) -> bool:
    is_column = isinstance(node, dict) and node.get("class") == "COLUMN_REF"
    return is_column or any(_reads_a_column(part) for part in _parts(node))

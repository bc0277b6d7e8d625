"""One identity per person of the region: what moves between centres tie together."""

from __future__ import annotations

from collections.abc import Iterable


def join_persons(links: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Local person key → key of the person in the region, for every key that a link names.

    links    pairs of local keys (`CAI:P-0001`) that are one person
    returns  the smallest key of each connected component: the same whatever the order of the links
    """
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        parent.setdefault(key, key)
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for left, right in links:
        first, second = sorted((root(left), root(right)))
        parent[second] = first
    return {key: root(key) for key in parent}

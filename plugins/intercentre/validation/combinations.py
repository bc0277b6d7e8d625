"""Many rules that read the same are asked of each combination of values once, however many rows hold it.

As each text of a column is read the long way once (rereading.py). A thousand rules on « the year of the opening less
the year of birth » are asked of a hundred ages, not of a million rows (decision 0050).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from intercentre.validation.common_terms import share_terms
from schemas.contract import RowRule

MANY = 40
"""Rules that read the same; fewer take less time when they are asked of each row."""

COMBINATIONS, BROKEN = "combinaisons", "fautives"
"""Relations of the combinations of values that some rules are asked of, and of those that break one, with its place."""


@dataclass(frozen=True)
class Together:
    """Rules that read the same.

    columns  that each of them is on
    read     columns and names of terms that stand in them
    terms    name → SQL, over the columns, of each term among `read`
    rules    place among the rules of the table → SQL over `read`, true when the rule is broken
    """

    columns: frozenset[str]
    read: tuple[str, ...]
    terms: Mapping[str, str]
    rules: Mapping[int, str]

    def values(self, rows: str) -> str:
        """SELECT of the rows with the terms beside their columns."""
        return f"SELECT {', '.join(['*', *(f'{sql} AS {name}' for name, sql in self.terms.items())])} FROM {rows}"

    def distinct(self, rows: str) -> str:
        """SELECT of the combinations that stand in the rows."""
        return f"SELECT DISTINCT {', '.join(self.read)} FROM ({self.values(rows)})"

    @property
    def breaking(self) -> str:
        """SELECT of the combinations that break a rule, with the place of each that they break: regle."""
        broken = f"SELECT * FROM {COMBINATIONS} WHERE {self._is_broken}"
        return f"SELECT *, unnest({self._broken}) AS regle FROM ({broken})"

    def broken_rows(self, rows: str) -> str:
        """SELECT of the rows that hold a combination of `fautives`, with the place of each rule it breaks: regle."""
        same = " AND ".join(f"rang.{name} IS NOT DISTINCT FROM fautive.{name}" for name in self.read)
        return f"SELECT rang.*, regle FROM ({self.values(rows)}) AS rang JOIN {BROKEN} AS fautive ON {same}"

    @property
    def _is_broken(self) -> str:
        """SQL over a combination: it breaks one of the rules, else NULL.

        Not OR: where it is a condition on rows, the engine holds each term against each, a second for a thousand.
        """
        return f"CASE {' '.join(f'WHEN {sql} THEN true' for sql in self.rules.values())} END"

    @property
    def _broken(self) -> str:
        """SQL over a combination: list of the places of the rules that it breaks."""
        places = ", ".join(f"CASE WHEN {sql} THEN {place} END" for place, sql in self.rules.items())
        return f"list_filter([{places}], lambda place: place IS NOT NULL)"


@dataclass(frozen=True)
class Arranged:
    """The rules of a table, by what they are asked of.

    each_row  place among the rules of the table → SQL over the columns and `terms`
    terms     name → SQL of a term that stands in several of `each_row`
    together  those that are asked of combinations
    """

    each_row: Mapping[int, str]
    terms: Mapping[str, str] = field(default_factory=dict)
    together: tuple[Together, ...] = ()


def arrange(rules: Sequence[RowRule], kept: Collection[str]) -> Arranged:
    """What each rule is asked of.

    kept  columns of which the first step must keep the text where a rule that is placed on them is broken: it has to
          ask that rule of each row
    """
    if len(rules) <= MANY:
        return Arranged({place: rule.sql for place, rule in enumerate(rules)})
    shared = share_terms([rule.sql for rule in rules])
    alike: dict[tuple[frozenset[str], frozenset[str]], list[int]] = defaultdict(list)
    for place, rule in enumerate(rules):
        if rule.columns[0] not in kept and shared.read[place] <= {*rule.columns, *shared.terms}:
            alike[frozenset(rule.columns), shared.read[place]].append(place)
    together = tuple(
        Together(columns, tuple(sorted(read)), _among(shared.terms, read), {at: shared.written[at] for at in places})
        for (columns, read), places in alike.items()
        if len(places) > MANY
    )
    waiting = {place for group in together for place in group.rules}
    each_row = {place: sql for place, sql in enumerate(shared.written) if place not in waiting}
    read_here = frozenset().union(*(shared.read[place] for place in each_row))
    return Arranged(each_row, _among(shared.terms, read_here), together)


def _among(terms: Mapping[str, str], read: Collection[str]) -> Mapping[str, str]:
    return {name: sql for name, sql in terms.items() if name in read}

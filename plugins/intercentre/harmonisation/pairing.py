"""Pairing the two sides of a person's move from one centre to another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from schemas.thresholds import threshold

TOLERANCE_DAYS = int(threshold("TRANSFERT_ECART_JOURS"))
"""How far apart the two centres may date one move (rule V64)."""

_Sides = defaultdict[tuple[str, str], list["Side"]]
_Pairs = list[tuple["Side", "Side"]]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a transfer, as one centre declares it.

    cle               key of the declaring centre's dossier
    cle_contrepartie  key of the other centre's dossier, when the declaring centre knows it
    date_repere       date of effect, else of the request
    profil            sex, year of birth and nationality when all three are known: sides that name nobody and have no
                      pseudonym in common must agree on it
    pseudo            the person's regional pseudonym, under the key that it names; it is shown nowhere
    """

    centre: str
    contrepartie: str
    cle: str
    cle_contrepartie: str | None
    date_effet: date | None
    date_repere: date
    profil: tuple[str, int, str] | None
    pseudo: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Pairing:
    """A move whose sides agree (`paire`) or not (`contradictoire`), or of which one side alone is declared.

    etat           paire, sortant_seul, entrant_seul or contradictoire
    date_repere    day of the departure, else of the arrival (of effect, else of the request)
    delai_jours    days from the departure to the arrival as the two centres date them, negative when the arrival is
                   dated first; None for one side alone
    contradiction  DATE (more than 45 days apart), DOSSIER (a side names another dossier than the other's, or their
                   pseudonyms are of two persons), SENS_SORTANT or SENS_ENTRANT (both centres claim the same side: the
                   columns then bear the two in the order of the centres' codes); None unless contradictoire
    se_nomment     each side names the other's dossier
    cle_nommee     key of the other centre's dossier that a side alone names
    source         docs/decisions/0060
    """

    centre_sortant: str
    centre_entrant: str
    cle_sortant: str | None
    cle_entrant: str | None
    date_effet: date | None
    etat: str
    date_repere: date
    delai_jours: int | None = None
    contradiction: str | None = None
    se_nomment: bool = False
    cle_nommee: str | None = None


def pair_transfers(outgoing: Sequence[Side], incoming: Sequence[Side]) -> list[Pairing]:
    """Every side in exactly one pairing.

    First the sides that belong together and do not contradict each other: one names the other's dossier, or both have
    one pseudonym and dates within 45 days; beyond 45 days those that name are contradictory. Then, among sides that
    name nobody, those that are the only candidates of each other: same pair of centres, same profile, dates within 45
    days. What is left of the sides that belong together is contradictory when one names another dossier or their
    pseudonyms are of two persons, or when both claim the same side within 45 days. Two different pseudonyms under one
    key are never a pair. The result does not depend on the order of the sides.
    """
    free_out, free_in = _by_move(outgoing, leaving=True), _by_move(incoming, leaving=False)
    moves = sorted(free_out.keys() | free_in.keys())
    pairings: list[Pairing] = []
    for move in moves:
        for candidates in (_named, _alone, _disputed):
            found = candidates(free_out[move], free_in[move])
            free_out[move] = _rest(free_out[move], (left for left, _ in found))
            free_in[move] = _rest(free_in[move], (right for _, right in found))
            pairings += [_two_sides(left, right) for left, right in found]
    pairings += _same_side(free_out, "SENS_SORTANT") + _same_side(free_in, "SENS_ENTRANT")
    for move in moves:
        pairings += [_one_side(move, side, leaving=True) for side in free_out[move]]
        pairings += [_one_side(move, side, leaving=False) for side in free_in[move]]
    return pairings


def _by_move(sides: Iterable[Side], leaving: bool) -> _Sides:
    found: _Sides = defaultdict(list)
    for side in sorted(sides, key=_rank):
        found[(side.centre, side.contrepartie) if leaving else (side.contrepartie, side.centre)].append(side)
    return found


def _rank(side: Side) -> tuple[str, date, str, bool]:
    return (side.cle, side.date_repere, side.cle_contrepartie or "", side.date_effet is None)


def _rest(sides: Sequence[Side], taken: Iterable[Side]) -> list[Side]:
    gone = {id(side) for side in taken}
    return [side for side in sides if id(side) not in gone]


def _named(outs: Sequence[Side], ins: Sequence[Side]) -> _Pairs:
    return _nearest(outs, ins, lambda left, right: not _contradict(left, right))


def _disputed(outs: Sequence[Side], ins: Sequence[Side]) -> _Pairs:
    return _nearest(outs, ins, _contradict)


def _nearest(lefts: Sequence[Side], rights: Sequence[Side], accepts: Callable[[Side, Side], bool]) -> _Pairs:
    """Pairs of sides that belong together, each side once.

    Dates within 45 days come before others, sides of which one names the other's dossier before those that have but a
    pseudonym in common (and then always such dates), nearest dates first.
    """
    at_left, at_right = _positions(side.cle for side in lefts), _positions(side.cle for side in rights)
    of_person = _positions(side.pseudo for side in rights)
    named = {(at, other) for other, side in enumerate(rights) for at in at_left[side.cle_contrepartie or ""]}
    named |= {(at, other) for at, side in enumerate(lefts) for other in at_right[side.cle_contrepartie or ""]}
    known = {
        (at, other)
        for at, side in enumerate(lefts)
        for other in of_person[side.pseudo or ""]
        if _gap(side, rights[other]) <= TOLERANCE_DAYS
    }

    def rank(pair: tuple[int, int]) -> tuple[bool, bool, int, tuple[int, int]]:
        days = _gap(lefts[pair[0]], rights[pair[1]])
        return days > TOLERANCE_DAYS, pair not in named, days, pair

    taken_left: set[int] = set()
    taken_right: set[int] = set()
    pairs = []
    for at, other in sorted((pair for pair in named | known if accepts(lefts[pair[0]], rights[pair[1]])), key=rank):
        if at not in taken_left and other not in taken_right:
            taken_left.add(at)
            taken_right.add(other)
            pairs.append((lefts[at], rights[other]))
    return pairs


def _positions(keys: Iterable[str | None]) -> defaultdict[str, list[int]]:
    """Key → where it stands."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for at, key in enumerate(keys):
        if key:
            found[key].append(at)
    return found


def _alone(outs: Sequence[Side], ins: Sequence[Side]) -> _Pairs:
    left, right = _unnamed(outs), _unnamed(ins)
    pairs = []
    for profil in sorted(left.keys() & right.keys()):
        close = [
            (a, b)
            for a in left[profil]
            for b in right[profil]
            if _gap(a, b) <= TOLERANCE_DAYS and not _are_two_persons(a, b)
        ]
        pairs += [
            (a, b)
            for a, b in close
            if sum(a is one for one, _ in close) == 1 and sum(b is one for _, one in close) == 1
        ]
    return pairs


def _unnamed(sides: Sequence[Side]) -> defaultdict[tuple[str, int, str], list[Side]]:
    found: defaultdict[tuple[str, int, str], list[Side]] = defaultdict(list)
    for side in sides:
        if side.cle_contrepartie is None and side.profil is not None:
            found[side.profil].append(side)
    return found


def _same_side(free: _Sides, contradiction: str) -> list[Pairing]:
    """Two centres that both claim to have seen the person leave, or arrive; `free` keeps the sides that are left."""
    pairings: list[Pairing] = []
    for move in sorted(free):
        back = move[::-1]
        if move > back or back not in free:
            continue
        # the first list is that of the centre whose code comes first: it declares what starts there, or what ends there
        first, second = (move, back) if contradiction == "SENS_SORTANT" else (back, move)
        found = [
            (one, other)
            for one, other in _nearest(free[first], free[second], lambda *both: not _are_two_persons(*both))
            if _gap(one, other) <= TOLERANCE_DAYS
        ]
        free[first] = _rest(free[first], (one for one, _ in found))
        free[second] = _rest(free[second], (other for _, other in found))
        pairings += [_contradictory(one, other, contradiction) for one, other in found]
    return pairings


def _two_sides(left: Side, right: Side) -> Pairing:
    if _contradict(left, right):
        return _contradictory(left, right, "DOSSIER")
    if _gap(left, right) > TOLERANCE_DAYS:
        return _contradictory(left, right, "DATE")
    return _pairing(left, right, "paire", None)


def _contradictory(left: Side, right: Side, contradiction: str) -> Pairing:
    return _pairing(left, right, "contradictoire", contradiction)


def _pairing(left: Side, right: Side, etat: str, contradiction: str | None) -> Pairing:
    return Pairing(
        centre_sortant=left.centre,
        centre_entrant=right.centre,
        cle_sortant=left.cle,
        cle_entrant=right.cle,
        date_effet=right.date_effet or left.date_effet,
        etat=etat,
        date_repere=left.date_repere,
        delai_jours=(right.date_repere - left.date_repere).days,
        contradiction=contradiction,
        se_nomment=left.cle_contrepartie == right.cle and right.cle_contrepartie == left.cle,
    )


def _one_side(move: tuple[str, str], side: Side, leaving: bool) -> Pairing:
    return Pairing(
        *move,
        side.cle if leaving else None,
        None if leaving else side.cle,
        side.date_effet,
        "sortant_seul" if leaving else "entrant_seul",
        side.date_repere,
        cle_nommee=side.cle_contrepartie,
    )


def _contradict(left: Side, right: Side) -> bool:
    """One names another dossier than the other's, or their pseudonyms are of two persons."""
    misnamed = (left.cle_contrepartie or right.cle) != right.cle or (right.cle_contrepartie or left.cle) != left.cle
    return misnamed or _are_two_persons(left, right)


def _are_two_persons(left: Side, right: Side) -> bool:
    """Two pseudonyms under one key; `<form>.<key>.<hash>` under another key says nothing."""
    if left.pseudo is None or right.pseudo is None or left.pseudo == right.pseudo:
        return False
    return left.pseudo.rpartition(".")[0] == right.pseudo.rpartition(".")[0]


def _gap(left: Side, right: Side) -> int:
    return abs((left.date_repere - right.date_repere).days)

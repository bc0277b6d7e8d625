"""Pairing the two sides of a person's move from one centre to another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

TOLERANCE_DAYS = 45  # rule V64: how far apart the two centres may date one move


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a transfer, as one centre declares it.

    cle               key of the declaring centre's dossier
    cle_contrepartie  key of the other centre's dossier, when the declaring centre knows it
    date_repere       date of effect, else of the request
    profil            sex, year of birth and nationality when all three are known: unnamed sides must agree on it
    """

    centre: str
    contrepartie: str
    cle: str
    cle_contrepartie: str | None
    date_effet: date | None
    date_repere: date
    profil: tuple[str, int, str] | None


@dataclass(frozen=True, slots=True)
class Pairing:
    """A move with both sides (`paire`), or with one only (`sortant_seul`, `entrant_seul`)."""

    centre_sortant: str
    centre_entrant: str
    cle_sortant: str | None
    cle_entrant: str | None
    date_effet: date | None
    etat: str


def pair_transfers(outgoing: Sequence[Side], incoming: Sequence[Side]) -> list[Pairing]:
    """Every side in exactly one pairing.

    First the sides of which one names the other's dossier and neither contradicts it, nearest dates first. Then,
    among sides that name nobody, those that are the only candidates of each other: same pair of centres, same
    profile, dates within 45 days. The result does not depend on the order of the sides.
    """
    free_out, free_in = _by_move(outgoing, leaving=True), _by_move(incoming, leaving=False)
    pairings: list[Pairing] = []
    for move in sorted(free_out.keys() | free_in.keys()):
        outs, ins = free_out[move], free_in[move]
        for candidates in (_named, _alone):
            for left, right in candidates(outs, ins):
                outs.remove(left)
                ins.remove(right)
                day = right.date_effet or left.date_effet
                pairings.append(Pairing(*move, left.cle, right.cle, day, "paire"))
        pairings += [Pairing(*move, side.cle, None, side.date_effet, "sortant_seul") for side in outs]
        pairings += [Pairing(*move, None, side.cle, side.date_effet, "entrant_seul") for side in ins]
    return pairings


def _by_move(sides: Iterable[Side], leaving: bool) -> defaultdict[tuple[str, str], list[Side]]:
    found: defaultdict[tuple[str, str], list[Side]] = defaultdict(list)
    for side in sorted(sides, key=lambda one: (one.cle, one.date_repere, one.cle_contrepartie or "")):
        found[(side.centre, side.contrepartie) if leaving else (side.contrepartie, side.centre)].append(side)
    return found


def _named(outs: Sequence[Side], ins: Sequence[Side]) -> list[tuple[Side, Side]]:
    outs_by_cle: defaultdict[str, list[int]] = defaultdict(list)
    for at, side in enumerate(outs):
        outs_by_cle[side.cle].append(at)
    ins_by_cle: defaultdict[str, list[int]] = defaultdict(list)
    for at, side in enumerate(ins):
        ins_by_cle[side.cle].append(at)
    candidates = {(at, other) for other, side in enumerate(ins) for at in outs_by_cle[side.cle_contrepartie or ""]}
    candidates |= {(at, other) for at, side in enumerate(outs) for other in ins_by_cle[side.cle_contrepartie or ""]}
    agreed = [(at, other) for at, other in candidates if not _contradict(outs[at], ins[other])]
    taken_out: set[int] = set()
    taken_in: set[int] = set()
    pairs = []
    for at, other in sorted(agreed, key=lambda pair: (_gap(outs[pair[0]], ins[pair[1]]), pair)):
        if at not in taken_out and other not in taken_in:
            taken_out.add(at)
            taken_in.add(other)
            pairs.append((outs[at], ins[other]))
    return pairs


def _alone(outs: Sequence[Side], ins: Sequence[Side]) -> list[tuple[Side, Side]]:
    left, right = _unnamed(outs), _unnamed(ins)
    pairs = []
    for profil in sorted(left.keys() & right.keys()):
        close = [(a, b) for a in left[profil] for b in right[profil] if _gap(a, b) <= TOLERANCE_DAYS]
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


def _contradict(left: Side, right: Side) -> bool:
    return (left.cle_contrepartie or right.cle) != right.cle or (right.cle_contrepartie or left.cle) != left.cle


def _gap(left: Side, right: Side) -> int:
    return abs((left.date_repere - right.date_repere).days)

"""The rule by which eight equals decide. Pure: it knows votes and a deadline, neither the clock nor the registry."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from schemas.exchanges.agreement import Opinion, RoundState, Vote


def decide(
    votes: Mapping[str, Vote], quorum: int, centres: Sequence[str], is_due: bool, held: Collection[str] = ()
) -> RoundState:
    """Where a round stands.

    votes    centre → the vote that stands; votes of others than `centres` do not count
    held     those whose vote is of an earlier round: it is an opinion, but they have not spoken on these figures
    quorum   centres that must have voted for silence to be agreement
    is_due   True once the deadline has passed
    returns  OUVERT while a centre has not voted and there is time; SANS_QUORUM when too few voted in time;
             REJETE when more than a third of all the centres oppose; ACCORDE otherwise, silence being agreement
    source   docs/decisions/0020
    """
    standing = {centre: votes[centre] for centre in centres if centre in votes}
    cast = len(standing.keys() - set(held))
    if cast < len(centres) and not is_due:
        return RoundState.OUVERT
    if cast < quorum:
        return RoundState.SANS_QUORUM
    opposed = sum(vote.avis is Opinion.OPPOSE for vote in standing.values())
    return RoundState.REJETE if 3 * opposed > len(centres) else RoundState.ACCORDE

"""Concertation: the eight centres decide together on what is published.

Reads: the protected observations of a period, the votes. Writes: `tour` and `voix` rows, their journal, the minutes;
the anomalies of a period, with the centres that they concern; `suite_anomalie` rows, what became of them.
Refuses: a vote on a closed round, from elsewhere, without its reason, or about an indicator that is not there.
"""

from intercentre.concertation.anomalies import note_anomalies, read_anomalies
from intercentre.concertation.detection import Anomaly
from intercentre.concertation.figures import is_complete
from intercentre.concertation.follow_up import FollowedAnomaly, close_anomaly, explain_anomaly, followed_anomalies
from intercentre.concertation.minutes import RULE
from intercentre.concertation.refusal import ConcertationRefusee
from intercentre.concertation.rounds import close_due_rounds, open_round
from intercentre.concertation.rule import decide
from intercentre.concertation.status import Place, RoundStatus, reservations, round_status
from intercentre.concertation.votes import cast_vote

__all__ = [
    "RULE",
    "Anomaly",
    "ConcertationRefusee",
    "FollowedAnomaly",
    "Place",
    "RoundStatus",
    "cast_vote",
    "close_anomaly",
    "close_due_rounds",
    "decide",
    "explain_anomaly",
    "followed_anomalies",
    "is_complete",
    "note_anomalies",
    "open_round",
    "read_anomalies",
    "reservations",
    "round_status",
]

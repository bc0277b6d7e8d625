"""The refusal of this room."""

from __future__ import annotations


class ConcertationRefusee(ValueError):  # noqa: N818  (a refusal is an answer, not a fault)
    """The round cannot be opened or the vote cannot be taken; the message is French, says why and what to do."""

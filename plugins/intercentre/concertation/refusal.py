"""The refusal of this room."""

from __future__ import annotations

from intercentre.core.refusal import Refusal


class ConcertationRefusee(Refusal):
    """The round cannot be opened or the vote cannot be taken; the message is French, says why and what to do."""

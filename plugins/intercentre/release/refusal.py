"""The refusal of this room."""

from __future__ import annotations

from intercentre.core.refusal import Refusal


class PublicationRefusee(Refusal):
    """The release cannot be made; the message is French, says why and what to do."""

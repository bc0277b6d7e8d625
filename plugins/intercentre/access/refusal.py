"""The refusal of this room."""

from __future__ import annotations

from intercentre.core.refusal import Refusal


class AccessError(Refusal):
    """The question cannot be asked or answered; the message is French and says what to do."""

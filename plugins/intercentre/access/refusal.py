"""The refusal of this room."""

from __future__ import annotations


class AccessError(ValueError):
    """The question cannot be asked or answered; the message is French and says what to do."""

"""The refusal of this room."""

from __future__ import annotations


class PublicationRefusee(ValueError):  # noqa: N818  (a refusal is an answer, not a fault)
    """The release cannot be made; the message is French, says why and what to do."""

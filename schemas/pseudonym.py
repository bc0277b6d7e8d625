"""The form of a regional pseudonym, as a centre writes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from schemas.field_types import Identifier


@dataclass(frozen=True)
class Pseudonym(Identifier):
    """A regional pseudonym as a centre makes it: `p1.<identifier of its yearly key>.<HMAC-SHA256, lower-case hex>`.

    The key never leaves the centre, and the hub replaces the value on entry (docs/decisions/0060).
    """

    unreadable: ClassVar[str] = "CTR-025"
    length: int = 84
    pattern: ClassVar[str] = "p1[.][A-Za-z0-9_-]{1,16}[.][0-9a-f]{64}"

    @property
    def expected(self) -> str:
        return "« p1. », l'identifiant de la clé, « . » et 64 chiffres hexadécimaux"

"""Codes of a centre's own tool, read as the codes of the contract that they stand for (correspondances.csv)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from schemas.field_types import Code


@dataclass(frozen=True)
class LocalCode(Code):
    """The same for a centre whose tool has codes of its own: each is read as the code of the contract it stands for.

    local  (code of the tool, code of the contract); none of the former is a code of the list
    """

    local: tuple[tuple[str, str], ...] = ()

    def read(self, text: str, date_etat: date) -> str:
        return super().read(dict(self.local).get(text, text), date_etat)

"""What every generated form of the contract says of a column: its extra facts and its short code list."""

from __future__ import annotations

import re
from typing import Any

from schemas.contract import EARLIEST_DATE, Code, CodeSet, Extract, FieldType
from schemas.nomenclatures import Entry

LONGEST_LIST = 30
_SPECIAL = re.compile(r"([.^$*+?()\[\]{}|\\/])")


def extra_facts(table: type[Extract], column: str) -> dict[str, str]:
    """risque, base and exemple as the contract declares them, the empty ones left out."""
    extra: Any = table.fields()[column][1].json_schema_extra
    facts = extra if isinstance(extra, dict) else {}
    return {key: str(facts[key]) for key in ("risque", "base", "exemple") if facts.get(key)}


def short_list(kind: FieldType) -> list[str] | None:
    """The codes of a list that is short enough to be written out; ended codes too, since old rows bear them."""
    if not isinstance(kind, Code) or len(kind.nomenclature.entries) > LONGEST_LIST:
        return None
    return list(kind.nomenclature.entries)


def set_pattern(kind: CodeSet) -> str:
    """Regular expression of a canonical set: its codes where the list is short, a space between two."""
    codes = list(kind.nomenclature.entries)
    one = "|".join(_SPECIAL.sub(r"\\\1", code) for code in codes) if len(codes) <= LONGEST_LIST else "[^ ,|]+"
    return f"(?:{one})(?: (?:{one}))*"


def successors(kind: FieldType) -> dict[str, str]:
    """Deprecated code → the code that replaced it, in a short list."""
    if not isinstance(kind, Code) or short_list(kind) is None:
        return {}
    return {code: entry.remplace_par for code, entry in kind.nomenclature.entries.items() if entry.remplace_par}


def first_line(table: type[Extract]) -> str:
    """What one row is, as a sentence."""
    return f"Une ligne : {table.contrat.grain}."


def validity(entry: Entry) -> str:
    """From when to when a code holds, and what replaced it; '' when it holds without any limit."""
    parts = [f"depuis le {entry.valide_du:%d/%m/%Y}"] if entry.valide_du > EARLIEST_DATE else []
    parts += [f"jusqu'au {entry.valide_au:%d/%m/%Y}"] if entry.valide_au else []
    parts += [f"remplacé par {entry.remplace_par}"] if entry.remplace_par else []
    return ", ".join(parts)


def code_list(kind: FieldType) -> str:
    """The name of the nomenclature that the type reads; '' when it reads none."""
    return str(getattr(kind, "list_name", ""))

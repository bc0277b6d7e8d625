"""pydantic, one row after another in a single pass: a model whose fields are checked in pydantic's compiled core.

A row that fails is validated a second time without the cells that could not be read, so that the row rules see the
rest.
"""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, StringConstraints, ValidationError, create_model
from pydantic_core import CoreSchema, core_schema

from schemas.contract import EARLIEST_DATE, Code, Day, FieldType, Identifier, Whole
from tests.bench_validation.contestants.counts import write_counts
from tests.bench_validation.contestants.python_rules import Writer, broken_rules, codes_of_column, follow
from tests.bench_validation.table import BLANKS, COLUMNS, DATE_ETAT, TABLE


def judge(source: Path, out: Path) -> None:
    """`out` holds the three files."""
    validate = _model(nullable=False).model_validate
    validate_rest = _model(nullable=True).model_validate
    writer = Writer(out)
    with source.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream, delimiter=";", quoting=csv.QUOTE_NONE)
        header = next(rows)
        for ligne, row in enumerate(rows, 2):
            texts = {column: text.strip(BLANKS) or None for column, text in zip(header, row, strict=True)}
            try:
                values = validate(texts).__dict__
                found, unreadable = [], frozenset()
            except ValidationError as error:
                unreadable = frozenset(str(each["loc"][0]) for each in error.errors(include_url=False))
                found = [_cell_finding(column, texts[column]) for column in unreadable]
                readable = {column: None if column in unreadable else text for column, text in texts.items()}
                values = validate_rest(readable).__dict__
            found += follow(values)
            found += broken_rules(values, unreadable)
            brut = dict(zip(header, row, strict=True)) if found else {}
            writer.add(ligne, list(map(values.__getitem__, COLUMNS)), found, brut)
    writer.close()
    write_counts(out, writer.rows, writer.kept, writer.by_rule)


def _cell_finding(column: str, text: str | None) -> tuple[str, str]:
    return ("CTR-001" if text is None else TABLE.fields()[column][0].unreadable, column)


class _Chained:
    """A type of field that pydantic's core checks in steps: the form of the text, then the value."""

    def __init__(self, kind: FieldType) -> None:
        self.kind = kind

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        if isinstance(self.kind, Whole):
            within = core_schema.int_schema(ge=self.kind.lowest, le=self.kind.highest)
            return core_schema.chain_schema([core_schema.str_schema(pattern=r"\A-?[0-9]{1,9}\z"), within])
        days = core_schema.date_schema(ge=EARLIEST_DATE, le=DATE_ETAT)
        iso = core_schema.chain_schema([core_schema.str_schema(pattern=r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\z"), days])
        form = core_schema.str_schema(pattern=r"\A[0-9]{2}/[0-9]{2}/[0-9]{4}\z")
        turned = core_schema.no_info_plain_validator_function(_belgian)
        return core_schema.union_schema([iso, core_schema.chain_schema([form, turned, days])], mode="left_to_right")


def _belgian(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").date()


def _model(*, nullable: bool) -> type[BaseModel]:
    fields: dict[str, Any] = {}
    for column, (kind, _) in TABLE.fields().items():
        hint = _hint(column, kind)
        fields[column] = (hint | None if nullable or TABLE.optional(column) else hint, ...)
    return create_model("Dossier", __config__=ConfigDict(extra="forbid"), **fields)


def _hint(column: str, kind: FieldType) -> Any:
    if isinstance(kind, Identifier):
        return Annotated[str, StringConstraints(max_length=kind.length, pattern=r"\A[A-Za-z0-9_-]+\z")]
    if isinstance(kind, Code):
        return Literal[codes_of_column(column)]
    return Annotated[date if isinstance(kind, Day) else int, _Chained(kind)]

"""One name for everything that a verdict depends on but the deposit: the rules."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path

import schemas.nomenclatures
from intercentre.validation import leaks
from intercentre.validation.compile import compile_table
from intercentre.validation.rereading import Rereading
from schemas.editions import CURRENT, Edition
from schemas.rules import catalogue


@cache
def rules_hash(edition: Edition = CURRENT) -> str:
    """SHA-256 over an edition's version, tables, compiled rules, the catalogue, leak detector and nomenclatures."""
    digest = hashlib.sha256()
    for part in _parts(edition):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _parts(edition: Edition) -> Iterator[bytes]:
    yield edition.version.encode()
    for table in edition.tables.values():
        compiled = compile_table(table)
        yield repr(table.contrat).encode()
        yield compiled.reading.encode()
        yield from (statement.encode() for statement in Rereading(compiled).statements())
    for rule in edition.rules:
        yield rule.sql.encode()
    yield Path(leaks.__file__).read_bytes()
    yield json.dumps([asdict(entry) for entry in catalogue().values()], ensure_ascii=False).encode()
    for path in sorted(Path(schemas.nomenclatures.__file__).parent.glob("*.csv")):
        yield path.name.encode()
        yield path.read_bytes()

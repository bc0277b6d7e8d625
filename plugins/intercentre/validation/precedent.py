"""The centre's deposit before the judged one: its retained rows, as the rules between deposits read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path

from intercentre.validation.expressions import quoted, sql_type
from intercentre.validation.outputs import without_glob
from intercentre.validation.workspace import Workspace
from schemas.exchanges.manifest import Manifest
from schemas.extracts import TABLES
from schemas.period import Period
from schemas.rules.cross_table import PRECEDENT_PREFIX, Compared, CrossTableRule

KEPT = "retenue"


@dataclass(frozen=True)
class Precedent:
    """The last accepted deposit of the same centre for an earlier period.

    dossier          folder of its <table>.parquet: staged rows, or validated ones with `retenue`
    version_contrat  the contract by which it was judged: a table or a column of a later one is not in it
    """

    periode: Period
    dossier: Path
    version_contrat: str


@dataclass(frozen=True)
class Beside:
    """With what a deposit is compared, and what its manifest says that matters there."""

    precedent: Precedent
    rectificatif: bool
    debut_historique: date | None

    def asks(self, rule: CrossTableRule) -> bool:
        """Whether the rule is judged at all in this deposit."""
        return not (self.rectificatif and rule.precedent is Compared.SAUF_RECTIFICATIF)

    def has(self, name: str) -> bool:
        """Whether the deposit before holds a table, called as the rules call it."""
        return name.startswith(PRECEDENT_PREFIX) and self._path(name).exists()

    def _path(self, name: str) -> Path:
        return self.precedent.dossier / f"{name.removeprefix(PRECEDENT_PREFIX)}.parquet"

    def open(self, workspace: Workspace, names: Iterable[str]) -> Workspace:
        """The same workspace, with a view for each of `names` and the parameters of the rules that read them."""
        for name in names:
            workspace.run(f"CREATE OR REPLACE VIEW {name} AS {self._select(workspace, name)}")
        return replace(workspace, parameters={**workspace.parameters, "debut_historique": self.debut_historique})

    def _select(self, workspace: Workspace, name: str) -> str:
        """Retained rows in the columns of today's contract; empty where the deposit before had no such column."""
        table = TABLES[name.removeprefix(PRECEDENT_PREFIX)]
        source = f"read_parquet({quoted(without_glob(self._path(name)))})"
        held = {column for column, *_ in workspace.run(f"DESCRIBE SELECT * FROM {source}")}
        columns = [
            column if column in held else f"CAST(NULL AS {sql_type(kind)}) AS {column}"
            for column, (kind, _) in table.fields().items()
        ]
        where = f" WHERE {KEPT}" if KEPT in held else ""
        return f"SELECT ligne, {', '.join(columns)} FROM {source}{where}"


def beside(precedent: Precedent | None, manifest: Manifest | None) -> Beside | None:
    """What the rules between deposits are given; None when there is no deposit before."""
    if precedent is None:
        return None
    if manifest is None:
        return Beside(precedent, rectificatif=False, debut_historique=None)
    return Beside(precedent, manifest.type_depot == "RECTIFICATIF", manifest.debut_historique)


def lines_of(lines: Sequence[int]) -> str:
    """« ligne 217 », « lignes 12 et 217 », « lignes 2 à 40, 52 et 60 »; neighbours together, none left out."""
    runs = [
        [line for _, line in run] for _, run in groupby(enumerate(sorted(lines)), key=lambda pair: pair[1] - pair[0])
    ]
    parts = [_run(run[0], run[-1]) for run in runs]
    said = " et ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
    return f"ligne{'s' * (len(lines) > 1)} {said}"


def _run(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}{' à ' if last - first > 1 else ', '}{last}"

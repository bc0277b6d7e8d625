"""Each rule on rows raises its finding at its place on its failing examples, and nothing on its passing ones.

Examples that can share a deposit do: their identifiers get a prefix of their own, and their findings are told apart by
their lines. Those that share one name the same tables besides those that every deposit has, since a table that is there
makes the references to it count. The others (tables whose rows no identifier tells apart, and `seul`) have a deposit
each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.packages import ALWAYS_THERE, DEFAULTS, files, graver, judge, with_manifest, write_folder
from tests.rules.row_examples import CASES

Tables = dict[str, Sequence[Mapping[str, str]]]
Places = set[tuple[str, str | None, int | None, str | None]]

ALWAYS: dict[str, list[dict[str, str]]] = {"dossier": [{}], "etape_accueil": [{}], "test_langue": [{}]}
IDENTIFIERS = (
    "dossier_id",
    "personne_ref",
    "test_id",
    "convention_id",
    "inscription_id",
    "attestation_id",
    "remplace_attestation_id",
    "transfert_id",
    "operateur_id",
    "session_id",
    "bureau_id",
    "partenariat_id",
    "accompagnement_id",
    "plan_id",
    "reunion_id",
    "activite_id",
    "formation_id",
)
WITHOUT_IDENTIFIER = {"stat_locale", "flux_commune", "agg_obligation", "interpretariat", "ressources"}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Places]:
    """Case → places of its findings, lines counted as if it were alone."""
    together: defaultdict[frozenset[str], dict[str, Tables]] = defaultdict(dict)
    results: dict[str, Places] = {}
    for case, tables in map(_tables, CASES):
        if _is_alone(case):
            results |= _judge_together({case: tables}, tmp_path_factory.mktemp("seul"), prefixed=False)
        else:
            together[frozenset(tables) - set(ALWAYS_THERE)][case] = tables
    for cases in together.values():
        results |= _judge_together(cases, tmp_path_factory.mktemp("ensemble"))
    return results


@pytest.mark.parametrize("case", CASES)
def test_the_rule_is_raised_at_its_place_and_nowhere_else(case: str, found: Mapping[str, Places]) -> None:
    code, example = CASES[case]
    expected = {_place(f"{code} {place}") for place in example.get("constats", [])}
    assert bool(expected) == ("-echoue-" in case)
    assert found[case] == expected | {_place(place) for place in example.get("aussi", [])}


def _tables(case: str) -> tuple[str, Tables]:
    tables = {**ALWAYS, **CASES[case][1]["tables"]}
    return case, {name: [{**DEFAULTS[name], **row} for row in rows] for name, rows in tables.items()}


def _is_alone(case: str) -> bool:
    example = CASES[case][1]
    return "seul" in example or not WITHOUT_IDENTIFIER.isdisjoint(example["tables"])


def _judge_together(cases: Mapping[str, Tables], folder: Path, prefixed: bool = True) -> dict[str, Places]:
    """The findings of several cases in one deposit."""
    rows: dict[str, list[dict[str, str]]] = {name: [] for tables in cases.values() for name in tables}
    owners: dict[tuple[str, int], tuple[str, int]] = {}
    for number, (case, tables) in enumerate(cases.items()):
        for name, given in tables.items():
            for line, row in enumerate(given, 2):
                rows[name].append(_prefix(row, f"e{number}_") if prefixed else dict(row))
                owners[name, len(rows[name]) + 1] = (case, line)
    package = with_manifest(files(rows), methode_pseudo="P1", version_cle="2026-a")  # the key of the examples
    verdict = judge(write_folder(folder / "depot", package), folder / "sortie")
    results: dict[str, Places] = {case: set() for case in cases}
    for code, table, ligne, colonne in graver(verdict):
        assert table is not None
        assert ligne is not None
        case, line = owners[table, ligne]
        results[case].add((code, table, line, colonne))
    return results


def _prefix(row: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {column: prefix + cell if column in IDENTIFIERS and cell else cell for column, cell in row.items()}


def _place(text: str) -> tuple[str, str, int, str]:
    code, table, ligne, colonne = text.split()
    return code, table, int(ligne), colonne

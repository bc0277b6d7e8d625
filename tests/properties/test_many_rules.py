"""Many rules that read the same are asked of combinations of values, and say of any row what the oracle says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from intercentre.validation import direct
from intercentre.validation.combinations import MANY, arrange
from intercentre.validation.direct import sketch_direct
from intercentre.validation.expressions import quoted
from intercentre.validation.workspace import Workspace, create_lists, load_direct
from schemas.contract import RowRule, row_rule
from schemas.extracts.dossier import Dossier
from schemas.findings import Severity
from schemas.nomenclatures import nomenclature
from tests.packages import DEFAULTS, csv_bytes
from tests.properties.test_compiled_contract import DATE_ETAT, compare_with_oracle, rows_of

AGES = range(-3, MANY)
STATUSES = tuple(nomenclature("statut_public").entries)
SEXES = ("F", "X")
TITLES = (None, *nomenclature("titre").entries)


def _add(table: type[Dossier], code: str, columns: tuple[str, ...], sql: str, holds: Callable[[Any], bool]) -> None:
    """The table has one more rule on its rows."""
    attach = row_rule(
        code, Severity.A_EXPLIQUER, columns=columns, sql=sql, titre="Essai", message="Essai.", remede="Aucun."
    )
    setattr(table, code.lower(), attach(holds))


def _age(row: Any) -> int | None:
    return None if row.annee_naissance is None else int(row.date_ouverture.year - row.annee_naissance)


def _with_many_rules() -> type[Dossier]:
    class ManyRules(Dossier):
        """Dossier with a rule for each age, one for each status and title, and two that share the age."""

    age = "year(date_ouverture) - annee_naissance"
    for years in AGES:
        _add(
            ManyRules,
            f"XA{years}",
            ("annee_naissance", "date_ouverture"),
            f"{age} = {years}",
            lambda row, years=years: _age(row) != years,
        )
    for status in STATUSES:
        for title in TITLES:
            value = quoted(title) if title else "NULL"
            _add(
                ManyRules,
                f"XT{status}{title}",
                ("titre_sejour", "statut_public"),
                f"statut_public = '{status}' AND titre_sejour IS NOT DISTINCT FROM {value}",
                lambda row, status=status, title=title: (row.statut_public, row.titre_sejour) != (status, title),
            )
    for sex in SEXES:
        _add(
            ManyRules,
            f"XS{sex}",
            ("sexe", "annee_naissance", "date_ouverture"),
            f"sexe = '{sex}' AND {age} = 40",
            lambda row, sex=sex: row.sexe != sex or _age(row) != 40,
        )
    return ManyRules


TABLE = _with_many_rules()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    opened = Workspace.open(centre="CAI", date_etat=DATE_ETAT, scratch=tmp_path_factory.mktemp("travail"))
    create_lists(opened, [TABLE])
    yield opened
    opened.close()


def test_the_rules_of_the_table_are_asked_in_both_ways() -> None:
    """Of Dossier's own, V23 is on the age alone, and V26 on the status and the title."""
    arranged = arrange(TABLE.rules(), ())
    assert [len(group.rules) for group in arranged.together] == [1 + len(AGES), 1 + len(STATUSES) * len(TITLES)]
    assert len(arranged.each_row) == len(Dossier.rules()) - 2 + len(SEXES)
    assert list(arranged.terms.values()) == ['("year"(date_ouverture) - annee_naissance)']


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.reuse, Phase.generate))
@given(rows=rows_of(TABLE))
def test_any_row_is_judged_as_the_oracle_does(workspace: Workspace, rows: list[list[str]]) -> None:
    compare_with_oracle(workspace, TABLE, rows)


class OnlyAges(TABLE):  # type: ignore[misc, valid-type]
    """The rules on the age alone: none is asked of each row."""

    @classmethod
    def rules(cls) -> tuple[RowRule, ...]:
        return tuple(rule for rule in super().rules() if rule.finding.code.startswith("XA"))


def test_a_table_whose_rules_all_read_the_same_is_judged_as_the_oracle_does(workspace: Workspace) -> None:
    assert not arrange(OnlyAges.rules(), ()).each_row
    written = [DEFAULTS["dossier"] | {"annee_naissance": year} for year in ("1990", "2026", "", "abc")]
    compare_with_oracle(workspace, OnlyAges, [[row.get(name, "") for name in OnlyAges.fields()] for row in written])


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.reuse, Phase.generate))
@given(
    cells=st.lists(
        st.tuples(
            st.sampled_from(["1990", " 1990", "1 990", "2026", "2030", "1976", "", "abc"]),
            st.sampled_from(["2026-01-15", "15/01/2026", "46037", "2016-05-20", "", "hier"]),
            st.sampled_from(["A", " A", "C", "K", "", "?"]),
            st.sampled_from(["OBLIGE", "OBLIGE ", "VOLONTAIRE", "", "?"]),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_values_that_come_late_are_asked_too(workspace: Workspace, cells: list[tuple[str, ...]]) -> None:
    """Cells that only the long way reads, and cells that nothing reads, in the columns of the rules."""
    columns = ("annee_naissance", "date_ouverture", "titre_sejour", "statut_public")
    rows = [{**DEFAULTS["dossier"], **dict(zip(columns, row, strict=True))} for row in cells]
    compare_with_oracle(workspace, TABLE, [[row.get(column, "") for column in TABLE.fields()] for row in rows])


def test_a_large_file_tells_the_same_with_its_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By hand: the age is 17 on lines 3, 4 and 6; on line 5 the year, and on line 7 the day, cannot be read."""
    monkeypatch.setattr(direct, "SMALLEST", 0)
    told = [
        {},
        {"annee_naissance": "2009"},
        {"annee_naissance": "2 009"},
        {"annee_naissance": "abc"},
        {"annee_naissance": "2009", "date_ouverture": "16/01/2026"},
        {"annee_naissance": "2009", "date_ouverture": "hier"},
    ]
    rows = [{**DEFAULTS["dossier"], **row, "dossier_id": f"D-{at}"} for at, row in enumerate(told)]
    source = tmp_path / "dossier.csv"
    source.write_bytes(csv_bytes("dossier", rows))
    sketch = sketch_direct(source, TABLE)
    assert sketch is not None
    opened = Workspace.open(centre="CAI", date_etat=DATE_ETAT, scratch=tmp_path, with_texts=True)
    with closing(opened) as workspace:
        create_lists(workspace, [TABLE])
        load_direct(workspace, TABLE, sketch)
        found = workspace.run("SELECT ligne, colonne, brut FROM constats WHERE code = 'XA17' ORDER BY ligne")
        titled = workspace.run("SELECT ligne, colonne, brut FROM constats WHERE code = 'XTOBLIGEA' ORDER BY ligne")
    assert found == [
        (3, "annee_naissance", "2009"),
        (4, "annee_naissance", "2 009"),
        (6, "annee_naissance", "2009"),
    ]
    assert titled == [(ligne, "titre_sejour", "A") for ligne in range(2, 8)]

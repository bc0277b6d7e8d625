"""A code is judged on the day of its row: the last day on which it held, and the day after."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from schemas.extracts import TABLES
from schemas.oracle import RowJudgement, judge

DATE_ETAT = date(2026, 9, 30)
LETTERS = date(2021, 10, 10)  # the last day of the former letters of residence titles
REFORM, MERGER = date(2018, 12, 31), date(2024, 12, 1)  # the last days of the former codes of communes

TITLES = [("C", "K"), ("D", "L"), ("E", "EU"), ("E+", "EU+")]
COMMUNES = [
    ("52043", "55086", REFORM),
    ("52063", "55085", REFORM),
    ("54007", "57096", REFORM),
    ("54010", "57097", REFORM),
    ("55010", "51067", REFORM),
    ("55022", "58001", REFORM),
    ("55023", "51069", REFORM),
    ("55039", "51068", REFORM),
    ("56011", "58002", REFORM),
    ("56085", "58003", REFORM),
    ("56087", "58004", REFORM),
    ("82003", "82039", MERGER),
    ("82005", "82039", MERGER),
]


def _judge(table: str, **row: str) -> RowJudgement:
    return judge(TABLES[table], row, DATE_ETAT)


@pytest.mark.parametrize(("former", "present"), TITLES)
def test_a_former_letter_of_a_title_is_mapped_from_its_last_day_on(former: str, present: str) -> None:
    then = _judge("dossier", titre_sejour=former, date_titre=LETTERS.isoformat())
    later = _judge("dossier", titre_sejour=former, date_titre=(LETTERS + timedelta(1)).isoformat())
    undated = _judge("dossier", titre_sejour=former)
    assert (then.values["titre_sejour"], ("V16", "titre_sejour") in then.findings) == (former, False)
    assert (later.values["titre_sejour"], ("V16", "titre_sejour") in later.findings) == (present, True)
    assert (undated.values["titre_sejour"], ("V16", "titre_sejour") in undated.findings) == (present, True)


@pytest.mark.parametrize(("former", "present", "last"), COMMUNES)
@pytest.mark.parametrize(
    ("table", "column", "day"),
    [
        ("dossier", "commune_refnis", "date_ouverture"),
        ("session_offre", "commune_refnis", "date_debut"),
        ("plateforme_reunion", "commune_refnis", "date"),
        ("activite", "commune_refnis", "date_debut"),
        ("stat_locale", "commune_refnis", "date_source"),
        ("pli_action", "territoire", "plan_debut"),
    ],
)
def test_a_former_commune_is_mapped_from_its_last_day_on(
    table: str, column: str, day: str, former: str, present: str, last: date
) -> None:
    then = _judge(table, **{column: former, day: last.isoformat()})
    later = _judge(table, **{column: former, day: (last + timedelta(1)).isoformat()})
    assert (then.values[column], ("V17-M", column) in then.findings) == (former, False)
    assert (later.values[column], ("V17-M", column) in later.findings) == (present, True)


@pytest.mark.parametrize(("month", "read", "mapped"), [("2024-12", "82003", False), ("2025-01", "82039", True)])
def test_a_month_is_judged_on_its_first_day(month: str, read: str, mapped: bool) -> None:
    judged = _judge("flux_commune", commune_refnis="82003", mois=month)
    assert (judged.values["commune_refnis"], ("V17-M", "commune_refnis") in judged.findings) == (read, mapped)


@pytest.mark.parametrize("table", ["operateur", "bureau", "partenariat"])
def test_what_has_no_day_of_its_own_is_judged_on_the_day_of_state(table: str) -> None:
    judged = _judge(table, commune_refnis="82005", ouvert_du="2016-09-01", date_debut="2016-09-01")
    assert judged.values["commune_refnis"] == "82039"
    assert ("V17-M", "commune_refnis") in judged.findings


def test_each_code_of_a_set_is_judged() -> None:
    judged = _judge("pli_action", plan_debut="2025-01-01", territoire="92094,82003 | 82005 55022")
    assert judged.values["territoire"] == "58001 82039 92094"
    assert {code for code, column in judged.findings if column == "territoire"} == {"V17-M"}


def test_a_code_that_begins_later_is_admitted_since_an_export_restates_the_past() -> None:
    judged = _judge("dossier", commune_refnis="82039", date_ouverture="2020-01-01", titre_sejour="K")
    assert judged.values["commune_refnis"] == "82039"
    assert not {("V17", "commune_refnis"), ("V17-M", "commune_refnis")} & judged.findings

"""Words and formats of the pages."""

from __future__ import annotations

from datetime import UTC, date, datetime

from intercentre.portal.words import (
    SHORT,
    SHORT_DEPOSIT,
    STATUSES,
    centre,
    instant,
    jour,
    numero,
    periode,
    table,
    taille,
)
from schemas.exchanges.agreement import Opinion, RoundState
from schemas.exchanges.verdict import Decision
from schemas.extracts import TABLES
from schemas.findings import Severity


def test_dates_are_said_in_local_time() -> None:
    assert jour(date(2026, 11, 1)) == "1er novembre 2026"
    assert jour(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == "1er janvier 2027"
    assert instant(datetime(2026, 7, 1, 8, 5)) == "1er juillet 2026 à 10\u00a0h\u00a005"
    assert jour(None) == instant(None) == "non renseigné"


def test_sizes_have_a_comma_and_no_useless_decimal() -> None:
    assert [taille(octets) for octets in (1, 999, 1_000, 1_234_567, 200_000_000, 3_500_000_000)] == [
        "1 octet", "999 octets", "1\u202fko", "1,2\u202fMo", "200\u202fMo", "3,5\u202fGo",
    ]  # fmt: skip


def test_every_table_has_words_of_its_own() -> None:
    labels = [table(name) for name in TABLES]
    assert len(set(labels)) == len(TABLES)
    assert not any("_" in label for label in labels)
    assert (table("dossier"), numero("dossier"), numero("inconnue")) == ("Dossiers", "T01", "")


def test_every_state_there_is_has_a_badge() -> None:
    states = {*Decision, *Severity, *RoundState, *Opinion, "recu", "reporte", "manquant", "non_fournie"}
    assert {str(state) for state in states} <= set(STATUSES)
    assert all(status.mot and status.icone and status.ton for status in STATUSES.values())
    assert set(SHORT) == set(SHORT_DEPOSIT)


def test_names_are_those_of_the_nomenclature() -> None:
    assert centre("CERAIC") == "CeRAIC"
    assert centre("STATBEL") == "STATBEL"
    assert periode("2026-T3") == "3e trimestre 2026 (2026-T3)"

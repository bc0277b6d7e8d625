"""Findings grouped for a person: by nature, the gravest first, none lost."""

from __future__ import annotations

from intercentre.portal.verdicts import PAGE_ROWS, page_of
from intercentre.validation.grouping import FIRST_PLACES, group_findings
from schemas.exchanges.verdict import Decision, Verdict
from schemas.findings import Finding, Severity


def finding(code: str, severite: Severity, ligne: int | None = None, message: str = "m", **place: str) -> Finding:
    return Finding(code, severite, message, "r", table="dossier", fichier="dossier.csv", ligne=ligne, **place)  # type: ignore[arg-type]


def test_groups_come_by_gravity_then_by_number() -> None:
    found = [
        finding("V63", Severity.INFORMATION),
        *(finding("V24", Severity.A_CORRIGER, line) for line in (2, 3)),
        finding("V22", Severity.A_EXPLIQUER, 4),
        *(finding("V20", Severity.A_CORRIGER, line) for line in (5, 6, 7)),
        finding("V01", Severity.BLOQUANT),
    ]
    groups = group_findings(found)
    assert [(group.code, group.nombre) for group in groups] == [
        ("V01", 1), ("V20", 3), ("V24", 2), ("V22", 1), ("V63", 1),
    ]  # fmt: skip
    assert sum(group.nombre for group in groups) == len(found)


def test_a_group_shows_its_first_places_and_counts_all() -> None:
    group = group_findings([finding("V24", Severity.A_CORRIGER, line, colonne="sexe") for line in range(2, 102)])[0]
    assert group.nombre == 100
    assert len(group.lieux) == FIRST_PLACES
    assert group.lieux[0] == "dossier.csv, ligne 2, colonne sexe"


def test_one_code_with_two_messages_is_two_groups() -> None:
    two = [finding("V04", Severity.BLOQUANT, message="avant"), finding("V04", Severity.BLOQUANT, message="après")]
    assert len(group_findings(two)) == 2


def test_a_code_that_left_the_catalogue_is_still_shown() -> None:
    assert group_findings([finding("ANCIEN-1", Severity.A_CORRIGER, 2)])[0].titre == "ANCIEN-1"


def test_places_are_said_in_words() -> None:
    assert Finding("V01", Severity.BLOQUANT, "m", "r").lieu == "le dépôt entier"
    sheet = finding("V15", Severity.A_CORRIGER, 7, feuille="Feuil1", colonne="sexe")
    assert sheet.lieu == "dossier.csv, feuille « Feuil1 », ligne 7, colonne sexe"


def test_pages_hold_every_finding_once() -> None:
    lines = range(2, 2 + 2 * PAGE_ROWS + 1)
    verdict = Verdict(
        verdict=Decision.REFUSE, centre="CAI", periode="2026-T3", version_contrat="1.0.0", regles_sha256="0" * 64,
        niveau=1, tables=(), constats=tuple(finding("V24", Severity.A_CORRIGER, line) for line in lines),
    )  # fmt: skip
    shown = [constat.ligne for page in (1, 2, 3) for constat in page_of(verdict, page).constats]
    assert shown == list(lines)
    assert page_of(verdict, 99).page == 3
    assert page_of(verdict, -5).page == 1

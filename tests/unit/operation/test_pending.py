"""What stood still and is announced again; what waits for its approval."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot, Journal, Publication, Tour
from intercentre.operation.approvals import (
    NotAPersonError,
    agreed_round,
    agreements_to_announce,
    approver,
    record_answer,
)
from intercentre.operation.incidents import record_failure
from intercentre.operation.pending import by_centre, pending_deposits, period_to_refresh, periods_without_round
from schemas.period import Period

T3 = Period(2026, 3)


def add_deposit(
    hub: Hub, depot_id: str, etat: str, *, centre: str = "CAI", periode: str = "2026-T3", prepare: bool = False
) -> None:
    with hub.registry.change() as change:
        change.session.add(
            Depot(
                depot_id=depot_id, numero=change.next_number(Depot.numero), centre_code=centre, periode=periode,
                canal="api", fichier="d.zip", octets=1, sha256=depot_id, recu_le=change.instant, recepisse="{}",
                etat=etat, prepare=prepare,
            )
        )  # fmt: skip


def add_round(hub: Hub, tour_id: str, etat: str, *, periode: str = "2026-T3") -> None:
    with hub.registry.change() as change:
        change.session.add(
            Tour(
                tour_id=tour_id, periode=periode, empreinte=tour_id, ouvert_le=change.instant,
                echeance=change.instant, quorum=5, etat=etat,
            )
        )  # fmt: skip


def journal(hub: Hub) -> list[tuple[str, str, dict[str, object]]]:
    with hub.registry.read() as session:
        lines = session.execute(select(Journal).order_by(Journal.numero)).scalars()
        return [(line.action, line.objet, json.loads(line.details)) for line in lines]


def test_deposits_go_centre_by_centre_the_earlier_periods_first(hub: Hub) -> None:
    add_deposit(hub, "cai-t3", "recu")
    add_deposit(hub, "cric-t3", "recu", centre="CRIC")
    add_deposit(hub, "cai-t2", "recu", periode="2026-T2")
    add_deposit(hub, "cai-t3-encore", "recu")
    add_deposit(hub, "cai-2025", "recu", periode="2025")
    asked = ["cai-t3", "cric-t3", "cai-t2", "cai-t3-encore", "cai-2025", "cai-t3"]
    assert by_centre(hub, asked) == [["cai-2025", "cai-t2", "cai-t3", "cai-t3-encore"], ["cric-t3"]]
    assert by_centre(hub, []) == []


def test_deposits_without_verdict_or_without_rows_are_pending(hub: Hub, clock: Callable[[], object]) -> None:
    add_deposit(hub, "jamais-juge", "recu")
    add_deposit(hub, "compte", "accepte", prepare=True)
    add_deposit(hub, "pas-prepare", "accepte_avec_quarantaine")
    add_deposit(hub, "refuse", "refuse")
    assert pending_deposits(hub) == []  # somebody may be at work on them
    clock.advance(minutes=11)  # type: ignore[attr-defined]
    add_deposit(hub, "vient-d-arriver", "recu")
    assert pending_deposits(hub) == ["jamais-juge", "pas-prepare"]


def test_a_quarter_is_its_own_and_a_year_enters_the_last_quarter(hub: Hub) -> None:
    add_deposit(hub, "annee", "accepte", periode="2025", prepare=True)
    assert period_to_refresh(hub, "annee") is None
    add_deposit(hub, "t2", "accepte", periode="2026-T2", prepare=True)
    add_deposit(hub, "t3", "accepte", periode="2026-T3", prepare=True)
    add_deposit(hub, "t4", "recu", periode="2026-T4")
    assert period_to_refresh(hub, "t2") == Period(2026, 2)
    assert period_to_refresh(hub, "annee") == T3


def test_official_figures_enter_the_last_quarter_of_the_centres(hub: Hub) -> None:
    add_deposit(hub, "population", "accepte", centre="STATBEL", periode="2026-T1", prepare=True)
    assert period_to_refresh(hub, "population") is None
    add_deposit(hub, "t3", "accepte", periode="2026-T3", prepare=True)
    add_deposit(hub, "population-2027", "accepte", centre="STATBEL", periode="2027-T1", prepare=True)
    assert period_to_refresh(hub, "population") == T3
    assert period_to_refresh(hub, "population-2027") == T3


def test_figures_past_their_due_day_without_a_round(hub: Hub, clock: Callable[[], object]) -> None:
    for periode in ("2026-T2", "2026-T3"):
        hub.home.protected(periode).mkdir(parents=True)
    assert hub.now().date() == date(2026, 10, 12)  # 2026-T3 is due on 30 October
    assert periods_without_round(hub) == [Period(2026, 2)]
    clock.advance(days=19)  # type: ignore[attr-defined]
    assert periods_without_round(hub) == [Period(2026, 2), T3]
    add_round(hub, "2026-T2-tour-1", "rejete", periode="2026-T2")
    assert periods_without_round(hub) == [T3]


def test_an_agreement_is_announced_until_its_approval_was_asked_for(hub: Hub) -> None:
    add_round(hub, "2026-T3-tour-1", "accorde")
    assert agreements_to_announce(hub) == [T3]
    assert agreed_round(hub, T3, again=False) == "2026-T3-tour-1"
    assert agreements_to_announce(hub) == []
    assert agreed_round(hub, T3, again=False) is None
    assert agreed_round(hub, T3, again=True) == "2026-T3-tour-1"
    asked = [objet for action, objet, _ in journal(hub) if action == "bon_a_publier_demande"]
    assert asked == ["2026-T3-tour-1", "2026-T3-tour-1"]


@pytest.mark.parametrize("etat", ["ouvert", "rejete", "sans_quorum", "remplace"])
def test_only_an_agreement_is_published(hub: Hub, etat: str) -> None:
    add_round(hub, "2026-T3-tour-1", etat)
    assert agreed_round(hub, T3, again=True) is None
    assert agreements_to_announce(hub) == []


def test_the_last_round_counts(hub: Hub, clock: Callable[[], object]) -> None:
    add_round(hub, "2026-T3-tour-1", "accorde")
    clock.advance(hours=1)  # type: ignore[attr-defined]
    add_round(hub, "2026-T3-tour-2", "ouvert")
    assert agreed_round(hub, T3, again=True) is None


def test_what_is_released_needs_no_approval(hub: Hub) -> None:
    add_round(hub, "2026-T3-tour-1", "accorde")
    with hub.registry.change() as change:
        change.session.add(
            Publication(
                version="2026-T3.1", periode="2026-T3", tour_id="2026-T3-tour-1", empreinte="e",
                manifeste_sha256="m", publie_le=change.instant,
            )
        )  # fmt: skip
    assert agreed_round(hub, T3, again=True) is None
    assert agreements_to_announce(hub) == []


def test_the_answer_is_journaled_with_its_author(hub: Hub) -> None:
    person = {"id": "admin", "name": "admin"}
    record_answer(hub, "tour-1", {"chosen_options": ["Approve"], "responded_by_user": person})
    record_answer(hub, "tour-2", {"chosen_options": ["Reject"], "responded_by_user": person})
    record_answer(hub, "tour-3", {"chosen_options": ["Reject"], "responded_by_user": None})
    record_answer(hub, None, None)
    assert journal(hub) == [
        ("bon_a_publier_donne", "tour-1", {"par": "admin"}),
        ("bon_a_publier_refuse", "tour-2", {"par": "admin"}),
        ("bon_a_publier_refuse", "tour-3", {"par": "personne"}),
    ]


def test_the_portal_does_not_approve_in_a_persons_place(make_hub: Callable[..., Hub]) -> None:
    hub = make_hub(airflow_compte="service-du-portail")
    assert approver(hub, {"chosen_options": ["Approve"], "responded_by_user": {"id": "1", "name": "Direction"}}) == (
        "Direction"
    )
    for name in ("portail", "service-du-portail"):
        with pytest.raises(NotAPersonError):
            approver(hub, {"chosen_options": ["Approve"], "responded_by_user": {"id": "2", "name": name}})
    with pytest.raises(NotAPersonError):
        approver(hub, {"chosen_options": ["Approve"], "responded_by_user": None})


def test_a_failed_task_leaves_its_kind_and_nothing_of_its_message(hub: Hub) -> None:
    record_failure(hub, "collecte_cai", "valider", 3, "2026-T3", "ValueError")
    assert journal(hub) == [
        ("tache_en_echec", "collecte_cai.valider", {"essai": 3, "periode": "2026-T3", "nature": "ValueError"})
    ]

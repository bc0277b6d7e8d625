"""What becomes of an anomaly: explained by a centre, closed by DISCRI, open again when it comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from intercentre.concertation import ConcertationRefusee, close_anomaly, explain_anomaly, followed_anomalies
from intercentre.concertation.anomalies import FILE, write_anomalies
from intercentre.concertation.detection import Anomaly
from intercentre.concertation.follow_up import FollowedAnomaly, Step, fingerprint, follow
from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Journal, SuiteAnomalie

FOUND = Anomaly("ANO-001", "I24", "2026-T3", ("CAI",), "CAI est à 41 %.", "Regardez.")
LATER = replace(FOUND, periode="2026-T4", phrase="CAI est à 43 %.")
MOVES = Anomaly("ANO-003", "I55", "2026-T3", ("CAI", "CRIC"), "12 transferts sur 20.", "Comparez.")


def step(anomaly: Anomaly, etat: str) -> Step:
    at = datetime(2026, 10, 12, tzinfo=UTC)
    return Step(anomaly.anomalie_id, anomaly.periode, fingerprint(anomaly), etat, None, "Vu.", at)


@pytest.mark.parametrize(
    ("anomaly", "steps", "etat"),
    [
        (FOUND, [], "ouverte"),
        (FOUND, [step(FOUND, "expliquee")], "expliquee"),
        (FOUND, [step(FOUND, "expliquee"), step(FOUND, "close")], "close"),
        (LATER, [step(FOUND, "expliquee"), step(FOUND, "close")], "rouverte"),
        (LATER, [step(FOUND, "expliquee")], "ouverte"),
        (LATER, [step(FOUND, "close"), step(LATER, "expliquee")], "expliquee"),
        (replace(FOUND, phrase="CAI est à 44 %."), [step(FOUND, "close")], "rouverte"),
        (FOUND, [step(LATER, "close")], "ouverte"),
        (FOUND, [step(FOUND, "close"), step(LATER, "expliquee")], "close"),
    ],
)
def test_the_state_follows_from_the_steps_and_the_figures(anomaly: Anomaly, steps: list[Step], etat: str) -> None:
    assert follow(anomaly, steps).anomalie.etat == etat


def leave(hub: Hub, periode: str, *found: Anomaly) -> None:
    folder = hub.home.anomalies(periode)
    folder.mkdir(parents=True, exist_ok=True)
    write_anomalies(folder / FILE, list(found))


def states(hub: Hub, periode: str, centre: str | None = None) -> dict[str, str]:
    return {one.anomalie.anomalie_id: one.anomalie.etat for one in followed_anomalies(hub, periode, centre)}


def test_it_is_explained_closed_and_opens_again(hub: Hub) -> None:
    leave(hub, "2026-T3", FOUND, MOVES)
    explain_anomaly(hub, "2026-T3", FOUND.anomalie_id, "CAI", "  Une antenne \n a fermé. ", "cai")
    assert states(hub, "2026-T3") == {FOUND.anomalie_id: "expliquee", MOVES.anomalie_id: "ouverte"}
    close_anomaly(hub, "2026-T3", FOUND.anomalie_id, "Convenu le 12.", "discri")
    leave(hub, "2026-T4", LATER)
    assert states(hub, "2026-T4") == {LATER.anomalie_id: "rouverte"}
    (one,) = followed_anomalies(hub, "2026-T4", "CAI")
    assert [(pas.etat, pas.centre, pas.motif) for pas in one.suite] == [
        ("expliquee", "CAI", "Une antenne a fermé."),
        ("close", None, "Convenu le 12."),
    ]
    assert states(hub, "2026-T3", "CRIC") == {MOVES.anomalie_id: "ouverte"}


def test_every_step_stays_and_is_in_the_journal_without_its_reason(hub: Hub) -> None:
    leave(hub, "2026-T3", FOUND)
    explain_anomaly(hub, "2026-T3", FOUND.anomalie_id, "CAI", "Une antenne a fermé.", "cai")
    explain_anomaly(hub, "2026-T3", FOUND.anomalie_id, "CAI", "Deux antennes.", "cai")
    with hub.registry.read() as session:
        kept = [row.motif for row in session.scalars(select(SuiteAnomalie).order_by(SuiteAnomalie.numero))]
        lines = list(session.scalars(select(Journal).where(Journal.action == "anomalie_expliquee")))
    assert kept == ["Une antenne a fermé.", "Deux antennes."]
    assert [(line.acteur, line.objet, line.details) for line in lines] == [
        ("cai", FOUND.anomalie_id, '{"centre":"CAI"}')
    ] * 2


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda hub, one: explain_anomaly(hub, "2026-T3", one, "CRIC", "Vu.", "cric"), "ne concerne pas votre centre"),
        (lambda hub, one: explain_anomaly(hub, "2026-T3", one, "CAI", " ", "cai"), "Dites en une phrase"),
        (lambda hub, one: explain_anomaly(hub, "2026-T3", one, "CAI", "a" * 601, "cai"), "600 caractères"),
        (lambda hub, one: explain_anomaly(hub, "2026-T3", one, "CAI", "Voir a@b.be", "cai"), "ni adresse"),
        (lambda hub, one: close_anomaly(hub, "2026-T3", "ANO-009", "Vu.", "discri"), "n'est plus relevée"),
    ],
)
def test_refusals(hub: Hub, act: Callable[[Hub, str], None], said: str) -> None:
    leave(hub, "2026-T3", FOUND)
    with pytest.raises(ConcertationRefusee, match=said):
        act(hub, FOUND.anomalie_id)
    assert states(hub, "2026-T3") == {FOUND.anomalie_id: "ouverte"}


def test_what_is_closed_is_neither_explained_nor_closed_again(hub: Hub) -> None:
    leave(hub, "2026-T3", FOUND)
    close_anomaly(hub, "2026-T3", FOUND.anomalie_id, "Convenu.", "discri")
    with pytest.raises(ConcertationRefusee, match="est close"):
        explain_anomaly(hub, "2026-T3", FOUND.anomalie_id, "CAI", "Vu.", "cai")
    with pytest.raises(ConcertationRefusee, match="déjà close"):
        close_anomaly(hub, "2026-T3", FOUND.anomalie_id, "Convenu.", "discri")
    assert followed_anomalies(hub, "2026-T3")[0] == FollowedAnomaly(
        replace(FOUND, etat="close"), followed_anomalies(hub, "2026-T3")[0].suite
    )

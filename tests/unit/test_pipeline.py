"""The whole way in one process: the simulated agreement."""

from __future__ import annotations

import duckdb
import pytest

from intercentre.concertation import cast_vote, open_round, reservations, round_status
from intercentre.core.hub import Hub
from intercentre.pipeline import PipelineError, agree_simulated, run
from schemas.exchanges.agreement import Opinion, RoundState, Vote
from schemas.period import Period
from tests.staged import register, stage


def test_the_simulated_agreement_leaves_what_a_centre_said(hub: Hub) -> None:
    folder = hub.home.protected("2026-T3")
    folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT 'I21' AS indicateur, 3.0 AS valeur) TO '{folder / 'observations.parquet'}'")
    tour_id = open_round(hub, "2026-T3")
    cast_vote(hub, tour_id, "CRIC", Vote(avis=Opinion.RESERVE, motif="À relire", indicateurs=("I21",)), "cric")
    agree_simulated(hub, tour_id)
    status = round_status(hub, tour_id)
    assert status.etat is RoundState.ACCORDE
    assert {place.centre: place.motif for place in status.places}["CRIC"] == "À relire"
    assert [(kept.centre, kept.motif) for kept in reservations(hub, tour_id)] == [("CRIC", "À relire")]
    assert sum(place.motif == "Accord simulé" for place in status.places) == 7


def test_the_simulated_agreement_takes_no_opposition_back(hub: Hub) -> None:
    folder = hub.home.protected("2026-T3")
    folder.mkdir(parents=True)
    for value in (3.0, 4.0):
        with duckdb.connect() as connection:
            connection.execute(
                f"COPY (SELECT 'I21' AS indicateur, {value} AS valeur) TO '{folder / 'observations.parquet'}'"
            )
        tour_id = open_round(hub, "2026-T3")
        if value == 3.0:
            cast_vote(hub, tour_id, "CRIC", Vote(avis=Opinion.OPPOSE, motif="Faux", indicateurs=("I21",)), "cric")
    agree_simulated(hub, tour_id)
    assert round_status(hub, tour_id).etat is RoundState.ACCORDE
    assert [(kept.centre, kept.motif) for kept in reservations(hub, tour_id)] == [("CRIC", "Faux")]


def test_no_release_of_a_period_that_is_not_over(hub: Hub) -> None:
    today = hub.now().date()
    for period in (Period.quarter_of(today), Period(today.year)):
        with pytest.raises(PipelineError, match="n'est pas terminée"):
            run(hub, depots=None, periode=period, until="publication", simulated_agreement=True, progress=print)
    assert not hub.home.releases.exists()


def test_no_vote_is_made_up_over_what_a_real_centre_deposited(hub: Hub) -> None:
    for centre, logiciel in (("CAI", "simulation-intercentre"), ("CRIC", "gestion-cri"), ("CRVI", None)):
        staged = stage(hub.home.root / "z1" / "extraits", centre, "2026-T3", {"dossier": []})
        register(hub, staged, logiciel=logiciel)
    with pytest.raises(PipelineError, match=r"celles de CRIC, CRVI n'en sont pas"):
        run(hub, depots=None, periode=Period(2026, 3), until="publication", simulated_agreement=True, progress=print)
    assert not hub.home.releases.exists()

"""What harmonisation reads of the registry and of earlier releases."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Publication, Tour, Voix
from intercentre.harmonisation.record import AgreedVersion, read_record, standing_rows
from schemas.exchanges.verdict import Decision, Merge, MergedCount, TableCount, Verdict
from schemas.period import Period
from tests.staged import register, stage

T2, T3 = Period(2026, 2), Period(2026, 3)


def verdict(**facts: object) -> str:
    counts = (TableCount(table="dossier", fichier="d.csv", lignes_lues=10, lignes_retenues=8, lignes_quarantaine=2),)
    given = Verdict(
        verdict=Decision.ACCEPTE_AVEC_QUARANTAINE, centre="CAI", periode="2026-T3", version_contrat="1.1.0",
        regles_sha256="0" * 64, niveau=1, tables=counts, constats=(),
    )  # fmt: skip
    return given.model_copy(update=facts).model_dump_json()


def test_rows_without_error_are_those_retained() -> None:
    assert standing_rows(verdict()) == (("dossier", 10, 8),)


def test_after_a_partial_deposit_they_are_those_of_the_whole() -> None:
    whole = MergedCount(
        table="dossier", avant_retenues=398, avant_quarantaine=2, apportees=2, remplacees=2, retirees=0,
        retenues=399, quarantaine=1,
    )  # fmt: skip
    merged = Merge(depot_complete="CAI-2026-T3-1", tables=(whole,))
    assert standing_rows(verdict(fusion=merged)) == (("dossier", 400, 399),)


def test_accepted_deposits_of_centres_up_to_the_period_are_read(hub: Hub, tmp_path: Path) -> None:
    register(hub, stage(tmp_path, "CAI", "2026-T2", {}, numero=1))
    register(hub, stage(tmp_path, "CAI", "2026-T3", {}, numero=2))
    register(hub, stage(tmp_path, "CRIC", "2026-T3", {}, numero=3), etat="refuse", prepare=False)
    register(hub, stage(tmp_path, "STATBEL", "2026-T1", {}, numero=4))
    register(hub, stage(tmp_path, "CAI", "2026-T4", {}, numero=5))
    assert [(one.centre_code, one.periode) for one in read_record(hub, T3).depots] == [("CAI", T2), ("CAI", T3)]


def published(hub: Hub, periode: Period, votes: list[tuple[str, str, list[str]]]) -> None:
    """A release of the period whose figures are I01 1.0.0 and I02 1.2.0, after a round with these votes."""
    version, moment = f"{periode}.1", datetime(2026, 11, 1, tzinfo=UTC)
    folder = hub.home.releases / version
    folder.mkdir(parents=True)
    duckdb.connect().execute(
        f"COPY (SELECT * FROM (VALUES ('I01', '1.0.0'), ('I01', '1.0.0'), ('I02', '1.2.0')) "
        f"AS t(indicateur, version_definition)) TO '{folder / 'indicateurs.parquet'}' (FORMAT parquet)"
    )
    tour_id = f"{periode}-tour-1"
    with hub.registry.change() as change:
        change.session.add(
            Tour(tour_id=tour_id, periode=str(periode), empreinte="0" * 64, ouvert_le=moment, echeance=moment,
                 quorum=5, etat="accorde")
        )  # fmt: skip
        change.session.flush()
        for centre, avis, codes in votes:
            change.session.add(
                Voix(tour_id=tour_id, centre_code=centre, avis=avis, motif="m", indicateurs=codes, emise_le=moment,
                     compte=centre)
            )  # fmt: skip
        change.session.add(
            Publication(version=version, periode=str(periode), tour_id=tour_id, empreinte="0" * 64,
                        manifeste_sha256="0" * 64, publie_le=moment)
        )  # fmt: skip


@pytest.mark.parametrize(
    ("codes", "agreed"), [(["I02"], {"I01": True, "I02": False}), ([], {"I01": False, "I02": False})]
)
def test_a_reservation_says_which_definitions_a_centre_did_not_agree_to(
    hub: Hub, codes: list[str], agreed: dict[str, bool]
) -> None:
    published(hub, T2, [("CAI", "reserve", codes), ("CRIC", "approuve", [])])
    found = read_record(hub, T3).accords
    assert {one.indicateur: one.est_accorde for one in found if one.centre_code == "CAI"} == agreed
    assert AgreedVersion("CRIC", T2, "I02", "1.2.0", True) in found
    assert AgreedVersion("CIMB", T2, "I02", "1.2.0", True) in found, "silence is agreement"
    assert len(found) == 16


def test_the_release_of_the_period_itself_is_not_read(hub: Hub) -> None:
    published(hub, T3, [])
    assert read_record(hub, T3).accords == ()
    assert date(2026, 9, 30) == T3.fin

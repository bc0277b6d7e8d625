"""A hub whose figures were written by hand: what the rooms before leave, ready to be voted and published.

Three indicators over 2026-T3: I01 (dossiers, with sexe), I21 (attestations), I53 (public statistics, communes).
Region = sum of the centres, worked out by hand: I01 12+30 = 42, of which F 7+18 = 25; I21 6+8 = 14.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from intercentre.concertation import cast_vote, open_round
from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot
from intercentre.core.settings import Settings
from intercentre.release import publish
from schemas.exchanges.agreement import Vote
from schemas.exchanges.release import OBSERVATION_COLUMNS
from schemas.exchanges.verdict import Decision, Verdict
from schemas.indicators import definitions

CENTRES = ("CAI", "CERAIC", "CIMB", "CRIBW", "CRIC", "CRILUX", "CRIPEL", "CRVI")


@dataclass(frozen=True)
class Figure:
    """One observation before protection; `masque` is what protection will say of it."""

    indicateur: str
    territoire_type: str
    territoire: str
    valeur: float | None
    dimension: str = "_T"
    modalite: str = "_T"
    numerateur: float | None = None
    denominateur: float | None = None
    unite: str = "dossiers"
    periode: str = "2026-T3"
    statut_obs: str = "definitif"
    masque: bool = False
    version: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        return (
            self.indicateur,
            self.periode,
            self.territoire_type,
            self.territoire,
            self.dimension,
            self.modalite,
        )

    def row(self, *, hidden: bool) -> tuple[object, ...]:
        numbers = (None, None, None) if hidden else (self.valeur, self.numerateur, self.denominateur)
        known = definitions().get(self.indicateur)
        version = self.version or (known.version if known else "1.0.0")
        return (
            self.indicateur, version, self.periode, self.territoire_type, self.territoire, self.dimension,
            self.modalite, *numbers, self.unite, self.statut_obs, "masque" if hidden else "libre", "8/8",
            "", date(2026, 10, 1),
        )  # fmt: skip


FIGURES = (
    Figure("I01", "region", "RLF", 42.0),
    Figure("I01", "region", "RLF", 25.0, "sexe", "F"),
    Figure("I01", "centre", "CAI", 12.0),
    Figure("I01", "centre", "CAI", 7.0, "sexe", "F"),
    Figure("I01", "centre", "CRIC", 30.0),
    Figure("I01", "centre", "CRIC", 18.0, "sexe", "F"),
    Figure("I01", "centre", "CRIC", 3.0, "sexe", "X", masque=True),
    Figure("I01", "commune", "92094", 9.0, statut_obs="provisoire"),
    Figure("I21", "region", "RLF", 14.0),
    Figure("I21", "centre", "CAI", 6.0),
    Figure("I21", "centre", "CRIC", 8.0),
    Figure("I53", "region", "RLF", 100 / 3, numerateur=1.0, denominateur=3.0, unite="%", periode="2015"),
    Figure("I53", "commune", "92094", 12.5, numerateur=1000.0, denominateur=8000.0, unite="%", periode="2015"),
)


def write_parquet(path: Path, columns: dict[str, str], rows: Iterable[tuple[object, ...]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as engine:
        engine.execute(f"CREATE TABLE t ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")
        engine.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(columns))})", list(rows))
        engine.execute(f"COPY t TO '{path}' (FORMAT parquet)")


def put_figures(hub: Hub, figures: Iterable[Figure] = FIGURES, periode: str = "2026-T3") -> None:
    """Observations before and after protection."""
    kept = tuple(figures)
    write_parquet(
        hub.home.protected(periode) / "observations.parquet",
        dict(OBSERVATION_COLUMNS),
        [figure.row(hidden=figure.masque) for figure in kept],
    )
    write_parquet(
        hub.home.observations(periode) / "observations.parquet",
        OBSERVATION_COLUMNS | {"effectif": "BIGINT", "secret": "VARCHAR"},
        [(*figure.row(hidden=False), 99, "protege") for figure in kept],
    )
    lists = ("centres_presents", "centres_reportes", "centres_manquants", "ruptures")
    write_parquet(
        hub.home.observations(periode) / "couverture.parquet",
        {"periode": "VARCHAR", "part_public_couverte": "DOUBLE"} | dict.fromkeys(lists, "VARCHAR[]"),
        [
            (one, 0.9, list(CENTRES[:6]), ["CRIPEL"], ["CRVI"], ["CENTRES", "REGIME"])
            for one in sorted({figure.periode for figure in kept} | {"1999"})
        ],
    )


def put_common(hub: Hub, periode: str = "2026-T3", *, cai: str = "CAI-2026-T3-aaaaaaaaaaaa") -> None:
    """Common tables: eight centres, one carried over, one missing; one official deposit."""
    folder, day = hub.home.common(periode), date(2026, 10, 1)
    present = [(code, f"{code}-2026-T3-bbbbbbbbbbbb", "2026-T3", day, "presente") for code in CENTRES[1:6]]
    rows = [
        ("CAI", cai, "2026-T3", day, "presente"),
        *present,
        ("CRIPEL", "CRIPEL-2026-T2-cccccccccccc", "2026-T2", date(2026, 7, 1), "reportee"),
        ("CRVI", None, None, None, "manquante"),
    ]
    columns = {
        "centre_code": "VARCHAR",
        "depot_id": "VARCHAR",
        "periode_depot": "VARCHAR",
        "date_etat": "DATE",
        "etat": "VARCHAR",
    }
    write_parquet(folder / "couverture.parquet", columns, rows)
    write_parquet(
        folder / "territoire.parquet",
        dict.fromkeys(
            ("commune", "nom", "centre_code", "arrondissement", "arrondissement_nom", "province", "province_nom"),
            "VARCHAR",
        ),
        [("92094", "Namur", "CAI", "92000", "Namur", "90000", "Namur")],
    )
    write_parquet(
        folder / "dossier.parquet",
        {"centre_code": "VARCHAR", "depot_id": "VARCHAR", "dossier_id": "VARCHAR", "sexe": "VARCHAR"},
        [("CAI", cai, "D-MARQUE-SECRETE-1", "F"), ("CRIC", "CRIC-2026-T3-bbbbbbbbbbbb", "D-MARQUE-SECRETE-2", "M")],
    )
    write_parquet(
        folder / "stat_locale.parquet",
        {"centre_code": "VARCHAR", "depot_id": "VARCHAR", "valeur": "DOUBLE"},
        [("STATBEL", "STATBEL-2026-T1-dddddddddddd", 8000.0)],
    )


def put_deposit(hub: Hub, depot_id: str, logiciel: str | None = "gestion-cri") -> None:
    centre, _, rest = depot_id.partition("-")
    with hub.registry.change() as change:
        change.session.add(
            Depot(
                depot_id=depot_id,
                numero=change.next_number(Depot.numero),
                centre_code=centre,
                periode=rest.rpartition("-")[0],
                canal="commande",
                fichier="depot.zip",
                octets=1,
                sha256="0" * 64,
                recu_le=datetime(2026, 10, 2, tzinfo=UTC),
                recepisse="{}",
                etat="accepte",
                prepare=True,
                verdict=Verdict(
                    verdict=Decision.ACCEPTE,
                    centre=centre,
                    periode="2026-T3",
                    version_contrat="1.0.0",
                    regles_sha256="e" * 64,
                    niveau=1,
                    tables=(),
                    constats=(),
                ).model_dump_json(),
                logiciel=logiciel,
            )
        )


def agree(hub: Hub, periode: str = "2026-T3", votes: dict[str, Vote] | None = None) -> str:
    """All eight vote: approval where `votes` says nothing else."""
    tour = open_round(hub, periode)
    for centre in CENTRES:
        cast_vote(hub, tour, centre, (votes or {}).get(centre, Vote(avis="approuve")), f"compte-{centre.lower()}")
    return tour


def prepare(hub: Hub) -> Hub:
    put_figures(hub)
    put_common(hub)
    put_deposit(hub, "CAI-2026-T3-aaaaaaaaaaaa")
    return hub


RESERVATION = Vote(avis="reserve", motif="Antenne de Jambes fermée en août.", indicateurs=("I21",))


@pytest.fixture
def ready(hub: Hub) -> Hub:
    """Figures protected, nothing voted yet."""
    return prepare(hub)


@pytest.fixture
def agreed(ready: Hub) -> Hub:
    """The eight agreed, CAI with a reservation on I21."""
    agree(ready, votes={"CAI": RESERVATION})
    return ready


@pytest.fixture
def release(agreed: Hub) -> Path:
    """A published release."""
    return publish(agreed, "2026-T3", approbateur="discri")


@pytest.fixture(scope="session")
def stable_hub(tmp_path_factory: pytest.TempPathFactory) -> Hub:
    """One published hub for all tests that only look: 2026-T3.1, CAI with a reservation on I21."""
    instant = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)
    hub = prepare(Hub(Settings(home=tmp_path_factory.mktemp("stable")), now=lambda: instant))
    agree(hub, votes={"CAI": RESERVATION})
    publish(hub, "2026-T3", approbateur="discri")
    return hub


@pytest.fixture(scope="session")
def stable(stable_hub: Hub) -> Path:
    """Its release: look, do not touch."""
    return stable_hub.home.releases / "2026-T3.1"


@dataclass(frozen=True)
class Desk:
    """What tests do on a hub, under names that read well."""

    put_figures: Callable[..., None] = put_figures
    put_common: Callable[..., None] = put_common
    put_deposit: Callable[..., None] = put_deposit
    prepare: Callable[[Hub], Hub] = prepare
    agree: Callable[..., str] = agree
    write_parquet: Callable[..., None] = write_parquet
    figures: tuple[Figure, ...] = FIGURES
    figure: type[Figure] = Figure

    def changed(self, *key: str, **facts: object) -> tuple[Figure, ...]:
        """The figures, one of them otherwise; `key` is indicateur, territoire, modalite."""
        found = [
            replace(figure, **facts)  # type: ignore[arg-type]
            if (figure.indicateur, figure.territoire, figure.modalite) == key
            else figure
            for figure in self.figures
        ]
        if found == list(self.figures):
            raise LookupError(key)
        return tuple(found)


@pytest.fixture(scope="session")
def desk() -> Desk:
    return Desk()

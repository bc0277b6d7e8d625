"""What a release is made from: the agreed figures, the round, the deposits behind them, the release before."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from intercentre.core.engine import open_engine
from intercentre.core.files import sha256_file
from intercentre.core.hub import Hub
from intercentre.core.registry.rounds import reservations_of, rounds_of
from intercentre.core.registry.tables import Depot, Publication, Tour
from intercentre.core.tables import rows_in, tables_in
from intercentre.release.refusal import PublicationRefusee
from intercentre.release.version import Version
from schemas.exchanges.agreement import Reservation, RoundState
from schemas.exchanges.manifest import SIMULATION
from schemas.exchanges.release import MANIFEST_NAME, CorrectionCount, ReleaseManifest
from schemas.exchanges.verdict import Verdict
from schemas.period import Period

CERTIFICATE = "protection.json"
RESTRICTED = "restreinte"
_FIGURES = "indicateurs.parquet"  # what the next release is compared with
_WHY_NOT = {
    RoundState.OUVERT: "le tour est encore ouvert ; attendez la décision des centres",
    RoundState.REJETE: "les centres l'ont rejetée ; corrigez, puis ouvrez un autre tour",
    RoundState.SANS_QUORUM: "le quorum n'a pas été atteint ; ouvrez un autre tour",
    RoundState.REMPLACE: "ce tour portait sur des chiffres qui ont été remplacés ; ouvrez un tour sur ceux-ci",
}


@dataclass(frozen=True, slots=True)
class CentreCoverage:
    """One centre and the deposit that speaks for it; `etat` is presente, reportee or manquante."""

    centre: str
    depot_id: str | None
    periode_depot: str | None
    date_etat: date | None
    etat: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """The round that agreed on exactly these figures."""

    tour_id: str
    empreinte: str
    proces_verbal: str
    reservations: tuple[Reservation, ...]


@dataclass(frozen=True, slots=True)
class Previous:
    """The release before this one, whatever its period."""

    version: str
    folder: Path
    depots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReleaseInputs:
    """Everything that a release is made from; paths point to files that do not change while it is made.

    anomalies  what the figures show that centres may want to talk about; may not be there
    depots     every deposit behind the figures, official statistics included, in the order of their names
    corrections  accepted corrections, those that changed a row and those that found nothing to change
    diffusion  restreinte, unless the statement of protection says that the figures may go further
    regles     SHA-256 of the rule sets under which these deposits were judged, one in ordinary times
    """

    periode: Period
    version: Version
    agreement: Agreement
    observations: Path
    protected: Path
    common: Path
    anomalies: Path
    couverture: tuple[CentreCoverage, ...]
    depots: tuple[str, ...]
    corrections: CorrectionCount
    regles: str
    simule: bool
    diffusion: str
    previous: Previous | None

    @property
    def comparison(self) -> Path:
        """Centres beside the region before protection; made with the observations."""
        return self.observations.with_name("comparaison.parquet")

    @property
    def coverage(self) -> Path:
        """Which centres each period counts; made with the observations."""
        return self.observations.with_name("couverture.parquet")


def gather(hub: Hub, periode: Period, agreement: Agreement, simule: bool | None) -> ReleaseInputs:
    """The inputs of the next release of `periode`.

    simule  None: what the registry knows of the deposits' software
    raises  PublicationRefusee when a file is missing
    """
    common, observations = hub.home.common(periode), hub.home.observations(periode) / "observations.parquet"
    if not (common / "couverture.parquet").is_file() or not observations.is_file():
        raise PublicationRefusee(
            f"Les tables communes ou les observations de {periode.libelle} manquent : refaites l'harmonisation et les "
            "indicateurs avant de publier."
        )
    depots = _deposits(common)
    with hub.registry.read() as session:
        rows = session.execute(select(Depot).where(Depot.depot_id.in_(depots))).scalars().all()
        previous = _previous(hub, session)
        version = Version(periode, _last_rank(hub, session, periode) + 1)
    verdicts = [Verdict.model_validate_json(row.verdict) for row in rows if row.verdict]
    return ReleaseInputs(
        periode=periode,
        version=version,
        agreement=agreement,
        observations=observations,
        protected=hub.home.protected(periode),
        common=common,
        anomalies=hub.home.anomalies(periode) / "anomalies.parquet",
        couverture=_coverage(common),
        depots=depots,
        corrections=_corrections(common / "correction_appliquee.parquet"),
        regles=" ".join(sorted({verdict.regles_sha256 for verdict in verdicts})),
        simule=any(row.logiciel == SIMULATION for row in rows) if simule is None else simule,
        diffusion=_diffusion(hub.home.protected(periode) / CERTIFICATE),
        previous=previous,
    )


def fingerprint(hub: Hub, periode: Period) -> str:
    """SHA-256 of the period's protected observations; raises PublicationRefusee when there are none."""
    path = hub.home.protected(periode) / "observations.parquet"
    if not path.is_file():
        raise PublicationRefusee(f"Aucun chiffre protégé pour {periode.libelle} : il n'y a rien à publier.")
    return sha256_file(path)


def agreement_on(session: Session, periode: Period, empreinte: str) -> Agreement:
    """The round that agreed on these figures; raises PublicationRefusee, saying where they stand, when none did."""
    rounds = [tour for tour in rounds_of(session, str(periode)) if tour.empreinte == empreinte]
    if not rounds:
        raise PublicationRefusee(
            f"Publication refusée : aucun tour de concertation ne porte sur les chiffres actuels de {periode.libelle}."
        )
    agreed = [tour for tour in rounds if tour.etat == RoundState.ACCORDE]
    if not agreed:
        raise PublicationRefusee(f"Publication refusée : {_WHY_NOT[RoundState(rounds[-1].etat)]}.")
    return _agreement(session, agreed[-1])


def _agreement(session: Session, tour: Tour) -> Agreement:
    return Agreement(tour.tour_id, tour.empreinte, tour.proces_verbal or "", reservations_of(session, tour))


def _previous(hub: Hub, session: Session) -> Previous | None:
    rows = session.execute(select(Publication)).scalars().all()
    known = [(row.publie_le, version, row) for row in rows if (version := Version.parse(row.version))]
    if not known:
        return None
    last = max(known, key=lambda one: one[:2])[2]
    folder = hub.home.releases / last.version
    if not (folder / MANIFEST_NAME).is_file():
        raise PublicationRefusee(
            f"Le dossier de la publication {folder.name}, inscrite au registre, est absent : restaurez-le avant de "
            "publier, pour que les changements puissent être dits."
        )
    manifest = ReleaseManifest.model_validate_json((folder / MANIFEST_NAME).read_bytes())
    signed = {one.nom: one.sha256 for one in manifest.fichiers}.get(_FIGURES)
    figures = folder / _FIGURES
    if (
        sha256_file(folder / MANIFEST_NAME) != last.manifeste_sha256
        or not figures.is_file()
        or sha256_file(figures) != signed
    ):
        raise PublicationRefusee(
            f"La publication {folder.name} n'est plus telle qu'elle a été signée : restaurez-la avant de publier, pour "
            "que les changements soient dits d'après elle."
        )
    return Previous(folder.name, folder, manifest.depots)


def _last_rank(hub: Hub, session: Session, periode: Period) -> int:
    """The highest rank taken by a release of the period, in the registry or on disk; 0 when there is none."""
    names = list(session.execute(select(Publication.version)).scalars())
    if hub.home.releases.is_dir():
        names += [folder.name for folder in hub.home.releases.iterdir()]
    versions = [version for name in names if (version := Version.parse(name))]
    return max((version.rang for version in versions if version.periode == periode), default=0)


def _diffusion(certificate: Path) -> str:
    """What protection allows: nothing said is `restreinte`."""
    if not certificate.is_file():
        return RESTRICTED
    content = json.loads(certificate.read_bytes())
    return str(content.get("diffusion", RESTRICTED))


def _deposits(common: Path) -> tuple[str, ...]:
    """Every deposit named by a row of a common table, and by the coverage even when it gave no row."""
    found: set[str] = set()
    with open_engine() as engine:
        for rows_of_table in map(rows_in, tables_in(common).values()):
            columns = engine.execute(f"DESCRIBE SELECT * FROM {rows_of_table}").fetchall()
            if any(column[0] == "depot_id" for column in columns):
                rows = engine.execute(f"SELECT DISTINCT depot_id FROM {rows_of_table}").fetchall()
                found.update(row[0] for row in rows if row[0])
    return tuple(sorted(found))


def _corrections(applied: Path) -> CorrectionCount:
    """The counts of a period's common tables; none where they were made before there were corrections."""
    if not applied.is_file():
        return CorrectionCount()
    with open_engine() as engine:
        counts = engine.execute(
            "SELECT count(*) FILTER (WHERE appliquee), count(*) FILTER (WHERE NOT appliquee) FROM read_parquet(?)",
            [str(applied)],
        ).fetchone()
    done, without = counts or (0, 0)
    return CorrectionCount(appliquees=done, sans_effet=without)


def _coverage(common: Path) -> tuple[CentreCoverage, ...]:
    with open_engine() as engine:
        rows = engine.execute(
            "SELECT centre_code, depot_id, periode_depot, date_etat, etat FROM read_parquet(?) ORDER BY centre_code",
            [str(common / "couverture.parquet")],
        ).fetchall()
    return tuple(CentreCoverage(*row) for row in rows)

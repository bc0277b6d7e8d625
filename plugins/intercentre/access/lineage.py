"""From a published figure back to its definition, its decision, its release, its deposits and, on the hub, its lines.

Every figure is read from the release's public file: a masked one shows no value here either.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from sqlalchemy import select

from intercentre.access.observation_name import HOW_TO_WRITE, ObservationName
from intercentre.access.opening import analysis_file, open_folder, open_release
from intercentre.access.origins import SourceLine, Unit, deposits_of, frozen_tables, lines_of, units_of
from intercentre.access.refusal import AccessError
from intercentre.access.versions import find_release
from intercentre.core.files import sha256_file
from intercentre.core.french import utc
from intercentre.core.hub import Hub
from intercentre.core.registry.rounds import standing_votes
from intercentre.core.registry.tables import Depot, Journal, Tour
from schemas.exchanges.release import MANIFEST_NAME, OBSERVATION_KEY, ReleaseManifest
from schemas.exchanges.verdict import Verdict
from schemas.indicators import definitions

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from sqlalchemy.orm import Session

_FIGURE = (
    "version_definition", "valeur", "numerateur", "denominateur", "unite", "statut_obs", "statut_secret", "couverture",
    "date_etat",
)  # fmt: skip
MASKED = "masque"


@dataclass(frozen=True, slots=True)
class DefinitionUsed:
    """The definition that gave the figure; empreinte and fichier are None when it is no longer the one in force."""

    code: str
    version: str
    titre: str
    statut: str
    empreinte: str | None
    fichier: str | None


@dataclass(frozen=True, slots=True)
class Decided:
    """What the centres decided on these figures.

    votes      opinion → how many centres; None on a release alone, where the minutes say it
    reserves   (centre, opinion, reason) of the reservations that bear on the indicator
    """

    tour_id: str
    decision: str
    empreinte: str
    votes: Mapping[str, int] | None
    reserves: tuple[tuple[str, str, str], ...]
    proces_verbal: str


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """The release that the figure stands in."""

    version: str
    publie_le: datetime
    approbateur: str
    diffusion: str
    simule: bool
    manifeste_sha256: str
    corrections_appliquees: int


@dataclass(frozen=True, slots=True)
class DepositBehind:
    """A deposit that made the figure; what only the registry knows is None on a release alone.

    numero         number of its receipt
    plausibilite   questions that plausibility put; None when it was not compared
    corrections    accepted corrections that changed rows of it in this release
    """

    depot_id: str
    centre: str
    periode: str | None = None
    sha256: str | None = None
    numero: int | None = None
    recu_le: datetime | None = None
    verdict: str | None = None
    niveau: int | None = None
    plausibilite: int | None = None
    corrections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where a figure comes from.

    depots_exacts   False where the deposits are only those that may be behind it: on a release alone, and when its
                    definition is no longer the one in force
    unites, lignes  only when they were asked for, on the hub's own home
    """

    observation: ObservationName
    chiffre: Mapping[str, Any]
    definition: DefinitionUsed
    decision: Decided
    publication: ReleaseFacts
    depots: tuple[DepositBehind, ...]
    depots_exacts: bool
    unites: tuple[Unit, ...] | None = None
    lignes: tuple[SourceLine, ...] | None = None

    @property
    def is_masked(self) -> bool:
        return bool(self.chiffre["statut_secret"] == MASKED)


def trace(hub: Hub, text: str, version: str | None = None, *, lignes: bool = False, acteur: str) -> Lineage:
    """The lineage of a figure of a release of this hub, the last one made when no version is given.

    lignes  also the unit rows and the lines of the deposits (Z1): for who works on the hub's home, and journalled
    raises  AccessError: no such release or figure, a definition that has changed since, a file that is missing
    """
    name, release = ObservationName.parse(text), find_release(hub, version)
    with open_release(hub, release.version) as public:
        known = _public_part(public, release.folder, name)
    if known.definition.fichier is None and lignes:
        raise AccessError(
            f"Le chiffre vient de la version {known.definition.version} de {name.indicateur}, qui n'est plus celle en "
            "vigueur : ses lignes ne peuvent plus être retrouvées. Sans --lignes, le reste se lit encore."
        )
    with hub.registry.read() as session:
        found = _follow(hub, session, release.version, known, lignes=lignes)
        votes = _votes(session, session.get_one(Tour, known.decision.tour_id))
    if lignes:
        with hub.registry.change() as change:
            change.journal(acteur, "lignes_consultees", release.version, observation=str(name))
    return replace(found, decision=replace(known.decision, votes=votes))


def _follow(hub: Hub, session: Session, version: str, known: Lineage, *, lignes: bool) -> Lineage:
    """The lineage with what the registry and DISCRI's file of the release say of the deposits."""
    analysis = analysis_file(hub, version)
    if not analysis.is_file():
        raise AccessError(f"Le fichier {analysis.name} de la publication {version} est absent : restaurez-le.")
    with frozen_tables(analysis) as engine:
        corrections = _corrections(engine)
        if known.definition.fichier is None:
            depots = [_deposit(session, one.depot_id, corrections) for one in known.depots]
            return replace(known, depots=tuple(depots))
        definition = definitions()[known.definition.code]
        unites = units_of(engine, definition, known.observation)
        depots = [_deposit(session, one, corrections) for one in deposits_of(engine, definition, known.observation)]
        found = replace(known, depots=tuple(depots), depots_exacts=True)
        if not lignes:
            return found
        lines = lines_of(engine, definition, _staged(hub, session))
        return replace(found, unites=tuple(unites), lignes=tuple(lines))


def trace_alone(folder: Path, text: str, *, lignes: bool = False) -> Lineage:
    """The same from a release folder alone, as far as it can say; raises AccessError, to a wish for lines above all."""
    if lignes:
        raise AccessError(
            "Les lignes des dépôts ne sont pas dans une publication et ne quittent pas le hub : demandez-les à DISCRI."
        )
    with open_folder(folder) as public:
        return _public_part(public, folder, ObservationName.parse(text))


def _public_part(public: DuckDBPyConnection, folder: Path, name: ObservationName) -> Lineage:
    try:
        manifest = ReleaseManifest.model_validate_json((folder / MANIFEST_NAME).read_bytes())
    except (OSError, ValidationError) as error:
        raise AccessError(f"{MANIFEST_NAME} manque dans {folder.name}, ou n'a pas la forme attendue.") from error
    figure = _figure(public, manifest.version, name)
    corrections = manifest.corrections.appliquees
    return Lineage(
        observation=name,
        chiffre=figure,
        definition=_definition(public, name.indicateur, figure["version_definition"]),
        decision=Decided(
            tour_id=manifest.tour_id,
            decision=manifest.decision,
            empreinte=manifest.empreinte,
            votes=None,
            reserves=_reservations(public, name.indicateur),
            proces_verbal=manifest.proces_verbal,
        ),
        publication=ReleaseFacts(
            version=manifest.version,
            publie_le=manifest.publie_le,
            approbateur=manifest.approbateur,
            diffusion=manifest.diffusion,
            simule=manifest.simule,
            manifeste_sha256=sha256_file(folder / MANIFEST_NAME),
            corrections_appliquees=corrections,
        ),
        depots=tuple(_named(one) for one in manifest.depots if _may_be_behind(one, name)),
        depots_exacts=False,
    )


def _figure(public: DuckDBPyConnection, version: str, name: ObservationName) -> dict[str, Any]:
    where = " AND ".join(f"{column} = ?" for column in OBSERVATION_KEY)
    row = public.execute(f"SELECT {', '.join(_FIGURE)} FROM indicateurs WHERE {where}", list(name.key)).fetchone()
    if row is None:
        raise AccessError(f"La publication {version} n'a pas de chiffre de ce nom. {HOW_TO_WRITE}")
    return dict(zip(_FIGURE, row, strict=True))


def _definition(public: DuckDBPyConnection, code: str, version: str) -> DefinitionUsed:
    row = public.execute("SELECT titre, statut FROM definitions WHERE indicateur = ?", [code]).fetchone()
    titre, statut = row or ("", "")
    known = definitions().get(code)
    same = known if known and known.version == version else None
    return DefinitionUsed(
        code=code,
        version=version,
        titre=titre,
        statut=statut,
        empreinte=same.empreinte if same else None,
        fichier=f"schemas/indicators/{code}.sql" if same else None,
    )


def _reservations(public: DuckDBPyConnection, code: str) -> tuple[tuple[str, str, str], ...]:
    rows = public.execute("SELECT centre, avis, motif, indicateurs FROM reserves ORDER BY centre").fetchall()
    return tuple((centre, avis, motif) for centre, avis, motif, codes in rows if codes == "tous" or code in codes)


def _may_be_behind(depot_id: str, name: ObservationName) -> bool:
    """Whether a deposit of the release can have made the figure, as far as its name tells."""
    return name.territoire_type != "centre" or depot_id.partition("-")[0] in (name.territoire, "STATBEL")


def _named(depot_id: str) -> DepositBehind:
    return DepositBehind(depot_id, depot_id.partition("-")[0])


def _deposit(session: Session, depot_id: str, corrections: Mapping[str, tuple[str, ...]]) -> DepositBehind:
    row = session.get(Depot, depot_id)
    if row is None:
        return _named(depot_id)
    verdict = Verdict.model_validate_json(row.verdict) if row.verdict else None
    return DepositBehind(
        depot_id=depot_id,
        centre=row.centre_code,
        periode=row.periode,
        sha256=row.sha256,
        numero=row.numero,
        recu_le=utc(row.recu_le),
        verdict=row.etat,
        niveau=verdict.niveau if verdict else None,
        plausibilite=_questions(session, depot_id),
        corrections=corrections.get(depot_id, ()),
    )


def _questions(session: Session, depot_id: str) -> int | None:
    """How many questions plausibility put when it last compared the deposit, as the journal says."""
    lines = select(Journal.details).where(Journal.action == "plausibilite_verifiee", Journal.objet == depot_id)
    last = session.execute(lines.order_by(Journal.numero.desc()).limit(1)).scalar_one_or_none()
    return int(json.loads(last)["constats"]) if last else None


def _corrections(engine: DuckDBPyConnection) -> dict[str, tuple[str, ...]]:
    """Deposit → the corrections that changed its rows; none in a release made before there were any."""
    known = "SELECT 1 FROM duckdb_views() WHERE schema_name = 'commun' AND view_name = 'correction_appliquee'"
    if not engine.execute(known).fetchall():
        return {}
    rows = engine.execute(
        "SELECT depot_id, list(correction_id ORDER BY correction_id) FROM commun.correction_appliquee "
        "WHERE appliquee GROUP BY depot_id"
    ).fetchall()
    return {depot: tuple(ids) for depot, ids in rows}


def _votes(session: Session, tour: Tour) -> dict[str, int]:
    opinions = [vote.avis for vote in standing_votes(session, tour).values()]
    return {opinion: opinions.count(opinion) for opinion in sorted(set(opinions))}


def _staged(hub: Hub, session: Session) -> Callable[[str], Path | None]:
    def find(depot_id: str) -> Path | None:
        row = session.get(Depot, depot_id)
        return hub.home.staged(row.centre_code, row.periode, depot_id) if row else None

    return find

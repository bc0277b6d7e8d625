"""Tables of the registry. Names are French, as the journal and the auditors read them; instants are UTC."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    column,
    func,
    select,
    table,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, column_property, mapped_column

from schemas.exchanges.verdict import ACCEPTED
from schemas.period import Period

Rank = tuple[date, int, int]
"""Of two accepted deposits of one source, the one of the higher rank is in force: see Depot.rank."""

_earlier = table("depot", *map(column, ("centre_code", "numero", "etat", "sequence"))).alias("anterieur")


class Base(DeclarativeBase):
    """Declarative base of the registry."""


class Compte(Base):
    """An account: who may call the portal, as what. A token is kept as its SHA-256 only.

    role  centre, discri, autorite or exploitant; centre_code only for a centre
    """

    __tablename__ = "compte"

    nom: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(16))
    centre_code: Mapped[str | None] = mapped_column(String(16))
    jeton_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    cree_le: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    revoque_le: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Depot(Base):
    """A deposit in custody.

    etat      recu, accepte, accepte_avec_quarantaine, refuse
    canal     collecte, api, portail, dossier (drop folder) or commande
    debuts_par_table  table -> ISO day since which it is complete, where later than debut_historique; None: none is
    logiciel  the manifest's logiciel_source; `simulation-intercentre` marks simulated data for ever
    prepare   True once its retained rows are staged: from then on it counts
    sequence  what the manifest says; None without a manifest
    sequence_retenue  `sequence`; without a manifest, the greatest accepted of its centre that came before it
    verdict   JSON of schemas.exchanges.verdict.Verdict, byte for byte as shown to the centre
    """

    __tablename__ = "depot"
    __table_args__ = (Index("depot_centre_periode", "centre_code", "periode"),)

    depot_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    numero: Mapped[int] = mapped_column(Integer, unique=True)  # order of arrival
    centre_code: Mapped[str] = mapped_column(String(16))
    periode: Mapped[str] = mapped_column(String(8))
    canal: Mapped[str] = mapped_column(String(16))
    fichier: Mapped[str] = mapped_column(String(255))
    octets: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    recu_le: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    recepisse: Mapped[str] = mapped_column(Text)
    etat: Mapped[str] = mapped_column(String(32))
    prepare: Mapped[bool] = mapped_column(default=False)
    logiciel: Mapped[str | None] = mapped_column(String(64))
    sequence: Mapped[int | None] = mapped_column(Integer)
    date_etat: Mapped[date | None] = mapped_column(Date)
    debut_historique: Mapped[date | None] = mapped_column(Date)
    debuts_par_table: Mapped[dict[str, str] | None] = mapped_column(JSON)
    verdict: Mapped[str | None] = mapped_column(Text)
    juge_le: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    sequence_retenue: Mapped[int] = column_property(
        func.coalesce(
            sequence,
            select(func.max(_earlier.c.sequence))
            .where(
                _earlier.c.centre_code == centre_code,
                _earlier.c.numero < numero,
                _earlier.c.etat.in_(ACCEPTED),
            )
            .correlate_except(_earlier)
            .scalar_subquery(),
            0,
        )
    )

    @property
    def rank(self) -> Rank:
        """Later deposits rank higher: by period, then by the centre's own sequence, then by arrival."""
        return (Period.parse(self.periode).fin, self.sequence_retenue, self.numero)


class Collecte(Base):
    """One attempt to pull a centre's deposit: `resultat` is depot, inchange or echec (then `code` says which)."""

    __tablename__ = "collecte"

    numero: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    centre_code: Mapped[str] = mapped_column(String(16))
    periode: Mapped[str] = mapped_column(String(8))
    debut: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    fin: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    resultat: Mapped[str] = mapped_column(String(16))
    code: Mapped[str | None] = mapped_column(String(16))
    etag: Mapped[str | None] = mapped_column(String(255))
    depot_id: Mapped[str | None] = mapped_column(ForeignKey("depot.depot_id"))


class Tour(Base):
    """A round: the eight centres decide on the release of a period.

    etat       ouvert, accorde, rejete
    empreinte  SHA-256 of the protected observations that the round is about; other figures need another round
    """

    __tablename__ = "tour"

    tour_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    periode: Mapped[str] = mapped_column(String(8), index=True)
    empreinte: Mapped[str] = mapped_column(String(64))
    ouvert_le: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    echeance: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    quorum: Mapped[int] = mapped_column(Integer)
    etat: Mapped[str] = mapped_column(String(16))
    decide_le: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    proces_verbal: Mapped[str | None] = mapped_column(Text)


class Voix(Base):
    """A vote as cast; a centre that changes its mind casts another, the last one counts and all stay."""

    __tablename__ = "voix"

    numero: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    tour_id: Mapped[str] = mapped_column(ForeignKey("tour.tour_id"), index=True)
    centre_code: Mapped[str] = mapped_column(String(16))
    avis: Mapped[str] = mapped_column(String(16))
    motif: Mapped[str] = mapped_column(Text)
    indicateurs: Mapped[list[str]] = mapped_column(JSON)
    emise_le: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    compte: Mapped[str] = mapped_column(String(64))


class SuiteAnomalie(Base):
    """A step taken on an anomaly, as it was written; its state follows from all of them, none is ever changed.

    sujet      the question without its period: kind, indicator and centres; it may come back in another period
    empreinte  SHA-256 of the sentence that the step answers
    etat       expliquee (a centre, `centre_code`) or close (DISCRI, null)
    """

    __tablename__ = "suite_anomalie"

    numero: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    sujet: Mapped[str] = mapped_column(String(64), index=True)
    anomalie_id: Mapped[str] = mapped_column(String(64))
    periode: Mapped[str] = mapped_column(String(8))
    empreinte: Mapped[str] = mapped_column(String(64))
    etat: Mapped[str] = mapped_column(String(16))
    centre_code: Mapped[str | None] = mapped_column(String(16))
    motif: Mapped[str] = mapped_column(Text)
    ecrite_le: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    compte: Mapped[str] = mapped_column(String(64))


class Correction(Base):
    """One cell of a centre's extract that is to say something else; what a correction says never changes.

    cle        key of the row: column of the contract → the text of its value
    valeur     text of the contract that the cell is to hold; None for an empty cell
    remplacee  what the cell said in the centre's last deposit when this was proposed, empty for an empty cell; None
               where it was not kept
    etat       proposee, acceptee, retiree
    role       who proposed it (centre or discri); role_acceptation is always another one
    """

    __tablename__ = "correction"

    correction_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    numero: Mapped[int] = mapped_column(Integer, unique=True)
    centre_code: Mapped[str] = mapped_column(String(16), index=True)
    table_nom: Mapped[str] = mapped_column(String(32))
    cle: Mapped[dict[str, str]] = mapped_column(JSON)
    colonne: Mapped[str] = mapped_column(String(64))
    valeur: Mapped[str | None] = mapped_column(Text)
    remplacee: Mapped[str | None] = mapped_column(Text)
    motif: Mapped[str] = mapped_column(Text)
    etat: Mapped[str] = mapped_column(String(16))
    role: Mapped[str] = mapped_column(String(16))
    proposee_le: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    role_acceptation: Mapped[str | None] = mapped_column(String(16))
    acceptee_le: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    role_retrait: Mapped[str | None] = mapped_column(String(16))
    retiree_le: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Publication(Base):
    """A release: `version` is `<PERIODE>.<n>`; never changed once written."""

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("periode", "empreinte"),)

    version: Mapped[str] = mapped_column(String(16), primary_key=True)
    periode: Mapped[str] = mapped_column(String(8), index=True)
    tour_id: Mapped[str] = mapped_column(ForeignKey("tour.tour_id"))
    empreinte: Mapped[str] = mapped_column(String(64))
    manifeste_sha256: Mapped[str] = mapped_column(String(64))
    publie_le: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Journal(Base):
    """One line for each change of state; `sha256` covers the line and the line before it.

    details  JSON text, canonical; identifiers and counts only, never a cell value
    """

    __tablename__ = "journal"

    numero: Mapped[int] = mapped_column(Integer, primary_key=True)
    instant: Mapped[str] = mapped_column(String(40))
    acteur: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(64))
    objet: Mapped[str] = mapped_column(String(128))
    details: Mapped[str] = mapped_column(Text)
    sha256_precedent: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))

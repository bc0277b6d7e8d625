"""The figures that a round is about: their fingerprint and the indicators that they hold."""

from __future__ import annotations

from intercentre.concertation.refusal import ConcertationRefusee
from intercentre.core.engine import open_engine
from intercentre.core.files import sha256_file
from intercentre.core.hub import Hub
from schemas.extracts import TABLES
from schemas.indicators import definitions
from schemas.period import Period


def fingerprint(hub: Hub, periode: Period | str) -> str:
    """SHA-256 of the period's protected observations; raises ConcertationRefusee when there are none yet."""
    path = hub.home.protected(periode) / "observations.parquet"
    if not path.is_file():
        raise ConcertationRefusee(
            f"Aucun chiffre protégé pour {Period.parse(str(periode)).libelle} : calculez et protégez d'abord les "
            "indicateurs de cette période."
        )
    return sha256_file(path)


def indicators(hub: Hub, periode: Period | str) -> frozenset[str]:
    """Codes of the indicators that the period's protected observations hold."""
    path = hub.home.protected(periode) / "observations.parquet"
    with open_engine() as connection:
        rows = connection.execute("SELECT DISTINCT indicateur FROM read_parquet(?)", [str(path)]).fetchall()
    return frozenset(row[0] for row in rows)


def is_complete(hub: Hub, periode: Period | str) -> bool:
    """True when the region's figures of this very period count every centre that they expect.

    Read from the figures themselves, so that a deposit accepted since does not make incomplete figures complete. Only
    indicators that rest on tables of level 1 are asked: a centre may stay at that level, and no round waits for more.
    """
    path = hub.home.protected(periode) / "observations.parquet"
    question = """
        SELECT bool_and(split_part(couverture, '/', 1) = split_part(couverture, '/', 2))
        FROM read_parquet(?)
        WHERE periode = ? AND territoire_type = 'region' AND list_contains(?, indicateur)
    """
    with open_engine() as connection:
        row = connection.execute(question, [str(path), str(periode), _due_from_all()]).fetchone()
    return row is not None and row[0] is True


def _due_from_all() -> list[str]:
    """Codes of the indicators that need no table above level 1 and no history longer than the period."""
    due = {name for name, table in TABLES.items() if table.contrat.niveau == 1}
    return [code for code, one in definitions().items() if due.issuperset(one.tables_requises) and one.recul_jours == 0]

"""What is expected of the person who looks at the home page: one sentence, one date, one thing to click."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from intercentre.core.french import french_count, local_day
from intercentre.portal.accounts import Account, Role
from intercentre.portal.rounds import place_of, takes_votes
from intercentre.portal.shelf import Release
from intercentre.portal.state import CentreState
from intercentre.portal.words import centre as centre_label
from intercentre.portal.words import instant, jour
from schemas.exchanges.agreement import RoundState
from schemas.period import Period

if TYPE_CHECKING:
    from intercentre.concertation import Place, RoundStatus


@dataclass(frozen=True)
class Expectation:
    """One thing to do, or the word that there is none; `ton` is a tone of the stylesheet."""

    ton: str
    icone: str
    phrase: str
    suite: str = ""
    lien: str = ""
    libelle: str = ""


def expected_of(
    account: Account,
    periode: Period,
    echeance: date,
    states: Sequence[CentreState],
    rounds: Sequence[RoundStatus],
    releases: Sequence[Release],
    now: datetime,
) -> list[Expectation]:
    """The things that this account should do now, the most pressing first; never empty."""
    today = local_day(now)
    if account.role is Role.CENTRE:
        own = next((state for state in states if state.centre == account.centre), None)
        found = [*_votes(account, rounds, now), *(_deposit(own, periode, echeance, today) if own else ())]
    elif account.role in (Role.DISCRI, Role.EXPLOITANT):
        found = [*_collection(states, echeance, today), *_open_rounds(rounds)]
    else:
        found = list(_release(releases))
    return found or [Expectation("ok", "oui", "Rien n'est attendu de vous.")]


def by_when(echeance: date, today: date) -> str:
    """When to deposit, as a remedy says it."""
    return f"avant le {jour(echeance)}" if today <= echeance else "dès que possible"


def _deposit(state: CentreState, periode: Period, echeance: date, today: date) -> Iterator[Expectation]:
    wanted = f"Votre dépôt du {periode.libelle}"
    send = ("/depots/nouveau", "Déposer un fichier")
    page = f"/depots/{state.depot.depot_id}" if state.depot else ""
    if state.etat in ("manquant", "reporte"):
        kept = " D'ici là, votre dernier dépôt accepté est reporté." if state.etat == "reporte" else ""
        due = "est attendu" if today <= echeance else f"était attendu pour le {jour(echeance)}"
        ask = f"Déposez-le {by_when(echeance, today)}."
        yield Expectation("faire", "attention", f"{wanted} {due}.", ask + kept, *send)
    elif state.etat == "refuse":
        yield Expectation(
            "refus", "non", f"{wanted} n'a pas été pris en compte.",
            f"Corrigez-le et déposez-le à nouveau {by_when(echeance, today)}.", page, "Voir ce qu'il faut corriger",
        )  # fmt: skip
    elif state.etat == "recu":
        yield Expectation("info", "attente", f"{wanted} est reçu ; son contrôle n'est pas terminé.", "", page, "Suivre")
    elif state.etat == "accepte_avec_quarantaine":
        yield Expectation(
            "faire", "attention", f"{wanted} est accepté, avec des lignes à corriger ou à remettre.",
            f"Faites-le dans votre outil et déposez à nouveau {by_when(echeance, today)}.", page,
            "Voir les lignes à corriger",
        )  # fmt: skip
    else:
        yield Expectation("ok", "oui", f"{wanted} est accepté : rien à faire.", "", page, "Voir le verdict")


def _silence(place: Place) -> str:
    if place.repris:
        return "sans nouvel avis, celui d'un tour précédent est maintenu"
    return "passé ce délai, votre silence vaut accord"


def _votes(account: Account, rounds: Sequence[RoundStatus], now: datetime) -> Iterator[Expectation]:
    for round_ in rounds:
        place = place_of(round_, account.centre)
        if place is not None and not place.has_spoken and takes_votes(round_, now):
            yield Expectation(
                "faire", "attention", f"Votre avis est attendu sur la publication du {_label(round_)}.",
                f"Donnez-le avant le {instant(round_.echeance)} ; {_silence(place)}.",
                f"/concertation/{round_.tour_id}", "Donner votre avis",
            )  # fmt: skip


def _collection(states: Sequence[CentreState], echeance: date, today: date) -> Iterator[Expectation]:
    missing = [centre_label(state.centre) for state in states if not state.is_in]
    if not missing:
        yield Expectation("ok", "oui", "La collecte de la période est complète : rien à faire.")
        return
    total = f"{french_count(len(missing), 'dépôt')} à recevoir ou à corriger, sur {len(states)}."
    late = f"L'échéance du {jour(echeance)} est passée." if today > echeance else f"Échéance : {jour(echeance)}."
    yield Expectation("faire", "attention", total, f"Centres : {', '.join(missing)}. {late}")


def _open_rounds(rounds: Sequence[RoundStatus]) -> Iterator[Expectation]:
    for round_ in rounds:
        if round_.etat is RoundState.OUVERT:
            votes = french_count(round_.votes_exprimes, "avis exprimé", "avis exprimés")
            yield Expectation(
                "info", "attente", f"Concertation ouverte sur le {_label(round_)} : {votes}.",
                f"Échéance : {jour(round_.echeance)}.", f"/concertation/{round_.tour_id}", "Suivre le tour",
            )  # fmt: skip


def _release(releases: Sequence[Release]) -> Iterator[Expectation]:
    for release in releases[:1]:
        yield Expectation(
            "info", "info", f"La publication du {release.periode.libelle} est à votre disposition.",
            f"Version {release.version}, signée le {jour(release.publie_le)}.", f"/publications#{release.version}",
            "Télécharger la publication",
        )  # fmt: skip


def _label(round_: RoundStatus) -> str:
    return Period.parse(round_.periode).libelle

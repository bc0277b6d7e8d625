"""The minutes of a round: French, complete enough to be read alone, the same text for the same facts."""

from __future__ import annotations

from collections.abc import Mapping

from intercentre.core.french import french_count, french_moment
from intercentre.core.registry.tables import Tour, Voix
from schemas.exchanges.agreement import Opinion, RoundState
from schemas.period import Period

RULE = (
    "Chaque centre a une voix, égale aux autres. La décision est prise dès que tous les centres se sont prononcés, "
    "sinon à l'échéance. À l'échéance, le tour est sans décision si le quorum n'est pas atteint ; s'il l'est, le "
    "silence vaut accord, mais ne retire ni réserve ni opposition d'un tour précédent. La publication est rejetée si "
    "plus d'un tiers de l'ensemble des centres s'y opposent, accordée sinon. Les réserves, et les oppositions qui "
    "n'ont pas empêché l'accord, sont imprimées à côté des chiffres qu'elles visent."
)
_DECISION = {
    RoundState.ACCORDE: "La publication est accordée.",
    RoundState.REJETE: "La publication est rejetée.",
    RoundState.SANS_QUORUM: "Pas de décision : le quorum n'est pas atteint. Un autre tour peut être ouvert.",
    RoundState.REMPLACE: "Pas de décision : d'autres chiffres ont remplacé ceux-ci, un autre tour porte sur eux.",
}
_OPINION = {Opinion.APPROUVE: "approuve", Opinion.RESERVE: "approuve avec réserve", Opinion.OPPOSE: "s'oppose"}


def minutes(tour: Tour, rows: Mapping[str, Voix], centres: Mapping[str, str]) -> str:
    """The minutes of a round that is being closed.

    rows     centre → the vote that stands, of this round or held from an earlier one
    centres  code → name of every centre that has a place
    """
    state = RoundState(tour.etat)
    lines = [
        f"Procès-verbal du tour {tour.tour_id}",
        "",
        f"Objet : publication des indicateurs, {Period.parse(tour.periode).libelle}.",
        f"Chiffres soumis : empreinte SHA-256 {tour.empreinte}.",
        f"Ouvert le {french_moment(tour.ouvert_le)}, échéance le {french_moment(tour.echeance)}.",
        f"Quorum : {french_count(tour.quorum, 'centre')} sur {len(centres)}.",
        "",
        "Avis des centres",
        *(f"- {name} : {_opinion(rows.get(code), tour)}" for code, name in centres.items()),
        "",
        f"Décompte : {_count(rows, centres, state)}.",
        f"Règle appliquée : {RULE}",
        f"Décision : {_DECISION[state]}",
    ]
    if tour.decide_le is not None:
        lines.append(f"Clos le {french_moment(tour.decide_le)}.")
    return "\n".join(lines) + "\n"


def _opinion(row: Voix | None, tour: Tour) -> str:
    if row is None:
        return "accord tacite (pas d'avis à l'échéance)." if _silence_agrees(RoundState(tour.etat)) else "pas d'avis."
    opinion = _OPINION[Opinion(row.avis)]
    if row.avis == Opinion.APPROUVE:
        remark = f" Remarque : « {row.motif} »" if row.motif else ""
        return f"{opinion} (le {french_moment(row.emise_le)}).{remark}"
    about = ", ".join(row.indicateurs) if row.indicateurs else "l'ensemble des chiffres"
    held = "" if row.tour_id == tour.tour_id else f" au tour {row.tour_id}, maintenu faute d'avis sur ces chiffres"
    return f"{opinion} (le {french_moment(row.emise_le)}{held}), sur {about}. Motif : « {row.motif} »"


def _count(rows: Mapping[str, Voix], centres: Mapping[str, str], state: RoundState) -> str:
    cast = [rows[code].avis for code in centres if code in rows]
    silent = len(centres) - len(cast)
    return ", ".join(
        (
            french_count(cast.count(Opinion.APPROUVE), "approbation"),
            french_count(cast.count(Opinion.RESERVE), "réserve"),
            french_count(cast.count(Opinion.OPPOSE), "opposition"),
            french_count(silent, "accord tacite", "accords tacites")
            if _silence_agrees(state)
            else f"{french_count(silent, 'centre')} sans avis",
        )
    )


def _silence_agrees(state: RoundState) -> bool:
    return state in (RoundState.ACCORDE, RoundState.REJETE)

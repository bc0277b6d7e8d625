"""Deposits of two centres that a rule between centres speaks of (V64 to V70), and territories (V71).

Each example is centre → tables → rows of staged deposits of 2026-T3, whose history begins on 1 January 2026; what a row
does not say is in tests/staged.py. A failing example also says who is told what: (centre, other centre, own dossier).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

Tables = Mapping[str, Mapping[str, Sequence[Mapping[str, Any]]]]
Told = tuple[str, str, str | None]

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
SAME, OTHER = "h1.2026-a." + "0a" * 32, "h1.2026-a." + "0b" * 32
OTHER_KEY = "h1.2026-b." + "0c" * 32


class Failing(NamedTuple):
    centres: Tables
    told: set[Told]


def move(sens: str, dossier: str, centre: str, named: str | None = None, day: date = MAY) -> dict[str, Any]:
    """One side of a transfer, in effect on `day`."""
    return {
        "sens": sens, "dossier_id": dossier, "centre_contrepartie": centre, "dossier_contrepartie": named,
        "date_demande": day, "date_effet": day,
    }  # fmt: skip


def moves(cai: Sequence[Mapping[str, Any]], cric: Sequence[Mapping[str, Any]]) -> Tables:
    return {"CAI": {"transfert": cai}, "CRIC": {"transfert": cric}}


def dossier(name: str, pseudo: str | None, **facts: Any) -> dict[str, Any]:
    return {"dossier_id": name, "date_ouverture": MAY, "personne_pseudo": pseudo} | facts


def persons(cai: Mapping[str, Any], cric: Mapping[str, Any]) -> Tables:
    return {"CAI": {"dossier": [cai]}, "CRIC": {"dossier": [cric]}}


def moved(cai: str, cric: str, arrival: Mapping[str, Any], **facts: Any) -> Tables:
    """D1 of one pseudonym leaves CAI, E1 of the other comes to CRIC."""
    return {
        "CAI": {"dossier": [dossier("D1", cai, **facts)], "transfert": [OUT]},
        "CRIC": {"dossier": [dossier("E1", cric)], "transfert": [arrival]},
    }


def attested(cai: str, cric: str) -> Tables:
    """A certificate of attendance in CAI, and one of this type in CRIC, for the same person."""
    return {
        "CAI": {
            "dossier": [dossier("D1", SAME)],
            "attestation": [{"dossier_id": "D1", "date_delivrance": JUNE, "type": cai}],
        },
        "CRIC": {
            "dossier": [dossier("E1", SAME)],
            "attestation": [{"dossier_id": "E1", "date_delivrance": JUNE, "type": cric}],
        },
    }


def operators(one: Mapping[str, Any], other: Mapping[str, Any]) -> Tables:
    facts = {"operateur_id": "0400000086", "denomination": "Langues et Rencontres asbl", "type": "ILI_AGREEE"}
    return {"CAI": {"operateur": [facts | one]}, "CRIC": {"operateur": [facts | other]}}


OUT, IN = move("SORTANT", "D1", "CRIC"), move("ENTRANT", "E1", "CAI", "D1")
BOTH: set[Told] = {("CAI", "CRIC", "CAI:D1"), ("CRIC", "CAI", "CRIC:E1")}
UNNAMED: set[Told] = {("CAI", "CRIC", None), ("CRIC", "CAI", None)}

FAILING: dict[str, list[Failing]] = {
    "V64": [
        Failing(moves([OUT], []), {("CAI", "CRIC", "CAI:D1"), ("CRIC", "CAI", None)}),
        # the sender names the receiver's dossier: the receiver may read its own
        Failing(moves([move("SORTANT", "D1", "CRIC", "E1")], []), BOTH),
        # 45 days after 16 August is 30 September
        Failing(
            moves([move("SORTANT", "D1", "CRIC", day=date(2026, 8, 16))], []),
            {("CAI", "CRIC", "CAI:D1"), ("CRIC", "CAI", None)},
        ),
    ],
    "V64-E": [
        Failing(moves([], [move("ENTRANT", "E1", "CAI")]), {("CRIC", "CAI", "CRIC:E1"), ("CAI", "CRIC", None)}),
        Failing(moves([], [IN]), BOTH),
    ],
    "V64-D": [Failing(moves([OUT], [move("ENTRANT", "E1", "CAI", "D1", date(2026, 6, 16))]), BOTH)],
    "V64-C": [
        Failing(moves([move("SORTANT", "D1", "CRIC", "E2")], [IN]), BOTH),
        # the number is right, and the pseudonyms are of two persons
        Failing(moved(SAME, OTHER, IN), BOTH),
        # one person, and a number that is not the one of the dossier
        Failing(moved(SAME, SAME, move("ENTRANT", "E1", "CAI", "D2")), BOTH),
    ],
    "V65-S": [
        Failing(moves([OUT], [move("SORTANT", "E1", "CAI", "D1")]), BOTH),
        Failing(moves([move("ENTRANT", "D1", "CRIC", "E1")], [move("ENTRANT", "E1", "CAI")]), BOTH),
    ],
    "V66": [Failing(persons(dossier("D1", SAME), dossier("E1", SAME, date_ouverture=date(2026, 7, 31))), BOTH)],
    "V67": [
        Failing(persons(dossier("D1", SAME), dossier("E1", SAME, annee_naissance=1991)), BOTH),
        Failing(persons(dossier("D1", SAME), dossier("E1", SAME, sexe="M")), BOTH),
        Failing(persons(dossier("D1", SAME), dossier("E1", SAME, nationalite="BEL")), BOTH),
    ],
    "V68": [Failing(attested("FREQUENTATION_PARCOURS", "FREQUENTATION_PARCOURS"), BOTH)],
    "V69": [Failing(persons(dossier("D1", SAME), dossier("E1", OTHER_KEY)), UNNAMED)],
    "V70": [
        Failing(operators({}, {"type": "ILI_FACULTATIVE"}), UNNAMED),
        Failing(operators({}, {"denomination": "Rencontres et Langues"}), UNNAMED),
    ],
}

PASSING: dict[str, list[Tables]] = {
    "V64": [
        moves([OUT], [IN]),
        # on 30 September the receiver still has a day
        moves([move("SORTANT", "D1", "CRIC", day=date(2026, 8, 17))], []),
        # a history that begins later says nothing of that day; nor does a centre without the table
        moves([move("SORTANT", "D1", "CRIC", day=date(2025, 12, 31))], []),
        {"CAI": {"transfert": [OUT]}, "CRIC": {"dossier": []}},
        moves([OUT | {"statut": "REFUSE"}], []),
    ],
    "V64-E": [
        moves([OUT], [IN]),
        moves([], [move("ENTRANT", "E1", "CAI", day=date(2026, 8, 17))]),
        # nobody is named, one sex is not known, one pseudonym
        moved(SAME, SAME, move("ENTRANT", "E1", "CAI"), sexe="INC"),
    ],
    "V64-D": [moves([OUT], [move("ENTRANT", "E1", "CAI", "D1", date(2026, 6, 15))])],
    "V64-C": [
        moves([move("SORTANT", "D1", "CRIC", "E1")], [IN]),
        moved(SAME, SAME, IN),
        moved(SAME, OTHER_KEY, IN),
        moved(SAME, OTHER, move("ENTRANT", "E1", "CAI")),
    ],
    "V65-S": [
        moves([OUT], [IN]),
        # a return, more than 45 days later
        moves([OUT], [move("SORTANT", "E1", "CAI", "D1", date(2026, 6, 16))]),
    ],
    "V66": [
        persons(dossier("D1", SAME), dossier("E1", SAME, date_ouverture=date(2026, 8, 1))),
        persons(dossier("D1", SAME, date_cloture=JUNE, motif_cloture="DEMENAGEMENT_CRI"), dossier("E1", SAME)),
        persons(dossier("D1", SAME), dossier("E1", OTHER)),
        persons(dossier("D1", None), dossier("E1", None)),
    ],
    "V67": [
        persons(dossier("D1", SAME), dossier("E1", SAME)),
        persons(dossier("D1", SAME), dossier("E1", SAME, annee_naissance=None, sexe="INC", nationalite="XXX")),
        persons(dossier("D1", SAME), dossier("E1", OTHER, sexe="M")),
    ],
    "V68": [
        attested("FREQUENTATION_PARCOURS", "MODULE_ACCUEIL"),
    ],
    "V69": [persons(dossier("D1", SAME), dossier("E1", OTHER)), persons(dossier("D1", SAME), dossier("E1", None))],
    "V70": [
        operators({}, {"denomination": "LANGUES ET RENCONTRES (A.S.B.L.)"}),
        operators({"operateur_id": "OP1"}, {"operateur_id": "OP1", "type": "ILI_FACULTATIVE"}),
    ],
}  # fmt: skip

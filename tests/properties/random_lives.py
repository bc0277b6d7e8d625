"""Random deposits of three centres, and their true persons: what the recounts of test_indicator_recount.py start from.

CAI covers 2024-T1 to 2026-T3, CRIC has a history that starts in 2025, CIMB last delivered 2026-T2. Some persons move,
both sides of the move declared. Nothing here knows how an indicator is counted.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

Row = dict[str, Any]
START, END = date(2024, 1, 1), date(2026, 9, 30)


@dataclass
class Centre:
    """One centre's deposit; `persons` is dossier → true person, `region` all the centres, this one included."""

    code: str
    periode: str
    debut: date
    date_etat: date
    tables: dict[str, list[Row]] = field(default_factory=dict)
    persons: dict[str, str] = field(default_factory=dict)
    region: list[Centre] = field(default_factory=list, repr=False, compare=False)

    def add(self, table: str, **row: Any) -> Row:
        self.tables.setdefault(table, []).append(row)
        return row


def draw_centres(seed: int, dossiers: int = 40) -> list[Centre]:
    """Three centres with `dossiers` dossiers each, and some movers between the first two."""
    chance = random.Random(seed)
    centres = [
        Centre("CAI", "2026-T3", START, END),
        Centre("CRIC", "2026-T3", date(2025, 1, 1), date(2026, 10, 7)),
        Centre("CIMB", "2026-T2", START, date(2026, 6, 30)),
    ]
    for centre in centres:
        for number in range(dossiers):
            # A person of three has come before: two dossiers, one person.
            person = f"P{number - number % 3 if number % 3 == 1 else number}"
            _dossier(chance, centre, f"D{number}", person, f"{centre.code}:{person}")
    for number in range(8):
        _move(chance, centres[0], centres[1], number)
    for centre in centres:
        centre.region = centres
    return centres


def _dossier(chance: random.Random, centre: Centre, dossier_id: str, personne_ref: str, person: str) -> Row:
    opened = _day(chance, START - timedelta(days=200), centre.date_etat)
    closed = _day(chance, opened, centre.date_etat) if chance.random() < 0.5 else None
    row = centre.add(
        "dossier",
        dossier_id=dossier_id,
        personne_ref=personne_ref,
        date_ouverture=opened,
        date_premier_contact=opened - timedelta(days=chance.randrange(20)) if chance.random() < 0.8 else None,
        date_cloture=closed,
        motif_cloture=chance.choice(("ATTESTE", "ABANDON", "DECES", "DEPART_ETRANGER")) if closed else None,
        date_titre=opened - timedelta(days=chance.randrange(300)) if chance.random() < 0.7 else None,
        statut_public=chance.choice(("OBLIGE", "OBLIGE", "VOLONTAIRE_AUTRE", "A_DETERMINER")),
        sexe=chance.choice(("F", "M", "INC")),
        annee_naissance=chance.choice((None, 1961, 1975, 1990, 2007)),
        nationalite=chance.choice(("SYR", "ITA", "FRA", "XXX")),
        commune_refnis=chance.choice(("92094", "52011", "82003", "82005", "55022", "00000", "99999")),
    )
    centre.persons[dossier_id] = person
    _follow(chance, centre, dossier_id, opened)
    return row


def _follow(chance: random.Random, centre: Centre, dossier_id: str, opened: date) -> None:
    for rank in range(1, chance.randrange(1, 4)):
        centre.add(
            "etape_accueil",
            dossier_id=dossier_id,
            type_etape=chance.choice(("BILAN_SOCIAL", "INFO_DROITS_DEVOIRS")),
            rang=rank,
            date=_day(chance, opened, centre.date_etat),
            interprete=chance.random() < 0.5,
        )
    for amendment in range(chance.randrange(3)):
        signed = _day(chance, opened, min(centre.date_etat, opened + timedelta(days=300)))
        centre.add(
            "convention",
            convention_id=f"C-{dossier_id}-{amendment}",
            dossier_id=dossier_id,
            date_signature=signed,
            avenant=amendment,
            date_echeance_prolongee=signed + timedelta(days=700) if chance.random() < 0.2 else None,
        )
    for number in range(chance.randrange(3)):
        _enrol(chance, centre, dossier_id, f"I-{dossier_id}-{number}", opened)
    for number in range(chance.choice((0, 0, 1, 2))):
        centre.add(
            "attestation",
            attestation_id=f"A-{dossier_id}-{number}",
            dossier_id=dossier_id,
            type=chance.choice(("FREQUENTATION_PARCOURS", "FREQUENTATION_PARCOURS", "FLE")),
            date_delivrance=_day(chance, opened, centre.date_etat),
            remplace_attestation_id=f"A-{dossier_id}-0" if number else None,
        )


def _enrol(chance: random.Random, centre: Centre, dossier_id: str, inscription_id: str, opened: date) -> None:
    oriented = _day(chance, opened, centre.date_etat)
    begun = _day(chance, oriented, centre.date_etat) if chance.random() < 0.8 else None
    statut = chance.choice(("EN_COURS", "TERMINE", "ABANDON", "ATTENTE", "NON_PRESENTE", "ANNULE"))
    centre.add(
        "inscription",
        inscription_id=inscription_id,
        dossier_id=dossier_id,
        axe=chance.choice(("FLE", "CITOYENNETE", "ISP")),
        date_orientation=oriented,
        date_debut=begun,
        date_fin=_day(chance, begun or oriented, centre.date_etat) if statut in ("TERMINE", "ABANDON") else None,
        statut=statut,
        motif_abandon=chance.choice(("EMPLOI", "HORAIRE", None)) if statut == "ABANDON" else None,
    )


def _move(chance: random.Random, left: Centre, right: Centre, number: int) -> None:
    leaving = f"M{number}"
    dossier = _dossier(chance, left, leaving, f"Q{number}", f"moved {number}")
    effect = _day(chance, dossier["date_ouverture"], min(left.date_etat, right.date_etat))
    _dossier(chance, right, leaving, f"R{number}", f"moved {number}")
    facts = {"transfert_id": f"X{number}", "dossier_id": leaving, "date_demande": effect, "date_effet": effect}
    left.add("transfert", sens="SORTANT", centre_contrepartie=right.code, **facts)
    right.add("transfert", sens="ENTRANT", centre_contrepartie=left.code, dossier_contrepartie=leaving, **facts)


def _day(chance: random.Random, first: date, last: date) -> date:
    return first + timedelta(days=chance.randrange(max(1, (last - first).days + 1)))

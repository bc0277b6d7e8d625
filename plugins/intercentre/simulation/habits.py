"""How each centre's tool exports, as such tools do in Belgium. Nothing here is outside the contract's tolerances.

| centre  | level | file                | days       | decimals | yes/no     | headers              |
|---------|-------|---------------------|------------|----------|------------|----------------------|
| CAI     | 3     | UTF-8, comma        | 2026-09-30 | point    | true/false | as in the contract   |
| CERAIC  | 3     | cp1252, semicolon   | 30/09/2026 | comma    | O/N        | as in the contract   |
| CIMB    | 3     | XLSX, one workbook  | real dates | numbers  | Oui/Non    | as in the contract   |
| CRIBW   | 2     | UTF-8 BOM, semicolon| 2026-09-30 | comma    | O/N        | as in the contract   |
| CRIC    | 3     | UTF-8, semicolon    | 30/09/2026 | point    | 1/0        | DATE_ECHEANCE        |
| CRILUX  | 2     | cp1252, semicolon   | 30/09/2026 | comma    | Oui/Non    | DATE_ÉCHÉANCE        |
| CRIPEL  | 3     | UTF-8, all quoted   | 2026-09-30 | point    | Vrai/Faux  | as in the contract   |
| CRVI    | 1     | XLSX                | real dates | numbers  | O/N        | Date échéance        |

CRIPEL's tool has codes of its own for the way in which a person came, invented for the simulation
(schemas/nomenclatures/correspondances_simulation.csv).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from schemas.contract import Extract

Headers = Literal["contrat", "majuscules", "majuscules_accents", "phrase"]


@dataclass(frozen=True)
class Habit:
    """One way to export.

    fichier  name of the file of a table; without `{table}`, one workbook holds them all, a sheet each
    jour     strftime layout
    niveau   level of conformity that the centre has reached: it deposits no table of a higher one
    liste    centre whose own list of codes is written where there is one (schemas.correspondances)
    """

    fichier: str = "{table}.csv"
    encodage: str = "utf-8"
    separateur: str = ";"
    tout_entre_guillemets: bool = False
    fin_de_ligne: str = "\n"
    jour: str = "%Y-%m-%d"
    decimale: str = "."
    oui: str = "true"
    non: str = "false"
    entetes: Headers = "contrat"
    niveau: int = 3
    liste: str = ""

    @property
    def is_workbook(self) -> bool:
        return self.fichier.endswith(".xlsx")


CANONICAL = Habit()
_WINDOWS = "\r\n"

HABITS: Mapping[str, Habit] = {
    "CAI": Habit(separateur=","),
    "CERAIC": Habit(encodage="cp1252", jour="%d/%m/%Y", decimale=",", oui="O", non="N", fin_de_ligne=_WINDOWS),
    "CIMB": Habit(fichier="extraits.xlsx", oui="Oui", non="Non"),
    "CRIBW": Habit(encodage="utf-8-sig", decimale=",", oui="O", non="N", fin_de_ligne=_WINDOWS, niveau=2),
    "CRIC": Habit(fichier="{numero}_{table}.csv", jour="%d/%m/%Y", oui="1", non="0", entetes="majuscules"),
    "CRILUX": Habit(
        encodage="cp1252",
        jour="%d/%m/%Y",
        decimale=",",
        oui="Oui",
        non="Non",
        entetes="majuscules_accents",
        fin_de_ligne=_WINDOWS,
        niveau=2,
    ),
    "CRIPEL": Habit(tout_entre_guillemets=True, oui="Vrai", non="Faux", liste="CRIPEL"),
    "CRVI": Habit(fichier="{table}.xlsx", oui="O", non="N", entetes="phrase", niveau=1),
}

_ACCENTS = {
    "activite": "activité",
    "agrement": "agrément",
    "annee": "année",
    "capacite": "capacité",
    "cloture": "clôture",
    "contactes": "contactés",
    "debut": "début",
    "delivrance": "délivrance",
    "denomination": "dénomination",
    "diplome": "diplôme",
    "duree": "durée",
    "echeance": "échéance",
    "entree": "entrée",
    "equivalence": "équivalence",
    "etape": "étape",
    "formalise": "formalisé",
    "formes": "formés",
    "honorees": "honorées",
    "interprete": "interprète",
    "interpretee": "interprétée",
    "legal": "légal",
    "modalite": "modalité",
    "nationalite": "nationalité",
    "operateur": "opérateur",
    "periode": "période",
    "programmees": "programmées",
    "prevues": "prévues",
    "prolongee": "prolongée",
    "regime": "régime",
    "releve": "relevé",
    "reunion": "réunion",
    "reussi": "réussi",
    "sejour": "séjour",
    "signales": "signalés",
    "thematique": "thématique",
    "theme": "thème",
    "unite": "unité",
    "vise": "visé",
}


def habit_of(centre: str, habitudes: Literal["reelles", "canonique"]) -> Habit:
    """How this centre exports; a centre without a habit of its own exports as the contract writes."""
    return CANONICAL if habitudes == "canonique" else HABITS.get(centre, CANONICAL)


def file_name(habit: Habit, table: type[Extract]) -> str:
    """The file that the centre's tool makes of a table."""
    return habit.fichier.format(table=table.contrat.name, numero=table.contrat.numero)


def header(habit: Habit, column: str) -> str:
    """The contract's column as the centre's tool heads it."""
    if habit.entetes == "contrat":
        return column
    if habit.entetes == "majuscules":
        return column.upper()
    words = [_ACCENTS.get(word, word) for word in column.split("_")]
    return "_".join(words).upper() if habit.entetes == "majuscules_accents" else " ".join(words).capitalize()

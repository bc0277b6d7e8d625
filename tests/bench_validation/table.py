"""The table and the 43 rules of the race, taken from the contract's class Dossier.

Of the row rules one of each form is kept: a pattern (V14), two empty or two filled (V20), the order of two days (V21),
an age (V23), a code among others given a status (V24), a duration that depends on the regime (V25), the regime of a day
(V27). The others (V22, V23-A, V26, V28) repeat one of these forms. The rules on cells are all there: 10 columns that
must be filled (CTR-001), 24 that must be readable, 2 in which an old code is read as its successor.
"""

from __future__ import annotations

from datetime import date
from inspect import isfunction
from typing import Any, get_type_hints

from pydantic import create_model

from schemas.contract import Code, Extract, row_rule
from schemas.extracts.dossier import Dossier
from schemas.findings import Severity
from schemas.rules import catalogue

DATE_ETAT = date(2026, 9, 30)
BLANKS = " \t\r\n\u00a0\u202f"
"""What is trimmed around a cell."""

COLUMNS = (
    "dossier_id", "personne_ref", "date_premier_contact", "date_ouverture", "date_cloture", "motif_cloture",
    "statut_public", "regime_juridique", "canal_entree", "bureau_id", "commune_refnis", "sexe", "annee_naissance",
    "nationalite", "pays_naissance", "titre_sejour", "motif_sejour", "date_titre", "date_debut_sejour_legal", "mena",
    "niveau_diplome", "equivalence", "situation_pro", "langue_principale",
)  # fmt: skip
ROW_RULES = ("V14", "V20", "V21", "V23", "V24", "V25", "V27")
EXPECTED_RULES = 43


def _race_table(further: int = 0) -> type[Extract]:
    """Dossier with the columns and the row rules of the race, and `further` row rules that no row breaks."""
    hints = get_type_hints(Dossier, include_extras=True)
    fields: dict[str, Any] = {name: (hints[name], Dossier.model_fields[name]) for name in COLUMNS}
    table = create_model("DossierDeCourse", __base__=Extract, **fields)
    table.contrat = Dossier.contrat
    for member in filter(isfunction, vars(Dossier).values()):
        rule = getattr(member, "__row_rule__", None)
        if rule is not None and rule.finding.code in ROW_RULES:
            setattr(table, member.__name__, member)
    for number in range(further):
        setattr(table, f"further_{number}", _further_rule(number))
    return table


def _further_rule(number: int) -> Any:
    """A rule on two columns that reads as the true ones do; no age is 200 years or more."""
    attach = row_rule(
        f"X{number:04}",
        Severity.A_EXPLIQUER,
        columns=("annee_naissance", "date_ouverture"),
        sql=f"year(date_ouverture) - annee_naissance = {200 + number}",
        titre="Âge impossible",
        message="Cet âge est impossible.",
        remede="Vérifiez l'année de naissance.",
    )

    def holds(self: Any) -> bool:
        return self.annee_naissance is None or self.date_ouverture.year - self.annee_naissance != 200 + number

    return attach(holds)


def table_with(further: int) -> type[Extract]:
    """The table of the race with 1,000 more rules, say."""
    return _race_table(further)


TABLE = _race_table()


def successors(column: str) -> dict[str, tuple[date, str]]:
    """Old code → (last day on which it holds, the code that follows it); raises when a follower is itself followed."""
    kind = TABLE.fields()[column][0]
    if not isinstance(kind, Code):
        return {}
    entries = kind.nomenclature.entries
    found = {
        code: (entry.valide_au, entry.remplace_par)
        for code, entry in entries.items()
        if entry.valide_au is not None and entry.remplace_par
    }
    if any(follower in found for _, follower in found.values()):
        raise NotImplementedError(f"{column}: a code was followed twice")
    return found


def _rules() -> tuple[tuple[str, str], ...]:
    """(code, column) of each rule."""
    found = []
    for column, (kind, _) in TABLE.fields().items():
        if not TABLE.optional(column):
            found.append(("CTR-001", column))
        found.append((kind.unreadable, column))
        if successors(column):
            found.append((kind.mapped, column))  # type: ignore[attr-defined]
    return (*found, *((rule.finding.code, rule.columns[0]) for rule in TABLE.rules()))


RULES = _rules()
if len(RULES) != EXPECTED_RULES:
    raise SystemExit(
        f"The contract's class Dossier gives {len(RULES)} rules to the race, not {EXPECTED_RULES}: see table.py."
    )

SETS_ASIDE = frozenset(code for code, entry in catalogue().items() if entry.severity is Severity.A_CORRIGER)
"""Codes of the findings after which a row is not retained."""

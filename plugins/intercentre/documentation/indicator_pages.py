"""The generated page of the indicators: what each one counts, over what, and how it must be read."""

from __future__ import annotations

from schemas.indicators import Definition, definitions

MEASURES = {
    "compte": "nombre",
    "distinct": "nombre de personnes distinctes",
    "somme": "somme",
    "part": "part",
    "rapport": "rapport",
    "mediane": "médiane",
    "dispersion": "écart type entre centres au-delà du hasard",
}
PROTECTION = {
    "protege": "protégé",
    "taux_seul": "taux seul : arrondi, sans ses deux nombres, qui diraient combien de personnes sont venues",
    "sans_objet": "sans objet : statistique publique, ou chiffre qui ne compte aucune personne",
}
STATES = {"proposee": "proposée", "adoptee": "adoptée", "retiree": "retirée"}


def indicator_catalogue() -> list[str]:
    """Markdown lines, in the order of the codes."""
    lines = ["# Catalogue des indicateurs", ""]
    lines += [
        "Une définition est proposée, discutée et adoptée par les huit centres ; sa version accompagne chaque chiffre.",
        "",
    ]
    for definition in definitions().values():
        lines += _section(definition)
    return lines


def _section(one: Definition) -> list[str]:
    facts = [
        ("Mesure", f"{MEASURES[one.mesure]}, en {one.unite}"),
        ("Numérateur", one.numerateur),
        ("Dénominateur", one.denominateur or "sans objet"),
        ("Ventilations", ", ".join(one.told_dimensions) or "total seul"),
        ("Territoires", ", ".join([*one.territoires, *one.territoires_totaux])),
        ("Missions", ", ".join(one.missions)),
        ("Maturité", one.maturite),
        ("Secret statistique", PROTECTION[one.secret]),
        ("Définition", f"version {one.version}, {STATES[one.statut]}"),
        ("Référence", one.reference),
    ]
    lines = [f"## {one.code} {one.titre}", "", f"**{one.question}**", "", one.lecture.strip(), ""]
    lines += ["| | |", "|---|---|", *(f"| {name} | {' '.join(str(text).split())} |" for name, text in facts), ""]
    if one.pieges:
        lines += ["À savoir :", "", *(f"- {trap}" for trap in one.pieges), ""]
    return lines

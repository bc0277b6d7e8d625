"""The row of comparaison.parquet: one share, one period, one centre, beside the region."""

from __future__ import annotations

# Shares in percent; `rapport` is observed over expected. No rank, and none can be read from the order of rows.
COMPARISON_COLUMNS: dict[str, str] = {
    "indicateur": "VARCHAR",
    "periode": "VARCHAR",
    "territoire": "VARCHAR",  # a centre; rows come in the order of the centres' codes
    "valeur": "DOUBLE",
    "borne_basse": "DOUBLE",  # Wilson, 95 %
    "borne_haute": "DOUBLE",
    "valeur_region": "DOUBLE",
    "entonnoir_95_bas": "DOUBLE",  # where a centre of this size falls 95 times out of a hundred by chance alone
    "entonnoir_95_haut": "DOUBLE",
    "entonnoir_998_bas": "DOUBLE",
    "entonnoir_998_haut": "DOUBLE",
    "position": "VARCHAR",  # dans, hors_95, hors_998
    "valeur_attendue": "DOUBLE",  # with the region's rates in the centre's own mix; null where not standardised
    "rapport": "DOUBLE",
    "rapport_bas": "DOUBLE",
    "rapport_haut": "DOUBLE",
}
COMPARISON_KEY = ("indicateur", "periode", "territoire")

# What a person reads about each column.
COMPARISON_DESCRIPTIONS: dict[str, str] = {
    "indicateur": "Code d'une part ; sa définition est dans definitions",
    "periode": "Trimestre ou année observés",
    "territoire": "Centre ; l'ordre des lignes est celui des codes, pas un classement",
    "valeur": "Part du centre, en pour cent : celle d'indicateurs",
    "borne_basse": "Intervalle de Wilson à 95 %, borne basse",
    "borne_haute": "Intervalle de Wilson à 95 %, borne haute",
    "valeur_region": "Part de la région, en pour cent",
    "entonnoir_95_bas": "Limite basse dans laquelle le hasard seul laisse 95 % des centres de cette taille",
    "entonnoir_95_haut": "Limite haute à 95 %",
    "entonnoir_998_bas": "Limite basse à 99,8 %",
    "entonnoir_998_haut": "Limite haute à 99,8 %",
    "position": "dans, hors_95 (hors des limites à 95 %) ou hors_998 : une question, jamais un verdict",
    "valeur_attendue": "Part qu'auraient donnée les taux de la région dans le public du centre",
    "rapport": "Observé sur attendu",
    "rapport_bas": "Borne basse du rapport, 95 %",
    "rapport_haut": "Borne haute du rapport, 95 %",
}
# Of the mix of a centre's public nothing is released: what is expected in it stays with DISCRI (docs/decisions/0062).
_OF_THE_MIX = frozenset({"valeur_attendue", "rapport", "rapport_bas", "rapport_haut"})
RELEASED_COMPARISON_COLUMNS = {name: kind for name, kind in COMPARISON_COLUMNS.items() if name not in _OF_THE_MIX}

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

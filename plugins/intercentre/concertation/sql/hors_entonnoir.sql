-- titre: Centres hors des limites à 99,8 % de l'entonnoir, à la dernière période comparée de chaque indicateur
-- grain: un indicateur, une période et un centre
-- unite: celle de l'indicateur
-- tables: comparaison
-- parametres: indicateurs
-- missions: 7
WITH montree AS (
    SELECT
        indicateur,
        periode,
        territoire,
        valeur,
        valeur_region,
        entonnoir_998_bas,
        entonnoir_998_haut,
        position,
        max(periode) OVER (PARTITION BY indicateur, length(periode)) AS derniere
    FROM comparaison
    WHERE statut_secret = 'libre' AND list_contains($indicateurs, indicateur)
)
SELECT
    indicateur,
    periode,
    territoire,
    valeur,
    valeur_region,
    entonnoir_998_bas,
    entonnoir_998_haut
FROM montree
WHERE periode = derniere AND position = 'hors_998'
ORDER BY indicateur, periode, territoire

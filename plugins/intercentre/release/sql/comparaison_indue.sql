-- titre: Lignes de la comparaison sans les deux chiffres communiqués dont elles découlent
-- grain: un indicateur, une période et un centre
-- unite: ligne
-- tables: indicateurs comparaison
-- parametres: total
-- missions: 7
WITH communique AS (
    SELECT
        indicateur,
        periode,
        territoire_type,
        territoire,
        valeur
    FROM indicateurs
    WHERE dimension = $total AND statut_secret = 'libre' AND valeur IS NOT NULL
)
SELECT
    comparaison.indicateur,
    comparaison.periode,
    comparaison.territoire
FROM comparaison
LEFT JOIN communique AS centre
    ON centre.indicateur = comparaison.indicateur
    AND centre.periode = comparaison.periode
    AND centre.territoire_type = 'centre'
    AND centre.territoire = comparaison.territoire
    AND abs(centre.valeur - comparaison.valeur) < 1e-5
LEFT JOIN communique AS region
    ON region.indicateur = comparaison.indicateur
    AND region.periode = comparaison.periode
    AND region.territoire_type = 'region'
    AND abs(region.valeur - comparaison.valeur_region) < 1e-5
WHERE centre.valeur IS NULL OR region.valeur IS NULL
ORDER BY ALL

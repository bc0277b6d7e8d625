-- titre: Séries trimestrielles des centres, sans les chiffres masqués ni provisoires
-- grain: un indicateur, un centre et un trimestre
-- unite: celle de l'indicateur
-- tables: observation
-- parametres: indicateurs total
-- missions: 7
SELECT
    indicateur,
    territoire,
    periode,
    valeur,
    CASE WHEN unite = '%' THEN denominateur END AS denominateur
FROM observation
WHERE list_contains($indicateurs, indicateur)
    AND territoire_type = 'centre'
    AND dimension = $total
    AND statut_secret = 'libre'
    AND statut_obs = 'definitif'
    AND valeur IS NOT NULL
    AND length(periode) = 7
ORDER BY indicateur, territoire, periode

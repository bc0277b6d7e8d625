-- titre: Totaux qui ne sont pas la somme de leurs catégories
-- grain: un indicateur, une période et une ventilation
-- unite: total
-- tables: observation
-- parametres: total attente
-- missions: 7
WITH somme AS (
    SELECT
        indicateur,
        periode,
        territoire_type,
        territoire,
        dimension,
        sum(coalesce(numerateur, denominateur, 0)) AS somme
    FROM observation
    GROUP BY indicateur, periode, territoire_type, territoire, dimension
)
SELECT
    categorie.indicateur || ', ' || categorie.periode || ', ' || categorie.dimension AS lieu,
    count(*) FILTER (WHERE total.somme IS NULL OR abs(categorie.somme - total.somme) > 1e-4) AS valeur
FROM somme AS categorie
LEFT JOIN somme AS total
    ON total.indicateur = categorie.indicateur
    AND total.periode = categorie.periode
    AND total.territoire_type = categorie.territoire_type
    AND total.territoire = categorie.territoire
    AND total.dimension = $total
WHERE categorie.dimension NOT IN ($total, $attente)
GROUP BY categorie.indicateur, categorie.periode, categorie.dimension

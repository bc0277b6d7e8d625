-- titre: Totaux qui ne sont pas la somme de leurs catégories
-- grain: un indicateur, une période et une ventilation
-- unite: total
-- tables: observation controle.definition
-- parametres: total attente
-- missions: 7
WITH somme AS (
    SELECT
        observation.indicateur,
        observation.periode,
        observation.territoire_type,
        observation.territoire,
        observation.dimension,
        sum(coalesce(observation.numerateur, observation.denominateur, 0)) AS somme,
        -- a category of the numerator alone is related to the whole denominator
        CASE
            WHEN list_contains(any_value(definition.dimensions_du_total), observation.dimension)
                THEN coalesce(max(observation.denominateur), 0)
            ELSE sum(coalesce(observation.denominateur, 0))
        END AS denominateur
    FROM observation
    JOIN controle.definition AS definition
        ON definition.indicateur = observation.indicateur
    GROUP BY
        observation.indicateur,
        observation.periode,
        observation.territoire_type,
        observation.territoire,
        observation.dimension
)
SELECT
    categorie.indicateur || ', ' || categorie.periode || ', ' || categorie.dimension AS lieu,
    count(*) FILTER (
        WHERE total.somme IS NULL
            OR abs(categorie.somme - total.somme) > 1e-4
            OR abs(categorie.denominateur - total.denominateur) > 1e-4
    ) AS valeur
FROM somme AS categorie
LEFT JOIN somme AS total
    ON total.indicateur = categorie.indicateur
    AND total.periode = categorie.periode
    AND total.territoire_type = categorie.territoire_type
    AND total.territoire = categorie.territoire
    AND total.dimension = $total
WHERE categorie.dimension NOT IN ($total, $attente)  -- who waits still is no part of those whose wait is over
GROUP BY categorie.indicateur, categorie.periode, categorie.dimension

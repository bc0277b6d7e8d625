-- titre: Totaux qui manquent dans les tableaux à protéger
-- grain: un indicateur, une période et un lieu
-- unite: tableau
-- tables: observation
-- parametres: total
-- missions: 7
WITH lieu AS (
    SELECT
        indicateur,
        periode,
        territoire_type,
        territoire,
        bool_or(dimension = $total AND modalite = $total) AS a_son_total
    FROM observation
    GROUP BY indicateur, periode, territoire_type, territoire
)
SELECT
    indicateur,
    periode,
    territoire_type,
    territoire
FROM lieu
WHERE NOT a_son_total
UNION
SELECT
    indicateur,
    periode,
    'region' AS territoire_type,
    '' AS territoire
FROM lieu
GROUP BY indicateur, periode
HAVING NOT bool_or(territoire_type = 'region')

-- titre: Part des unités d'un centre qui dépassent la médiane de la région
-- grain: une période et un centre
-- unite: celle de l'indicateur
-- tables: cellule
-- parametres: indicateur
-- missions: 7
WITH region AS (
    SELECT
        periode,
        median(valeur) AS mediane
    FROM cellule
    GROUP BY periode
)
SELECT
    $indicateur AS indicateur,
    cellule.periode,
    cellule.centre_code,
    CAST(count(*) FILTER (WHERE cellule.valeur > region.mediane) AS DOUBLE) AS numerateur,
    CAST(count(*) AS DOUBLE) AS denominateur
FROM cellule
JOIN region
    ON region.periode = cellule.periode
GROUP BY cellule.periode, cellule.centre_code

-- titre: Part des unités d'un centre qui dépassent la médiane de la région
-- grain: une période et un centre
-- unite: celle de l'indicateur
-- tables: unite
-- parametres: indicateur
-- missions: 7
WITH region AS (
    SELECT
        periode,
        median(valeur) AS mediane
    FROM unite
    GROUP BY periode
)
SELECT
    $indicateur AS indicateur,
    unite.periode,
    unite.centre_code,
    CAST(count(*) FILTER (WHERE unite.valeur > region.mediane) AS DOUBLE) AS numerateur,
    CAST(count(*) AS DOUBLE) AS denominateur
FROM unite
JOIN region
    ON region.periode = unite.periode
GROUP BY unite.periode, unite.centre_code

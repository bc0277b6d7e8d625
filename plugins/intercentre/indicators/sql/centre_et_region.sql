-- titre: Chaque part d'un centre à côté de celle de la région
-- grain: un indicateur, une période et un centre
-- unite: celle de l'indicateur
-- tables: observation
-- parametres: parts total
-- missions: 7
WITH ensemble AS (
    SELECT
        indicateur,
        periode,
        territoire_type,
        territoire,
        numerateur,
        denominateur
    FROM observation
    WHERE list_contains($parts, indicateur) AND dimension = $total AND denominateur > 0
)
SELECT
    centre.indicateur,
    centre.periode,
    centre.territoire,
    centre.numerateur,
    centre.denominateur,
    region.numerateur AS numerateur_region,
    region.denominateur AS denominateur_region
FROM ensemble AS centre
JOIN ensemble AS region
    ON region.indicateur = centre.indicateur
    AND region.periode = centre.periode
    AND region.territoire_type = 'region'
WHERE centre.territoire_type = 'centre'
ORDER BY centre.indicateur, centre.periode, centre.territoire

-- titre: Parts des centres, à comparer
-- grain: un indicateur, une période et un centre
-- unite: celle de l'indicateur
-- tables: observation
-- parametres: parts total
-- missions: 7
SELECT
    indicateur,
    periode,
    territoire AS centre_code,
    numerateur,
    denominateur
FROM observation
WHERE list_contains($parts, indicateur)
    AND territoire_type = 'centre'
    AND dimension = $total
    AND denominateur > 0

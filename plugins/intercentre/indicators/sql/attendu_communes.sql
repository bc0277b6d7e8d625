-- titre: Lieux et années attendus d'une statistique locale, et combien de leurs communes ont un chiffre
-- grain: un indicateur, une période et un lieu
-- unite: lieu
-- tables: cellule commun.territoire
-- parametres: indicateur region lieux
-- missions: 6
-- cle: indicateur periode territoire_type territoire
WITH lieu AS (
    SELECT 'region' AS territoire_type, $region AS territoire, commune FROM commun.territoire
    UNION ALL
    SELECT 'province' AS territoire_type, province AS territoire, commune FROM commun.territoire
    UNION ALL
    SELECT 'arrondissement' AS territoire_type, arrondissement AS territoire, commune FROM commun.territoire
    UNION ALL
    SELECT 'centre' AS territoire_type, centre_code AS territoire, commune FROM commun.territoire
    UNION ALL
    SELECT 'commune' AS territoire_type, commune AS territoire, commune FROM commun.territoire
),
periode AS (
    SELECT DISTINCT periode FROM cellule
)
SELECT
    $indicateur AS indicateur,
    periode.periode,
    lieu.territoire_type,
    lieu.territoire,
    count(cellule.commune) || '/' || count(*) AS couverture,
    count(cellule.commune) > 0 AS est_couvert,
    count(cellule.commune) = count(*) AS est_arrive
FROM periode
CROSS JOIN lieu
LEFT JOIN cellule
    ON cellule.periode = periode.periode
    AND cellule.commune = lieu.commune
WHERE list_contains($lieux, lieu.territoire_type)
GROUP BY periode.periode, lieu.territoire_type, lieu.territoire

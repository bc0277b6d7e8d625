-- titre: Lieux et années attendus d'une statistique locale, et combien de leurs communes ont un chiffre
-- grain: une période et un lieu
-- unite: lieu
-- tables: unite commun.territoire
-- parametres: region
-- missions: 6
-- cle: periode territoire_type territoire
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
    SELECT DISTINCT periode FROM unite
)
SELECT
    periode.periode,
    'A' AS type,
    lieu.territoire_type,
    lieu.territoire,
    count(unite.commune) || '/' || count(*) AS couverture,
    count(unite.commune) > 0 AS est_couvert,
    count(unite.commune) = count(*) AS est_arrive
FROM periode
CROSS JOIN lieu
LEFT JOIN unite
    ON unite.periode = periode.periode
    AND unite.commune = lieu.commune
GROUP BY periode.periode, lieu.territoire_type, lieu.territoire

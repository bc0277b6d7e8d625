-- titre: Lieux et périodes attendus de chaque indicateur, et combien de centres y sont comptés
-- grain: un indicateur, une période et un lieu
-- unite: lieu
-- tables: definition hors_histoire commun.periode commun.couverture commun.periode_couverte commun.table_deposee commun.territoire
-- parametres: region
-- missions: 7
-- cle: indicateur periode territoire_type territoire
WITH demande AS (
    SELECT
        indicateur,
        types,
        lieux,
        tables_requises,
        recul_jours
    FROM definition
    WHERE couverture = 'centres'
),
complet AS (
    SELECT
        demande.indicateur,
        couverture.centre_code,
        count(table_deposee.table_nom) = len(any_value(demande.tables_requises)) AS a_ses_tables
    FROM demande
    CROSS JOIN commun.couverture AS couverture
    LEFT JOIN commun.table_deposee AS table_deposee
        ON table_deposee.centre_code = couverture.centre_code
        AND list_contains(demande.tables_requises, table_deposee.table_nom)
    GROUP BY demande.indicateur, couverture.centre_code
),
centre AS (
    SELECT
        demande.indicateur,
        periode.periode,
        couverture.centre_code,
        periode_couverte.centre_code IS NOT NULL
            AND complet.a_ses_tables
            AND hors_histoire.centre_code IS NULL
            AND couverture.debut_historique <= periode.fin - demande.recul_jours AS est_couvert,
        coalesce(couverture.date_etat >= periode.fin, false) AS est_arrive
    FROM demande
    JOIN commun.periode AS periode
        ON list_contains(demande.types, periode.type)
    JOIN complet
        ON complet.indicateur = demande.indicateur
    JOIN commun.couverture AS couverture
        ON couverture.centre_code = complet.centre_code
    LEFT JOIN commun.periode_couverte AS periode_couverte
        ON periode_couverte.periode = periode.periode
        AND periode_couverte.centre_code = couverture.centre_code
    LEFT JOIN hors_histoire
        ON hors_histoire.indicateur = demande.indicateur
        AND hors_histoire.periode = periode.periode
        AND hors_histoire.centre_code = couverture.centre_code
),
region AS (
    SELECT
        indicateur,
        periode,
        count(*) FILTER (WHERE est_couvert) || '/' || count(*) AS couverture,
        bool_and(est_arrive) AS est_arrive
    FROM centre
    GROUP BY indicateur, periode
),
lieu AS (
    SELECT 'commune' AS territoire_type, commune AS territoire, centre_code FROM commun.territoire
    UNION
    SELECT 'arrondissement' AS territoire_type, arrondissement AS territoire, centre_code FROM commun.territoire
    UNION
    SELECT 'province' AS territoire_type, province AS territoire, centre_code FROM commun.territoire
    UNION
    SELECT 'region' AS territoire_type, $region AS territoire, centre_code FROM commun.couverture
)
SELECT
    region.indicateur,
    region.periode,
    lieu.territoire_type,
    lieu.territoire,
    region.couverture,
    bool_or(centre.est_couvert) AS est_couvert,
    region.est_arrive
FROM region
JOIN demande
    ON demande.indicateur = region.indicateur
JOIN lieu
    ON list_contains(demande.lieux, lieu.territoire_type)
JOIN centre
    ON centre.indicateur = region.indicateur
    AND centre.periode = region.periode
    AND centre.centre_code = lieu.centre_code
GROUP BY
    region.indicateur,
    region.periode,
    lieu.territoire_type,
    lieu.territoire,
    region.couverture,
    region.est_arrive
UNION ALL
SELECT
    centre.indicateur,
    centre.periode,
    'centre' AS territoire_type,
    centre.centre_code AS territoire,
    CASE WHEN centre.est_couvert THEN '1/1' ELSE '0/1' END AS couverture,
    centre.est_couvert,
    centre.est_arrive
FROM centre
JOIN demande
    ON demande.indicateur = centre.indicateur
    AND list_contains(demande.lieux, 'centre')

-- titre: Lieux et périodes attendus, et combien de centres y sont comptés
-- grain: une période et un lieu
-- unite: lieu
-- tables: commun.periode commun.couverture commun.periode_couverte commun.table_deposee commun.territoire
-- parametres: region tables_requises recul_jours
-- missions: 7
-- cle: periode territoire_type territoire
WITH complet AS (
    SELECT
        couverture.centre_code,
        count(table_deposee.table_nom) = len($tables_requises) AS a_ses_tables
    FROM commun.couverture AS couverture
    LEFT JOIN commun.table_deposee AS table_deposee
        ON table_deposee.centre_code = couverture.centre_code
        AND list_contains($tables_requises, table_deposee.table_nom)
    GROUP BY couverture.centre_code
),
centre AS (
    SELECT
        periode.periode,
        periode.type,
        couverture.centre_code,
        periode_couverte.centre_code IS NOT NULL
            AND complet.a_ses_tables
            AND couverture.debut_historique <= periode.fin - CAST($recul_jours AS INTEGER) AS est_couvert,
        coalesce(couverture.date_etat >= periode.fin, false) AS est_arrive
    FROM commun.periode AS periode
    CROSS JOIN commun.couverture AS couverture
    JOIN complet
        ON complet.centre_code = couverture.centre_code
    LEFT JOIN commun.periode_couverte AS periode_couverte
        ON periode_couverte.periode = periode.periode
        AND periode_couverte.centre_code = couverture.centre_code
),
region AS (
    SELECT
        periode,
        type,
        count(*) FILTER (WHERE est_couvert) || '/' || count(*) AS couverture,
        bool_or(est_couvert) AS est_couvert,
        bool_and(est_arrive) AS est_arrive
    FROM centre
    GROUP BY periode, type
),
lieu AS (
    SELECT 'commune' AS territoire_type, commune AS territoire FROM commun.territoire
    UNION
    SELECT 'arrondissement' AS territoire_type, arrondissement AS territoire FROM commun.territoire
    UNION
    SELECT 'province' AS territoire_type, province AS territoire FROM commun.territoire
    UNION
    SELECT 'region' AS territoire_type, $region AS territoire
)
SELECT
    region.periode,
    region.type,
    lieu.territoire_type,
    lieu.territoire,
    region.couverture,
    region.est_couvert,
    region.est_arrive
FROM region
CROSS JOIN lieu
UNION ALL
SELECT
    periode,
    type,
    'centre' AS territoire_type,
    centre_code AS territoire,
    CASE WHEN est_couvert THEN '1/1' ELSE '0/1' END AS couverture,
    est_couvert,
    est_arrive
FROM centre

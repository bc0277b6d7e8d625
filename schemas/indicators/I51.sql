-- titre: Communes documentées
-- grain: une commune d'aujourd'hui et une année, là où l'on sait si elle est documentée
-- unite: commune
-- tables: commun.stat_locale commun.territoire commun.periode_couverte commun.table_deposee
-- parametres:
-- missions: 6
WITH documentee AS (
    SELECT
        commune,
        periode,
        count(DISTINCT indicateur_local) FILTER (WHERE est_entiere) = 2 AS est_documentee
    FROM commun.stat_locale
    WHERE length(periode) = 4
        AND modalite IS NULL
        AND indicateur_local IN ('POPULATION_TOTALE', 'POPULATION_ETRANGERE')
    GROUP BY commune, periode
),
ressort_connu AS (
    SELECT
        documentee.periode,
        territoire.centre_code
    FROM documentee
    JOIN commun.territoire AS territoire
        ON territoire.commune = documentee.commune
    UNION
    SELECT
        periode_couverte.periode,
        periode_couverte.centre_code
    FROM commun.periode_couverte AS periode_couverte
    JOIN commun.table_deposee AS table_deposee
        ON table_deposee.centre_code = periode_couverte.centre_code
        AND table_deposee.table_nom = 'stat_locale'
    WHERE periode_couverte.type = 'A'
)
SELECT
    ressort_connu.periode,
    territoire.centre_code,
    territoire.commune,
    territoire.commune AS unite_id,
    CAST(coalesce(documentee.est_documentee, false) AS INTEGER) AS numerateur,
    1 AS denominateur
FROM ressort_connu
JOIN commun.territoire AS territoire
    ON territoire.centre_code = ressort_connu.centre_code
LEFT JOIN documentee
    ON documentee.periode = ressort_connu.periode
    AND documentee.commune = territoire.commune

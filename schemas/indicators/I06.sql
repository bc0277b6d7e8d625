-- titre: Communes sans signalement
-- grain: une commune du ressort d'un centre qui a déposé ses signalements, et une période
-- unite: commune
-- tables: commun.flux_commune commun.territoire commun.table_deposee commun.periode_couverte
-- parametres:
-- missions: 1b
WITH signalement AS (
    SELECT
        periode_couverte.periode,
        flux_commune.centre_code,
        flux_commune.commune,
        sum(flux_commune.signales_par_commune) AS signales
    FROM commun.flux_commune AS flux_commune
    JOIN commun.periode_couverte AS periode_couverte
        ON periode_couverte.centre_code = flux_commune.centre_code
        AND CAST(flux_commune.mois || '-01' AS DATE) BETWEEN periode_couverte.debut AND periode_couverte.fin
    GROUP BY periode_couverte.periode, flux_commune.centre_code, flux_commune.commune
)
SELECT
    periode_couverte.periode,
    territoire.centre_code,
    territoire.commune AS unite_id,
    CAST(coalesce(signalement.signales, 0) = 0 AS INTEGER) AS numerateur,
    1 AS denominateur
FROM commun.territoire AS territoire
JOIN commun.table_deposee AS table_deposee
    ON table_deposee.centre_code = territoire.centre_code
    AND table_deposee.table_nom = 'flux_commune'
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = territoire.centre_code
LEFT JOIN signalement
    ON signalement.periode = periode_couverte.periode
    AND signalement.centre_code = territoire.centre_code
    AND signalement.commune = territoire.commune

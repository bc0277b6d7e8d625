-- titre: Couverture communale des activités
-- grain: une commune du ressort d'un centre qui couvre la période et dépose ses activités
-- unite: commune
-- tables: commun.activite commun.territoire commun.periode_couverte commun.table_deposee
-- parametres:
-- missions: 3 4
WITH commune_active AS (
    SELECT DISTINCT
        periode_couverte.periode,
        activite.centre_code,
        activite.commune
    FROM commun.activite AS activite
    JOIN commun.periode_couverte AS periode_couverte
        ON periode_couverte.centre_code = activite.centre_code
        AND activite.date_debut BETWEEN periode_couverte.debut AND periode_couverte.fin
)
SELECT
    periode_couverte.periode,
    territoire.centre_code,
    territoire.commune AS unite_id,
    CAST(commune_active.commune IS NOT NULL AS INTEGER) AS numerateur,
    1 AS denominateur
FROM commun.territoire AS territoire
JOIN commun.table_deposee AS table_deposee
    ON table_deposee.centre_code = territoire.centre_code
    AND table_deposee.table_nom = 'activite'
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = territoire.centre_code
LEFT JOIN commune_active
    ON commune_active.periode = periode_couverte.periode
    AND commune_active.centre_code = territoire.centre_code
    AND commune_active.commune = territoire.commune

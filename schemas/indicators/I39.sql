-- titre: Communes conventionnées
-- grain: une commune du ressort d'un centre qui couvre la période et dépose ses partenariats
-- unite: commune
-- tables: commun.partenariat commun.territoire commun.table_deposee commun.periode_couverte
-- parametres:
-- missions: 1b 1d
WITH commune_conventionnee AS (
    SELECT DISTINCT
        periode_couverte.periode,
        partenariat.centre_code,
        partenariat.commune
    FROM commun.partenariat AS partenariat
    JOIN commun.periode_couverte AS periode_couverte
        ON periode_couverte.centre_code = partenariat.centre_code
        AND partenariat.date_debut <= periode_couverte.fin
        AND coalesce(partenariat.date_fin >= periode_couverte.fin, true)
    WHERE partenariat.objet = 'CONVENTION_COMMUNE' AND partenariat.formalise
)
SELECT
    periode_couverte.periode,
    territoire.centre_code,
    territoire.commune AS unite_id,
    CAST(commune_conventionnee.commune IS NOT NULL AS INTEGER) AS numerateur,
    1 AS denominateur
FROM commun.territoire AS territoire
JOIN commun.table_deposee AS table_deposee
    ON table_deposee.centre_code = territoire.centre_code
    AND table_deposee.table_nom = 'partenariat'
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = territoire.centre_code
LEFT JOIN commune_conventionnee
    ON commune_conventionnee.periode = periode_couverte.periode
    AND commune_conventionnee.centre_code = territoire.centre_code
    AND commune_conventionnee.commune = territoire.commune

-- titre: Recours à l'interprétariat
-- grain: une étape de l'accueil pendant la période
-- unite: étape
-- tables: commun.etape_accueil commun.periode_couverte
-- parametres:
-- missions: 1a
WITH etape AS (
    SELECT
        periode_couverte.periode,
        etape_accueil.centre_code,
        etape_accueil.cle_dossier || ':' || etape_accueil.type_etape || ':' || etape_accueil.rang AS unite_id,
        etape_accueil.interprete,
        CASE WHEN etape_accueil.interprete THEN coalesce(etape_accueil.langue_interpretee, 'und') END AS langue
    FROM commun.etape_accueil AS etape_accueil
    JOIN commun.periode_couverte AS periode_couverte
        ON periode_couverte.centre_code = etape_accueil.centre_code
        AND etape_accueil.date BETWEEN periode_couverte.debut AND periode_couverte.fin
),
langue_nommee AS (
    SELECT
        periode,
        langue
    FROM etape
    WHERE interprete
    GROUP BY periode, langue
    QUALIFY row_number() OVER (PARTITION BY periode ORDER BY count(*) DESC, langue) <= 10
)
SELECT
    etape.periode,
    etape.centre_code,
    CASE WHEN etape.interprete THEN coalesce(langue_nommee.langue, 'AUTRE') END AS langue_frequente,
    etape.unite_id,
    CAST(etape.interprete AS INTEGER) AS numerateur,
    1 AS denominateur
FROM etape
LEFT JOIN langue_nommee
    ON langue_nommee.periode = etape.periode
    AND langue_nommee.langue = etape.langue

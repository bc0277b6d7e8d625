-- titre: Délai du premier contact au bilan social
-- grain: un dossier dont le premier bilan social a lieu pendant la période
-- unite: jour
-- tables: commun.dossier commun.etape_accueil commun.periode_couverte
-- parametres:
-- missions: 1a
WITH bilan AS (
    SELECT
        cle_dossier,
        min(date) AS date_bilan,
        arg_min(interprete, (date, rang)) AS interprete
    FROM commun.etape_accueil
    WHERE type_etape = 'BILAN_SOCIAL'
    GROUP BY cle_dossier
)
SELECT
    periode_couverte.periode,
    dossier.centre_code,
    CASE WHEN bilan.interprete THEN 'OUI' ELSE 'NON' END AS interprete,
    dossier.cle_dossier AS unite_id,
    bilan.date_bilan - dossier.date_premier_contact AS valeur
FROM bilan
JOIN commun.dossier AS dossier
    ON dossier.cle_dossier = bilan.cle_dossier
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = dossier.centre_code
    AND bilan.date_bilan BETWEEN periode_couverte.debut AND periode_couverte.fin
WHERE dossier.date_premier_contact <= bilan.date_bilan

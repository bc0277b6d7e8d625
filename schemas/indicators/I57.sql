-- titre: Suivis hors ressort
-- grain: un dossier ouvert pendant la période dont la commune de domicile est connue
-- unite: dossier
-- tables: commun.dossier commun.territoire commun.periode_couverte
-- parametres:
-- missions: 7
SELECT
    periode_couverte.periode,
    dossier.centre_code,
    CASE
        WHEN territoire.centre_code IS NULL THEN 'HORS_REGION'
        WHEN territoire.centre_code <> dossier.centre_code THEN territoire.centre_code
    END AS centre_domicile,
    dossier.cle_dossier AS unite_id,
    CAST(territoire.centre_code IS DISTINCT FROM dossier.centre_code AS INTEGER) AS numerateur,
    1 AS denominateur
FROM commun.dossier AS dossier
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = dossier.centre_code
    AND dossier.date_ouverture BETWEEN periode_couverte.debut AND periode_couverte.fin
LEFT JOIN commun.territoire AS territoire
    ON territoire.commune = dossier.commune
WHERE dossier.commune <> '00000'

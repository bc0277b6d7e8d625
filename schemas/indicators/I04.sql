-- titre: Part des obligés
-- grain: un dossier ouvert pendant la période, statut déterminé
-- unite: dossier
-- tables: commun.dossier commun.periode_couverte
-- parametres:
-- missions: 1a
SELECT
    periode_couverte.periode,
    dossier.centre_code,
    dossier.sexe,
    dossier.groupe_age,
    dossier.groupe_nationalite,
    dossier.cle_dossier AS unite_id,
    CAST(dossier.statut_public = 'OBLIGE' AS INTEGER) AS numerateur,
    1 AS denominateur
FROM commun.dossier AS dossier
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = dossier.centre_code
    AND dossier.date_ouverture BETWEEN periode_couverte.debut AND periode_couverte.fin
WHERE dossier.statut_public <> 'A_DETERMINER'

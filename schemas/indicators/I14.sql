-- titre: Part de l'alphabétisation
-- grain: un dossier dont le premier test de positionnement a lieu pendant la période
-- unite: dossier
-- tables: commun.test_langue commun.dossier commun.periode_couverte
-- parametres:
-- missions: 1a
WITH premier_positionnement AS (
    SELECT
        centre_code,
        cle_dossier,
        min(date) AS date_test,
        arg_min(profil, (date, test_id)) AS profil
    FROM commun.test_langue
    WHERE nature = 'POSITIONNEMENT'
    GROUP BY centre_code, cle_dossier
)
SELECT
    periode_couverte.periode,
    premier_positionnement.centre_code,
    dossier.sexe,
    dossier.groupe_age,
    dossier.groupe_nationalite,
    dossier.statut_public,
    premier_positionnement.cle_dossier AS unite_id,
    CAST(premier_positionnement.profil = 'ALPHA' AS INTEGER) AS numerateur,
    1 AS denominateur
FROM premier_positionnement
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = premier_positionnement.centre_code
    AND premier_positionnement.date_test BETWEEN periode_couverte.debut AND periode_couverte.fin
LEFT JOIN commun.dossier AS dossier
    ON dossier.cle_dossier = premier_positionnement.cle_dossier

-- titre: Niveau de français à l'entrée
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
        arg_min(niveau_global, (date, test_id)) AS niveau_entree
    FROM commun.test_langue
    WHERE nature = 'POSITIONNEMENT'
    GROUP BY centre_code, cle_dossier
)
SELECT
    periode_couverte.periode,
    premier_positionnement.centre_code,
    premier_positionnement.niveau_entree,
    premier_positionnement.niveau_entree || '_' || coalesce(dossier.sexe, 'INC') AS niveau_entree_sexe,
    premier_positionnement.niveau_entree || '_' || coalesce(dossier.niveau_diplome, '9') AS niveau_entree_diplome,
    premier_positionnement.cle_dossier AS unite_id,
    1 AS numerateur,
    1 AS denominateur
FROM premier_positionnement
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = premier_positionnement.centre_code
    AND premier_positionnement.date_test BETWEEN periode_couverte.debut AND periode_couverte.fin
LEFT JOIN commun.dossier AS dossier
    ON dossier.cle_dossier = premier_positionnement.cle_dossier

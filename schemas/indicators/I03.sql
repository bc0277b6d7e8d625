-- titre: Dossiers actifs en fin de période
-- grain: un dossier ouvert et non clos le dernier jour de la période
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
    dossier.statut_public,
    CASE
        WHEN dossier.date_ouverture + to_months(6) > periode_couverte.fin THEN 'M00-05'
        WHEN dossier.date_ouverture + to_months(12) > periode_couverte.fin THEN 'M06-11'
        WHEN dossier.date_ouverture + to_months(24) > periode_couverte.fin THEN 'M12-23'
        ELSE 'M24+'
    END AS anciennete,
    dossier.cle_dossier AS unite_id
FROM commun.dossier AS dossier
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = dossier.centre_code
    AND dossier.date_ouverture <= periode_couverte.fin
    AND (dossier.date_cloture IS NULL OR dossier.date_cloture > periode_couverte.fin)

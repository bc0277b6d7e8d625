-- titre: Taux de conventionnement à six mois
-- grain: un dossier obligé ouvert pendant la période
-- unite: dossier
-- tables: commun.dossier commun.convention commun.periode_couverte
-- parametres:
-- missions: 1a
WITH premiere_convention AS (
    SELECT
        cle_dossier,
        min(date_signature) AS date_signature
    FROM commun.convention
    WHERE avenant = 0
    GROUP BY cle_dossier
)
SELECT
    periode_couverte.periode,
    dossier.centre_code,
    dossier.sexe,
    dossier.groupe_age,
    dossier.groupe_nationalite,
    dossier.motif_sejour,
    dossier.niveau_diplome,
    dossier.cle_dossier AS unite_id,
    CAST(
        coalesce(premiere_convention.date_signature - dossier.date_ouverture <= 183, false) AS INTEGER
    ) AS numerateur,
    1 AS denominateur,
    dossier.date_etat - dossier.date_ouverture >= 183 AS est_mur
FROM commun.dossier AS dossier
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = dossier.centre_code
    AND dossier.date_ouverture BETWEEN periode_couverte.debut AND periode_couverte.fin
LEFT JOIN premiere_convention
    ON premiere_convention.cle_dossier = dossier.cle_dossier
WHERE dossier.statut_public = 'OBLIGE'

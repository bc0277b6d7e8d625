-- titre: Besoin de français
-- grain: une convention signée pendant la période, avenants exclus
-- unite: convention
-- tables: commun.convention commun.dossier commun.test_langue commun.periode_couverte
-- parametres:
-- missions: 1a
WITH premier_positionnement AS (
    SELECT
        cle_dossier,
        arg_min(profil, (date, test_id)) AS profil
    FROM commun.test_langue
    WHERE nature = 'POSITIONNEMENT'
    GROUP BY cle_dossier
)
SELECT
    periode_couverte.periode,
    convention.centre_code,
    dossier.sexe,
    dossier.groupe_age,
    dossier.groupe_nationalite,
    dossier.statut_public,
    dossier.motif_sejour,
    dossier.niveau_diplome,
    premier_positionnement.profil,
    convention.centre_code || ':' || convention.convention_id AS unite_id,
    CAST(convention.fle_prescrit AS INTEGER) AS numerateur,
    1 AS denominateur
FROM commun.convention AS convention
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = convention.centre_code
    AND convention.date_signature BETWEEN periode_couverte.debut AND periode_couverte.fin
LEFT JOIN commun.dossier AS dossier
    ON dossier.cle_dossier = convention.cle_dossier
LEFT JOIN premier_positionnement
    ON premier_positionnement.cle_dossier = convention.cle_dossier
WHERE convention.avenant = 0

-- titre: Taux de réalisation des heures de français
-- grain: un dossier dont la convention prescrit du français et prend fin pendant la période
-- unite: heure
-- tables: commun.convention commun.inscription commun.dossier commun.periode_couverte
-- parametres:
-- missions: 1a
WITH derniere_convention AS (
    SELECT
        centre_code,
        cle_dossier,
        fle_prescrit,
        heures_fle_prescrites,
        statut,
        date_statut
    FROM commun.convention
    QUALIFY row_number() OVER (
        PARTITION BY cle_dossier ORDER BY date_signature DESC, avenant DESC, convention_id DESC
    ) = 1
),
heures AS (
    SELECT
        cle_dossier,
        sum(heures_suivies) AS heures_suivies
    FROM commun.inscription
    WHERE axe IN ('FLE', 'ALPHA') AND statut IN ('EN_COURS', 'TERMINE', 'ABANDON')
    GROUP BY cle_dossier
)
SELECT
    periode_couverte.periode,
    convention.centre_code,
    dossier.sexe,
    dossier.groupe_age,
    dossier.groupe_nationalite,
    dossier.statut_public,
    convention.cle_dossier AS unite_id,
    coalesce(heures.heures_suivies, 0) AS numerateur,
    convention.heures_fle_prescrites AS denominateur
FROM derniere_convention AS convention
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = convention.centre_code
    AND convention.date_statut BETWEEN periode_couverte.debut AND periode_couverte.fin
LEFT JOIN commun.dossier AS dossier
    ON dossier.cle_dossier = convention.cle_dossier
LEFT JOIN heures
    ON heures.cle_dossier = convention.cle_dossier
WHERE convention.fle_prescrit
    AND convention.statut IN ('HONOREE', 'NON_HONOREE')

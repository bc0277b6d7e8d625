-- titre: Orientation socioprofessionnelle effective
-- grain: un dossier dont la convention prescrit l'orientation socioprofessionnelle et prend fin pendant la période
-- unite: dossier
-- tables: commun.convention commun.inscription commun.dossier commun.periode_couverte
-- parametres:
-- missions: 1a
WITH derniere_convention AS (
    SELECT
        centre_code,
        cle_dossier,
        isp_prescrite,
        statut,
        date_statut
    FROM commun.convention
    QUALIFY row_number() OVER (
        PARTITION BY cle_dossier ORDER BY date_signature DESC, avenant DESC, convention_id DESC
    ) = 1
),
orientation AS (
    SELECT
        cle_dossier,
        min(date_debut) AS date_debut
    FROM commun.inscription
    WHERE axe = 'ISP' AND statut IN ('EN_COURS', 'TERMINE', 'ABANDON')
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
    convention.cle_dossier AS unite_id,
    CAST(coalesce(orientation.date_debut <= periode_couverte.fin, false) AS INTEGER) AS numerateur,
    1 AS denominateur
FROM derniere_convention AS convention
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = convention.centre_code
    AND convention.date_statut BETWEEN periode_couverte.debut AND periode_couverte.fin
LEFT JOIN commun.dossier AS dossier
    ON dossier.cle_dossier = convention.cle_dossier
LEFT JOIN orientation
    ON orientation.cle_dossier = convention.cle_dossier
WHERE convention.isp_prescrite
    AND convention.statut IN ('HONOREE', 'NON_HONOREE')

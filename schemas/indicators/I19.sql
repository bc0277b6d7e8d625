-- titre: Formation à la citoyenneté achevée
-- grain: un dossier dont la convention prescrit la citoyenneté et prend fin pendant la période
-- unite: dossier
-- tables: commun.dossier commun.convention commun.inscription commun.transfert commun.regime commun.periode_couverte
-- parametres:
-- missions: 1a
WITH derniere_convention AS (
    SELECT
        cle_dossier,
        cit_prescrite,
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
    WHERE axe = 'CITOYENNETE' AND statut = 'TERMINE'
    GROUP BY cle_dossier
),
reprise AS (
    SELECT
        cle_dossier,
        max(heures_reprises_cit) AS heures_reprises
    FROM commun.transfert
    WHERE sens = 'ENTRANT' AND statut = 'EFFECTIF'
    GROUP BY cle_dossier
)
SELECT
    periode_couverte.periode,
    dossier.centre_code,
    dossier.sexe,
    dossier.groupe_age,
    dossier.groupe_nationalite,
    dossier.statut_public,
    dossier.cle_dossier AS unite_id,
    CAST(
        coalesce(heures.heures_suivies, 0) + coalesce(reprise.heures_reprises, 0) >= regime.heures_cit_min AS INTEGER
    ) AS numerateur,
    1 AS denominateur
FROM derniere_convention AS convention
JOIN commun.dossier AS dossier
    ON dossier.cle_dossier = convention.cle_dossier
JOIN commun.regime AS regime
    ON regime.regime = dossier.regime_juridique
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = dossier.centre_code
    AND convention.date_statut BETWEEN periode_couverte.debut AND periode_couverte.fin
LEFT JOIN heures
    ON heures.cle_dossier = convention.cle_dossier
LEFT JOIN reprise
    ON reprise.cle_dossier = convention.cle_dossier
WHERE convention.cit_prescrite
    AND convention.statut IN ('HONOREE', 'NON_HONOREE')
    AND regime.heures_cit_min IS NOT NULL

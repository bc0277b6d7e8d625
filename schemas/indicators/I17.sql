-- titre: Atteinte du niveau visé
-- grain: un dossier à qui du français est prescrit et dont le dernier cours de français se termine pendant la période
-- unite: dossier
-- tables: commun.dossier commun.convention commun.inscription commun.test_langue commun.regime commun.niveau commun.periode_couverte
-- parametres:
-- missions: 1a
WITH document AS (
    SELECT
        cle_dossier,
        fle_prescrit,
        date_signature,
        lead(date_signature) OVER (
            PARTITION BY cle_dossier ORDER BY date_signature, avenant, convention_id
        ) AS date_suivante
    FROM commun.convention
),
cours AS (
    SELECT
        cle_dossier,
        max(date_fin) FILTER (WHERE statut = 'TERMINE') AS date_fin,
        max(coalesce(date_fin, date_debut, date_orientation)) FILTER (WHERE statut = 'ABANDON') AS date_abandon,
        bool_or(statut IN ('ATTENTE', 'EN_COURS')) AS est_ouvert
    FROM commun.inscription
    WHERE axe IN ('FLE', 'ALPHA')
    GROUP BY cle_dossier
),
premier_positionnement AS (
    SELECT
        cle_dossier,
        arg_min(niveau_global, (date, test_id)) AS niveau_entree
    FROM commun.test_langue
    WHERE nature = 'POSITIONNEMENT'
    GROUP BY cle_dossier
),
atteinte AS (
    SELECT
        dossier.cle_dossier,
        min(test_langue.date) AS date_atteinte
    FROM commun.dossier AS dossier
    JOIN commun.regime AS regime
        ON regime.regime = dossier.regime_juridique
    JOIN commun.niveau AS vise
        ON vise.niveau = regime.niveau_vise
    JOIN commun.test_langue AS test_langue
        ON test_langue.cle_dossier = dossier.cle_dossier
    JOIN commun.niveau AS atteint
        ON atteint.niveau = test_langue.niveau_global
    WHERE test_langue.nature IN ('VALIDATION', 'SORTIE')
        AND coalesce(test_langue.reussi, true)
        AND atteint.rang >= vise.rang
    GROUP BY dossier.cle_dossier
)
SELECT
    periode_couverte.periode,
    dossier.centre_code,
    dossier.sexe,
    dossier.groupe_age,
    dossier.groupe_nationalite,
    dossier.statut_public,
    dossier.motif_sejour,
    dossier.niveau_diplome,
    premier_positionnement.niveau_entree,
    dossier.cle_dossier AS unite_id,
    CAST(coalesce(atteinte.date_atteinte <= periode_couverte.fin, false) AS INTEGER) AS numerateur,
    1 AS denominateur
FROM commun.dossier AS dossier
JOIN cours
    ON cours.cle_dossier = dossier.cle_dossier
JOIN commun.regime AS regime
    ON regime.regime = dossier.regime_juridique
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = dossier.centre_code
    AND cours.date_fin BETWEEN periode_couverte.debut AND periode_couverte.fin
JOIN document
    ON document.cle_dossier = dossier.cle_dossier
    AND document.date_signature <= periode_couverte.fin
    AND (document.date_suivante IS NULL OR document.date_suivante > periode_couverte.fin)
LEFT JOIN premier_positionnement
    ON premier_positionnement.cle_dossier = dossier.cle_dossier
LEFT JOIN atteinte
    ON atteinte.cle_dossier = dossier.cle_dossier
WHERE document.fle_prescrit
    AND regime.niveau_vise IS NOT NULL
    AND NOT cours.est_ouvert
    AND coalesce(cours.date_fin >= cours.date_abandon, true)

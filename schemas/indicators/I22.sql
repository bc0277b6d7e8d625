-- titre: Taux d'achèvement dans le délai
-- grain: un dossier obligé ouvert pendant la période, hors transferts sortants, décès et pertes de séjour
-- unite: dossier
-- tables: commun.dossier commun.convention commun.attestation commun.test_langue commun.transfert commun.regime commun.periode_couverte
-- parametres:
-- missions: 1a 1b
WITH prolongation AS (
    SELECT
        cle_dossier,
        max(date_echeance_prolongee) AS date_echeance
    FROM commun.convention
    GROUP BY cle_dossier
),
premiere_attestation AS (
    SELECT
        cle_dossier,
        min(date_delivrance) AS date_delivrance
    FROM commun.attestation
    WHERE type = 'FREQUENTATION_PARCOURS' AND remplace_attestation_id IS NULL
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
echeance AS (
    SELECT
        dossier.cle_dossier,
        CASE
            WHEN regime.delai_mois IS NOT NULL THEN greatest(
                CAST(coalesce(dossier.date_titre, dossier.date_ouverture) + to_months(regime.delai_mois) AS DATE),
                prolongation.date_echeance
            )
        END AS date_echeance
    FROM commun.dossier AS dossier
    LEFT JOIN commun.regime AS regime
        ON regime.regime = dossier.regime_juridique
    LEFT JOIN prolongation
        ON prolongation.cle_dossier = dossier.cle_dossier
)
SELECT
    periode_couverte.periode,
    dossier.centre_code,
    dossier.sexe,
    dossier.groupe_age,
    dossier.groupe_nationalite,
    dossier.motif_sejour,
    dossier.niveau_diplome,
    premier_positionnement.niveau_entree,
    dossier.cle_dossier AS unite_id,
    CAST(
        coalesce(premiere_attestation.date_delivrance <= echeance.date_echeance, false) AS INTEGER
    ) AS numerateur,
    1 AS denominateur,
    coalesce(echeance.date_echeance <= dossier.date_etat, false) AS est_mur
FROM commun.dossier AS dossier
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = dossier.centre_code
    AND dossier.date_ouverture BETWEEN periode_couverte.debut AND periode_couverte.fin
JOIN echeance
    ON echeance.cle_dossier = dossier.cle_dossier
LEFT JOIN premiere_attestation
    ON premiere_attestation.cle_dossier = dossier.cle_dossier
LEFT JOIN premier_positionnement
    ON premier_positionnement.cle_dossier = dossier.cle_dossier
WHERE dossier.statut_public = 'OBLIGE'
    AND coalesce(dossier.motif_cloture NOT IN ('DEMENAGEMENT_CRI', 'DECES', 'PERTE_SEJOUR'), true)
    AND NOT EXISTS (
        SELECT 1
        FROM commun.transfert AS transfert
        WHERE transfert.cle_dossier = dossier.cle_dossier
            AND transfert.sens = 'SORTANT'
            AND transfert.statut = 'EFFECTIF'
    )

-- titre: Deux attestations de fréquentation pour un dossier
-- severite: a_corriger
-- portee: ligne
-- message: Une attestation de fréquentation existe déjà pour ce dossier, et celle-ci n'indique pas qu'elle la remplace.
-- remede: Indiquez l'attestation remplacée, ou retirez celle qui est en trop.
-- tables: attestation
-- base: CWASS, art. 152/3, § 4
-- missions: 1a
WITH vivante AS (
    SELECT
        attestation.ligne,
        row_number() OVER (
            PARTITION BY attestation.dossier_id
            ORDER BY attestation.date_delivrance NULLS LAST, attestation.attestation_id, attestation.ligne
        ) AS rang
    FROM attestation
    WHERE attestation.type = 'FREQUENTATION_PARCOURS'
        AND attestation.dossier_id IS NOT NULL
        AND NOT EXISTS (
            SELECT 1 FROM attestation AS nouvelle
            WHERE nouvelle.remplace_attestation_id = attestation.attestation_id
                AND nouvelle.dossier_id = attestation.dossier_id
                AND nouvelle.ligne <> attestation.ligne
        )
)
SELECT 'attestation' AS table_nom, vivante.ligne, 'remplace_attestation_id' AS colonne
FROM vivante
WHERE vivante.rang > 1

-- titre: Attestation avant la convention
-- severite: a_corriger
-- portee: ligne
-- message: L'attestation de fréquentation est délivrée avant la signature de la convention.
-- remede: Vérifiez la date de délivrance et la date de signature.
-- tables: attestation convention
-- base: CWASS, art. 152/3, § 4
-- missions: 1a
WITH premiere AS (
    SELECT dossier_id, min(date_signature) AS date_signature
    FROM convention
    WHERE avenant = 0
    GROUP BY dossier_id
)
SELECT 'attestation' AS table_nom, attestation.ligne, 'date_delivrance' AS colonne
FROM attestation
-- a convention of another dossier is no measure of this one
LEFT JOIN convention
    ON convention.convention_id = attestation.convention_id
    AND convention.dossier_id = attestation.dossier_id
LEFT JOIN premiere ON premiere.dossier_id = attestation.dossier_id
WHERE attestation.type = 'FREQUENTATION_PARCOURS'
    AND attestation.date_delivrance < coalesce(convention.date_signature, premiere.date_signature)

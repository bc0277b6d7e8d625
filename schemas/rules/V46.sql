-- titre: Attestation sans citoyenneté achevée
-- severite: a_expliquer
-- portee: ligne
-- message: L'attestation de fréquentation est délivrée alors que la formation à la citoyenneté, prescrite, n'est pas terminée.
-- remede: Complétez l'inscription à la citoyenneté, ou les heures reprises d'un autre centre ; sinon, expliquez.
-- tables: attestation convention inscription transfert
-- base: CWASS, art. 152/3, § 4
-- missions: 1a
WITH prescrit AS (
    SELECT attestation.ligne, arg_max(convention.cit_prescrite, (convention.date_signature, convention.avenant)) AS citoyennete
    FROM attestation
    JOIN convention USING (dossier_id)
    WHERE convention.date_signature <= attestation.date_delivrance
    GROUP BY attestation.ligne
)
SELECT 'attestation' AS table_nom, attestation.ligne, 'type' AS colonne
FROM attestation
JOIN prescrit USING (ligne)
WHERE attestation.type = 'FREQUENTATION_PARCOURS'
    AND attestation.remplace_attestation_id IS NULL
    AND prescrit.citoyennete
    AND NOT EXISTS (
        SELECT 1 FROM inscription
        WHERE inscription.dossier_id = attestation.dossier_id
            AND coalesce(inscription.axe, 'CITOYENNETE') = 'CITOYENNETE'
            AND coalesce(inscription.statut, 'TERMINE') = 'TERMINE'
    )
    AND NOT EXISTS (
        SELECT 1 FROM transfert
        WHERE transfert.dossier_id = attestation.dossier_id
            AND transfert.sens = 'ENTRANT'
            AND transfert.heures_reprises_cit > 0
    )

-- titre: Clôture et attestation en désaccord
-- severite: a_expliquer
-- portee: ligne
-- message: Le dossier est clos comme attesté sans attestation de fréquentation, ou il est encore ouvert plus de 90 jours après elle.
-- remede: Ajoutez l'attestation, corrigez le motif de clôture ou clôturez le dossier ; sinon, expliquez.
-- tables: dossier attestation
-- base: CWASS, art. 152/3, § 4
-- missions: 1a
SELECT 'dossier' AS table_nom, dossier.ligne, 'motif_cloture' AS colonne
FROM dossier
WHERE dossier.motif_cloture = 'ATTESTE'
    AND NOT EXISTS (
        SELECT 1 FROM attestation
        WHERE attestation.dossier_id = dossier.dossier_id
            AND coalesce(attestation.type, 'FREQUENTATION_PARCOURS') = 'FREQUENTATION_PARCOURS'
    )
UNION ALL
SELECT 'dossier' AS table_nom, dossier.ligne, 'date_cloture' AS colonne
FROM dossier
WHERE dossier.date_cloture IS NULL
    AND dossier.motif_cloture IS NULL
    AND EXISTS (
        SELECT 1 FROM attestation
        WHERE attestation.dossier_id = dossier.dossier_id
            AND attestation.type = 'FREQUENTATION_PARCOURS'
            AND attestation.date_delivrance + 90 < CAST($date_etat AS DATE)
    )

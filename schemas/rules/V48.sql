-- titre: Clôture et attestation en désaccord
-- severite: a_expliquer
-- portee: ligne
-- message: Le dossier est clos comme attesté sans attestation de fréquentation, ou il est encore ouvert plus de {CLOTURE_APRES_ATTESTATION_JOURS} jours après elle.
-- remede: Ajoutez l'attestation, corrigez le motif de clôture ou clôturez le dossier ; sinon, expliquez.
-- tables: dossier attestation ref_seuil
-- base: CWASS, art. 152/3, § 4
-- missions: 1a
WITH seuil AS (
    SELECT CAST(valeur AS INTEGER) AS jours FROM ref_seuil WHERE code = 'CLOTURE_APRES_ATTESTATION_JOURS'
)
SELECT 'dossier' AS table_nom, dossier.ligne, 'motif_cloture' AS colonne
FROM dossier
WHERE dossier.motif_cloture = 'ATTESTE'
    AND dossier.dossier_id IS NOT NULL
    AND NOT EXISTS (
        SELECT 1 FROM attestation
        WHERE attestation.dossier_id = dossier.dossier_id
            AND coalesce(attestation.type, 'FREQUENTATION_PARCOURS') = 'FREQUENTATION_PARCOURS'
    )
-- what could not be given to a dossier may belong to any of these: silent while it is enough for them all
QUALIFY count(*) OVER () > (
    SELECT count(*) FROM attestation
    WHERE attestation.dossier_id IS NULL
        AND coalesce(attestation.type, 'FREQUENTATION_PARCOURS') = 'FREQUENTATION_PARCOURS'
)
UNION ALL
SELECT 'dossier' AS table_nom, dossier.ligne, 'date_cloture' AS colonne
FROM dossier
WHERE dossier.date_cloture IS NULL
    AND dossier.motif_cloture IS NULL
    AND EXISTS (
        SELECT 1 FROM attestation
        CROSS JOIN seuil
        WHERE attestation.dossier_id = dossier.dossier_id
            AND attestation.type = 'FREQUENTATION_PARCOURS'
            AND attestation.date_delivrance + seuil.jours < CAST($date_etat AS DATE)
    )

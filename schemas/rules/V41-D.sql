-- titre: Renvoi à une ligne d'un autre dossier
-- severite: a_corriger
-- portee: ligne
-- message: La ligne renvoie à une convention ou à une attestation d'un autre dossier que le sien.
-- remede: Vérifiez l'identifiant du dossier et celui du renvoi : les deux lignes doivent être du même dossier.
-- depuis: 1.1.0
-- tables: dossier convention inscription attestation
-- missions: 1a 1d
WITH renvoi AS (
    SELECT 'inscription' AS table_nom, ligne, 'convention_id' AS colonne, dossier_id, convention_id AS cible
    FROM inscription
    UNION ALL
    SELECT 'attestation', ligne, 'convention_id', dossier_id, convention_id FROM attestation
    UNION ALL
    SELECT 'attestation', ligne, 'remplace_attestation_id', dossier_id, remplace_attestation_id FROM attestation
),
visee AS (
    SELECT 'convention_id' AS colonne, convention_id AS cible, dossier_id FROM convention
    UNION ALL
    SELECT 'remplace_attestation_id', attestation_id, dossier_id FROM attestation
)
SELECT renvoi.table_nom, renvoi.ligne, renvoi.colonne
FROM renvoi
JOIN visee USING (colonne, cible)
-- a dossier that is not in the deposit is already a finding, on either side
SEMI JOIN dossier AS sien ON sien.dossier_id = renvoi.dossier_id
SEMI JOIN dossier AS autre ON autre.dossier_id = visee.dossier_id
GROUP BY renvoi.table_nom, renvoi.ligne, renvoi.colonne
HAVING bool_and(visee.dossier_id <> renvoi.dossier_id)

-- titre: Déménagement vers un centre sans transfert
-- severite: a_expliquer
-- portee: ligne
-- message: Le dossier est clos pour déménagement vers un autre centre sans transfert sortant.
-- remede: Ajoutez le transfert sortant, ou corrigez le motif de clôture ; sinon, expliquez.
-- tables: dossier transfert
-- missions: 1c 7
SELECT 'dossier' AS table_nom, dossier.ligne, 'motif_cloture' AS colonne
FROM dossier
WHERE dossier.motif_cloture = 'DEMENAGEMENT_CRI'
    AND dossier.dossier_id IS NOT NULL
    AND NOT EXISTS (
        SELECT 1 FROM transfert
        WHERE transfert.dossier_id = dossier.dossier_id
            AND coalesce(transfert.sens, 'SORTANT') = 'SORTANT'
    )
-- what could not be given to a dossier may belong to any of these: silent while it is enough for them all
QUALIFY count(*) OVER () > (
    SELECT count(*) FROM transfert
    WHERE transfert.dossier_id IS NULL
        AND coalesce(transfert.sens, 'SORTANT') = 'SORTANT'
)

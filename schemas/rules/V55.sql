-- titre: Deux dossiers ouverts en même temps pour une personne
-- severite: a_corriger
-- portee: ligne
-- message: La même personne a un autre dossier, ouvert plus tôt et pas encore clos à cette date d'ouverture.
-- remede: Clôturez le premier dossier, ou fusionnez les deux ; vérifiez aussi le code de la personne.
-- tables: dossier
-- missions: 1a 1c
SELECT DISTINCT 'dossier' AS table_nom, dossier.ligne, 'personne_ref' AS colonne
FROM dossier
JOIN dossier AS precedent USING (personne_ref)
WHERE precedent.dossier_id <> dossier.dossier_id
    AND (precedent.date_ouverture, precedent.dossier_id) < (dossier.date_ouverture, dossier.dossier_id)
    -- a closure that could not be read is a closure all the same: date and motive go together
    AND (
        precedent.date_cloture > dossier.date_ouverture
        OR (precedent.date_cloture IS NULL AND precedent.motif_cloture IS NULL)
    )

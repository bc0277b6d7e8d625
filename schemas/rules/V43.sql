-- titre: Français prescrit sans test de positionnement
-- severite: a_expliquer
-- portee: ligne
-- message: Des cours de français sont prescrits sans test de positionnement dans le dossier, qui ne vient pas d'un autre centre.
-- remede: Ajoutez le test de positionnement s'il a eu lieu ; sinon, expliquez.
-- tables: convention test_langue transfert
-- base: CWASS, art. 152
-- missions: 1a
SELECT 'convention' AS table_nom, convention.ligne, 'fle_prescrit' AS colonne
FROM convention
WHERE convention.avenant = 0
    AND convention.dossier_id IS NOT NULL
    AND convention.fle_prescrit
    AND NOT EXISTS (
        SELECT 1 FROM test_langue
        WHERE test_langue.dossier_id = convention.dossier_id
            AND coalesce(test_langue.nature, 'POSITIONNEMENT') = 'POSITIONNEMENT'
    )
    AND NOT EXISTS (
        SELECT 1 FROM transfert
        WHERE transfert.dossier_id = convention.dossier_id
            AND coalesce(transfert.sens, 'ENTRANT') = 'ENTRANT'
    )
-- what could not be given to a dossier may belong to any of these: silent while it is enough for them all
QUALIFY count(*) OVER () > (
    SELECT count(*) FROM test_langue
    WHERE test_langue.dossier_id IS NULL
        AND coalesce(test_langue.nature, 'POSITIONNEMENT') = 'POSITIONNEMENT'
) + (
    SELECT count(*) FROM transfert
    WHERE transfert.dossier_id IS NULL
        AND coalesce(transfert.sens, 'ENTRANT') = 'ENTRANT'
)

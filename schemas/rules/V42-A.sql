-- titre: Convention sans bilan social
-- severite: a_expliquer
-- portee: ligne
-- message: La convention est signée sans bilan social dans le dossier, qui ne vient pas d'un autre centre.
-- remede: Ajoutez l'étape BILAN_SOCIAL si elle a eu lieu ; sinon, expliquez.
-- tables: convention etape_accueil transfert
-- base: CWASS, art. 152
-- missions: 1a
SELECT 'convention' AS table_nom, convention.ligne, 'date_signature' AS colonne
FROM convention
WHERE convention.avenant = 0
    AND convention.dossier_id IS NOT NULL
    -- a step whose type could not be read may well be the assessment
    AND NOT EXISTS (
        SELECT 1 FROM etape_accueil
        WHERE etape_accueil.dossier_id = convention.dossier_id
            AND coalesce(etape_accueil.type_etape, 'BILAN_SOCIAL') = 'BILAN_SOCIAL'
    )
    AND NOT EXISTS (
        SELECT 1 FROM transfert
        WHERE transfert.dossier_id = convention.dossier_id
            AND coalesce(transfert.sens, 'ENTRANT') = 'ENTRANT'
    )
-- what could not be given to a dossier may belong to any of these: silent while it is enough for them all
QUALIFY count(*) OVER () > (
    SELECT count(*) FROM etape_accueil
    WHERE etape_accueil.dossier_id IS NULL
        AND coalesce(etape_accueil.type_etape, 'BILAN_SOCIAL') = 'BILAN_SOCIAL'
) + (
    SELECT count(*) FROM transfert
    WHERE transfert.dossier_id IS NULL
        AND coalesce(transfert.sens, 'ENTRANT') = 'ENTRANT'
)

-- titre: Convention avant l'ouverture ou avant le bilan social
-- severite: a_corriger
-- portee: ligne
-- message: La convention est signée avant l'ouverture du dossier, ou avant le dernier bilan social dont elle découle.
-- remede: Vérifiez la date de signature, la date d'ouverture et la date du bilan social.
-- tables: convention dossier etape_accueil
-- base: CWASS, art. 152
-- missions: 1a
WITH bilan AS (
    SELECT dossier_id, max(date) AS date_bilan
    FROM etape_accueil
    WHERE type_etape = 'BILAN_SOCIAL'
    GROUP BY dossier_id
),
-- A later assessment belongs to a later convention: only the last convention is compared with the last assessment.
derniere AS (
    SELECT dossier_id, max(date_signature) AS date_signature
    FROM convention
    WHERE avenant = 0
    GROUP BY dossier_id
)
SELECT 'convention' AS table_nom, convention.ligne, 'date_signature' AS colonne
FROM convention
JOIN dossier USING (dossier_id)
LEFT JOIN bilan USING (dossier_id)
LEFT JOIN derniere USING (dossier_id)
WHERE convention.date_signature < dossier.date_ouverture
    OR (
        convention.avenant = 0
        AND convention.date_signature = derniere.date_signature
        AND convention.date_signature < bilan.date_bilan
    )

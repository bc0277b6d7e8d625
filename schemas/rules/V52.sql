-- titre: Inscrits d'une session et inscriptions en désaccord
-- severite: a_expliquer
-- portee: ligne
-- message: Le nombre d'inscrits de la session s'écarte de plus de {SESSION_INSCRITS_ECART} des inscriptions qui la nomment.
-- remede: Complétez la session des inscriptions ou le nombre d'inscrits ; sinon, expliquez (personnes d'un autre centre).
-- depuis: 1.1.0
-- tables: session_offre inscription ref_seuil
-- missions: 1d
WITH seuil AS (
    SELECT CAST(valeur AS DECIMAL(5, 4)) AS part FROM ref_seuil WHERE code = 'SESSION_INSCRITS_ECART'
),
nommee AS (
    -- those who had taken up a place by the day of the survey; a state that could not be read is perhaps one of them
    SELECT
        session_offre.session_id,
        count(*) FILTER (WHERE inscription.statut IN ('EN_COURS', 'TERMINE', 'ABANDON')) AS inscriptions,
        count(*) FILTER (WHERE inscription.statut IS NULL) AS douteuses
    FROM session_offre
    JOIN inscription USING (session_id)
    WHERE coalesce(inscription.date_debut, inscription.date_orientation, session_offre.date_releve)
        <= session_offre.date_releve
    GROUP BY session_offre.session_id
)
SELECT 'session_offre' AS table_nom, session_offre.ligne, 'inscrits' AS colonne
FROM session_offre
CROSS JOIN seuil
LEFT JOIN nommee USING (session_id)
WHERE abs(coalesce(nommee.inscriptions, 0) - session_offre.inscrits)
    > seuil.part * session_offre.inscrits + coalesce(nommee.douteuses, 0)
    -- a centre that names no session at all does not count its enrolments by session
    AND EXISTS (SELECT 1 FROM inscription WHERE inscription.session_id IS NOT NULL)

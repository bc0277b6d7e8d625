-- titre: Plus d'inscriptions du centre que d'inscrits de la session
-- severite: a_expliquer
-- portee: ligne
-- message: Les inscriptions de votre centre à cette session dépassent de plus de {SESSION_INSCRITS_ECART} son nombre d'inscrits, qui compte pourtant les personnes de tout centre.
-- remede: Vérifiez le nombre d'inscrits et la session que nomment les inscriptions ; sinon, expliquez.
-- depuis: 1.1.0
-- tables: session_offre inscription ref_seuil
-- missions: 1d
WITH seuil AS (
    SELECT CAST(valeur AS DECIMAL(5, 4)) AS part FROM ref_seuil WHERE code = 'SESSION_INSCRITS_ECART'
)
SELECT 'session_offre' AS table_nom, session_offre.ligne, 'inscrits' AS colonne
FROM session_offre
CROSS JOIN seuil
JOIN inscription USING (session_id)
-- only those who had surely taken up a place by the day of the survey, and had not given it up
WHERE inscription.date_debut <= session_offre.date_releve
    AND (
        inscription.statut IN ('EN_COURS', 'TERMINE')
        OR (inscription.statut = 'ABANDON' AND inscription.date_fin >= session_offre.date_releve)
    )
GROUP BY session_offre.ligne, session_offre.inscrits, seuil.part
HAVING count(*) > session_offre.inscrits + seuil.part * session_offre.inscrits

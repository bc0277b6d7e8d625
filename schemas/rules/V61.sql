-- titre: Retour en arrière d'un état
-- severite: a_expliquer
-- portee: ligne
-- precedent: toujours
-- message: Ce qui était achevé dans votre dépôt précédent ne l'est plus : inscription terminée, convention honorée ou dossier clos.
-- remede: Rétablissez l'état ; une personne qui revient a une nouvelle inscription ou un nouveau dossier. Sinon, expliquez.
-- tables: inscription precedent_inscription convention precedent_convention dossier precedent_dossier
-- depuis: 1.1.0
-- missions: 1a 1d
SELECT 'inscription' AS table_nom, inscription.ligne, 'statut' AS colonne
FROM inscription
JOIN precedent_inscription USING (inscription_id)
WHERE precedent_inscription.statut IN ('TERMINE', 'ABANDON', 'NON_PRESENTE', 'ANNULE')
    AND inscription.statut IN ('ATTENTE', 'EN_COURS')
UNION ALL
SELECT 'convention' AS table_nom, convention.ligne, 'statut' AS colonne
FROM convention
JOIN precedent_convention USING (convention_id)
WHERE precedent_convention.statut = 'HONOREE'
    AND convention.statut IN ('EN_COURS', 'SUSPENDUE')
UNION ALL
SELECT 'dossier' AS table_nom, dossier.ligne, 'date_cloture' AS colonne
FROM dossier
JOIN precedent_dossier USING (dossier_id)
WHERE precedent_dossier.date_cloture IS NOT NULL
    -- a closure that could not be read is a closure all the same
    AND dossier.date_cloture IS NULL
    AND dossier.motif_cloture IS NULL

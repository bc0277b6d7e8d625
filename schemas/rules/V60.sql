-- titre: Moins d'heures suivies qu'avant
-- severite: a_expliquer
-- portee: ligne
-- precedent: toujours
-- message: Les heures suivies ont diminué depuis votre dépôt précédent, pour la même inscription.
-- remede: Vérifiez les heures ; si celles d'avant étaient fausses, dites-le en expliquant.
-- tables: inscription precedent_inscription
-- depuis: 1.1.0
-- missions: 1a 1d
SELECT 'inscription' AS table_nom, inscription.ligne, 'heures_suivies' AS colonne
FROM inscription
JOIN precedent_inscription USING (inscription_id)
WHERE inscription.heures_suivies < precedent_inscription.heures_suivies

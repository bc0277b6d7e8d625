-- titre: Donnée immuable changée depuis le dépôt précédent
-- severite: a_corriger
-- portee: ligne
-- precedent: sauf_rectificatif
-- message: L'année de naissance, la date d'ouverture ou le régime diffère de votre dépôt précédent, pour le même numéro de dossier.
-- remede: Remettez la valeur d'avant ; si c'est elle qui était fausse, déposez d'abord un rectificatif de la période de ce dépôt. Un numéro de dossier ne sert jamais deux fois.
-- tables: dossier precedent_dossier
-- depuis: 1.1.0
-- missions: 1a 1c
SELECT 'dossier' AS table_nom, dossier.ligne, 'annee_naissance' AS colonne
FROM dossier
JOIN precedent_dossier USING (dossier_id)
WHERE dossier.annee_naissance <> precedent_dossier.annee_naissance
UNION ALL
SELECT 'dossier' AS table_nom, dossier.ligne, 'date_ouverture' AS colonne
FROM dossier
JOIN precedent_dossier USING (dossier_id)
WHERE dossier.date_ouverture <> precedent_dossier.date_ouverture
UNION ALL
SELECT 'dossier' AS table_nom, dossier.ligne, 'regime_juridique' AS colonne
FROM dossier
JOIN precedent_dossier USING (dossier_id)
WHERE dossier.regime_juridique <> precedent_dossier.regime_juridique

-- titre: Dossier clos disparu
-- severite: a_expliquer
-- portee: table
-- precedent: toujours
-- message: Dossiers clos absents de ce dépôt, alors que votre historique commence avant leur clôture : {nombre} ({lignes} de la table dossier de votre dépôt précédent, {periode}).
-- remede: Exportez aussi les dossiers clos depuis le début de votre historique ; si ce début a changé, mettez-le dans debut_historique ; sinon, expliquez.
-- tables: dossier precedent_dossier
-- depuis: 1.1.0
-- missions: 1a 1c
SELECT 'dossier' AS table_nom, precedent_dossier.ligne, 'dossier_id' AS colonne
FROM precedent_dossier
WHERE precedent_dossier.date_cloture >= coalesce(CAST($debut_historique AS DATE), DATE '1990-01-01')
    AND NOT EXISTS (SELECT 1 FROM dossier WHERE dossier.dossier_id = precedent_dossier.dossier_id)

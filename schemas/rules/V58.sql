-- titre: Dossier disparu sans clôture
-- severite: a_corriger
-- portee: table
-- precedent: toujours
-- message: Dossiers actifs absents de ce dépôt sans avoir été clos : {nombre} ({lignes} de la table dossier de votre dépôt précédent, {periode}).
-- remede: Remettez ces dossiers dans l'export, clos s'ils le sont. Après la fusion de deux dossiers, gardez l'ancien numéro, clos avec le motif AUTRE.
-- tables: dossier precedent_dossier
-- depuis: 1.1.0
-- missions: 1a 1c
SELECT 'dossier' AS table_nom, precedent_dossier.ligne, 'dossier_id' AS colonne
FROM precedent_dossier
WHERE precedent_dossier.date_cloture IS NULL
    AND NOT EXISTS (SELECT 1 FROM dossier WHERE dossier.dossier_id = precedent_dossier.dossier_id)

-- titre: Trop de dossiers disparus
-- severite: bloquant
-- portee: table
-- precedent: toujours
-- message: Trop de dossiers actifs de votre dépôt précédent ({periode}) sont absents de celui-ci sans avoir été clos : {nombre}, plus de {DISPARUS_PART_MAX} d'entre eux. Le dépôt est refusé en entier.
-- remede: Vérifiez que l'export n'est ni filtré ni tronqué, et que votre outil n'a pas renuméroté les dossiers ; puis déposez de nouveau.
-- tables: dossier precedent_dossier ref_seuil
-- depuis: 1.1.0
-- missions: 1a 1c
WITH actif AS (
    SELECT ligne, dossier_id FROM precedent_dossier WHERE date_cloture IS NULL
),
disparu AS (
    SELECT actif.ligne
    FROM actif
    WHERE NOT EXISTS (SELECT 1 FROM dossier WHERE dossier.dossier_id = actif.dossier_id)
),
compte AS (
    SELECT
        (SELECT count(ligne) FROM disparu) AS disparus,
        (SELECT count(ligne) FROM actif) AS avant,
        (SELECT CAST(valeur AS DOUBLE) FROM ref_seuil WHERE code = 'DISPARUS_PART_MAX') AS part_max
)
SELECT 'dossier' AS table_nom, disparu.ligne, 'dossier_id' AS colonne
FROM disparu
CROSS JOIN compte
WHERE compte.disparus / compte.avant > compte.part_max

-- titre: Opérateur qui ne propose pas cela à cette date
-- severite: a_expliquer
-- portee: ligne
-- message: L'inscription est sur un axe que l'opérateur ne propose pas, en cours chez un opérateur inactif, ou commence hors de son agrément.
-- remede: Vérifiez l'axe et l'opérateur de l'inscription, puis les axes, l'agrément et l'activité de l'opérateur ; sinon, expliquez.
-- depuis: 1.1.0
-- tables: inscription operateur
-- missions: 1d
SELECT 'inscription' AS table_nom, inscription.ligne, 'axe' AS colonne
FROM inscription
JOIN operateur USING (operateur_id)
WHERE NOT list_contains(string_split(operateur.axes, ' '), inscription.axe)
UNION ALL
SELECT 'inscription' AS table_nom, inscription.ligne, 'operateur_id' AS colonne
FROM inscription
JOIN operateur USING (operateur_id)
WHERE NOT operateur.actif
    AND inscription.statut IN ('ATTENTE', 'EN_COURS')
UNION ALL
-- what was only waited for, or called off, never began
SELECT 'inscription' AS table_nom, inscription.ligne, 'date_debut' AS colonne
FROM inscription
JOIN operateur USING (operateur_id)
WHERE inscription.statut IN ('EN_COURS', 'TERMINE', 'ABANDON')
    AND (
        inscription.date_debut < operateur.agrement_debut
        OR inscription.date_debut > operateur.agrement_fin
    )

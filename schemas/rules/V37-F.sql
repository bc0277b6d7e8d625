-- titre: Inscription achevée dans le futur
-- severite: a_corriger
-- portee: ligne
-- message: L'inscription est terminée ou abandonnée, mais son début ou sa fin suit la date d'état du dépôt.
-- remede: Corrigez la date, ou l'état de l'inscription.
-- depuis: 1.1.0
-- tables: inscription
-- missions: 1a 1d
SELECT
    'inscription' AS table_nom,
    ligne,
    CASE WHEN date_debut > CAST($date_etat AS DATE) THEN 'date_debut' ELSE 'date_fin' END AS colonne
FROM inscription
WHERE statut IN ('TERMINE', 'ABANDON')
    AND greatest(date_debut, date_fin) > CAST($date_etat AS DATE)
    -- an end before the start is already a finding (V37)
    AND NOT coalesce(date_fin < date_debut, false)

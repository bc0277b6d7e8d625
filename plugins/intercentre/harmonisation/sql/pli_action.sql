-- titre: Actions des plans locaux d'intégration
-- grain: une action d'un plan local d'intégration
-- unite: action
-- tables: extrait.pli_action
-- parametres:
-- missions: 2
-- cle: centre_code plan_id action_id
SELECT
    centre_code,
    depot_id,
    date_etat,
    plan_id,
    action_id,
    plan_debut,
    plan_fin,
    axe,
    statut,
    echeance,
    territoire,
    operateurs_impliques
FROM extrait.pli_action

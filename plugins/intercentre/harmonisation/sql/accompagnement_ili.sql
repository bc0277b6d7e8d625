-- titre: Accompagnements des initiatives locales par les huit centres
-- grain: un accompagnement d'une initiative locale d'intégration
-- unite: accompagnement
-- tables: extrait.accompagnement_ili
-- parametres:
-- missions: 2
-- cle: centre_code accompagnement_id
SELECT
    centre_code,
    depot_id,
    date_etat,
    accompagnement_id,
    operateur_id,
    date,
    type,
    heures
FROM extrait.accompagnement_ili

-- titre: Formations de professionnels par les huit centres
-- grain: une formation donnée à des professionnels
-- unite: formation
-- tables: extrait.formation_pro
-- parametres:
-- missions: 5
-- cle: centre_code formation_id
SELECT
    centre_code,
    depot_id,
    date_etat,
    formation_id,
    intitule_code,
    type,
    date_debut,
    date_fin,
    heures,
    inscrits,
    formes,
    organisations_nb,
    secteur_principal,
    satisfaction_moyenne,
    repondants
FROM extrait.formation_pro

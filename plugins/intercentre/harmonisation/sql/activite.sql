-- titre: Activités des huit centres
-- grain: une activité de la mission 3 ou 4
-- unite: activité
-- tables: extrait.activite reference.commune
-- parametres:
-- missions: 3 4
-- cle: centre_code activite_id
SELECT
    activite.centre_code,
    activite.depot_id,
    activite.date_etat,
    activite.activite_id,
    activite.mission,
    activite.type,
    activite.theme,
    activite.date_debut,
    activite.date_fin,
    activite.commune_refnis,
    activite.public,
    activite.participants,
    activite.participantes_f,
    activite.partenaires_nb,
    activite.heures,
    coalesce(commune.actuelle, activite.commune_refnis) AS commune
FROM extrait.activite AS activite
LEFT JOIN reference.commune AS commune
    ON commune.code = activite.commune_refnis

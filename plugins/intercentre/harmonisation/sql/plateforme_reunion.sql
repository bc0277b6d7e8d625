-- titre: Réunions des plateformes des huit centres
-- grain: une réunion d'une plateforme
-- unite: réunion
-- tables: extrait.plateforme_reunion reference.commune
-- parametres:
-- missions: 2 3
-- cle: centre_code reunion_id
SELECT
    plateforme_reunion.centre_code,
    plateforme_reunion.depot_id,
    plateforme_reunion.date_etat,
    plateforme_reunion.reunion_id,
    plateforme_reunion.plateforme_id,
    plateforme_reunion.thematique,
    plateforme_reunion.date,
    plateforme_reunion.organisations_presentes,
    plateforme_reunion.participants,
    plateforme_reunion.commune_refnis,
    coalesce(commune.actuelle, plateforme_reunion.commune_refnis) AS commune
FROM extrait.plateforme_reunion AS plateforme_reunion
LEFT JOIN reference.commune AS commune
    ON commune.code = plateforme_reunion.commune_refnis

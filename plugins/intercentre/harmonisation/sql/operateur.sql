-- titre: Opérateurs des huit centres
-- grain: une organisation vers laquelle le centre oriente, ou qu'il accompagne
-- unite: opérateur
-- tables: extrait.operateur reference.commune
-- parametres:
-- missions: 1d 2
-- cle: centre_code operateur_id
SELECT
    operateur.centre_code,
    operateur.depot_id,
    operateur.date_etat,
    operateur.operateur_id,
    operateur.denomination,
    operateur.type,
    operateur.commune_refnis,
    operateur.axes,
    operateur.agrement_debut,
    operateur.agrement_fin,
    operateur.actif,
    coalesce(commune.actuelle, operateur.commune_refnis) AS commune
FROM extrait.operateur AS operateur
LEFT JOIN reference.commune AS commune
    ON commune.code = operateur.commune_refnis

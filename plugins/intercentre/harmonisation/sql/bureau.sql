-- titre: Bureaux d'accueil des huit centres
-- grain: un bureau d'accueil du centre
-- unite: bureau
-- tables: extrait.bureau reference.commune
-- parametres:
-- missions: 1a
-- cle: centre_code bureau_id
SELECT
    bureau.centre_code,
    bureau.depot_id,
    bureau.date_etat,
    bureau.bureau_id,
    bureau.commune_refnis,
    bureau.type,
    bureau.ouvert_du,
    bureau.ouvert_au,
    bureau.heures_ouverture_hebdo,
    bureau.ateliers_capacite,
    coalesce(commune.actuelle, bureau.commune_refnis) AS commune
FROM extrait.bureau AS bureau
LEFT JOIN reference.commune AS commune
    ON commune.code = bureau.commune_refnis

-- titre: Partenariats des huit centres
-- grain: un partenariat du centre avec un partenaire, pour un objet
-- unite: partenariat
-- tables: extrait.partenariat reference.commune
-- parametres:
-- missions: 1d
-- cle: centre_code partenariat_id
SELECT
    partenariat.centre_code,
    partenariat.depot_id,
    partenariat.date_etat,
    partenariat.partenariat_id,
    partenariat.partenaire_type,
    partenariat.commune_refnis,
    partenariat.operateur_id,
    partenariat.objet,
    partenariat.date_debut,
    partenariat.date_fin,
    partenariat.formalise,
    coalesce(commune.actuelle, partenariat.commune_refnis) AS commune
FROM extrait.partenariat AS partenariat
LEFT JOIN reference.commune AS commune
    ON commune.code = partenariat.commune_refnis

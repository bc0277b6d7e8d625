-- titre: Opérateurs déposés, soixante par centre
-- grain: un opérateur
-- unite: opérateur
-- tables: commune
-- parametres: rang
-- missions: 1d 2
SELECT
    range + 2 AS ligne,
    'O' || range AS operateur_id,
    'Opérateur ' || range AS denomination,
    un_parmi(['ILI_AGREEE', 'PROMOTION_SOCIALE', 'CISP', 'CPAS', 'AUTRE'], hasard(range * 8 + $rang, 190)) AS type,
    (SELECT min(code) FROM commune) AS commune_refnis,
    'FLE ALPHA CITOYENNETE' AS axes,
    NULL AS agrement_debut,
    NULL AS agrement_fin,
    true AS actif
FROM range(60)
